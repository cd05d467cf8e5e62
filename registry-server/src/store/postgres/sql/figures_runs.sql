SELECT sender, generation, counter, cycle, reading, counted, month, unit, programme, found, accepted, unchanged, rejected,
    held, excluded, pending, reasons
FROM run ORDER BY sender, record_key
