SELECT treatment, generation, counter, replaced_at FROM history
WHERE sender = $1 AND treatment = ANY ($2) ORDER BY generation, counter
