SELECT treatment, instrument, comparison, first, second FROM outcome
