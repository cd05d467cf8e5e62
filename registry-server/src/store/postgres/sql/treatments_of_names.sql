-- Also what was taken back of them: its person is known by a tombstone's hash only.
SELECT id FROM alias JOIN treatment ON treatment.sender = alias.sender AND treatment.subject = alias.subject
WHERE alias.sender = $1 AND s = ANY ($2)
UNION SELECT treatment FROM retraction WHERE sender = $1 AND person = ANY ($3) AND treatment IS NOT NULL
