SELECT generation, counter, cycle, reading, counted, month, unit, programme, found, accepted, unchanged, rejected,
held, excluded, pending, reasons
FROM run WHERE sender = $1 ORDER BY record_key
