INSERT INTO web_user (number, email, role, language, password, factor, failures, locked_until, last_step, invitation, invited_until, added_at,
    signed_in_at, removed_at, issuer, subject)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (number) DO UPDATE SET
    email = excluded.email, role = excluded.role, language = excluded.language, password = excluded.password, factor =
    excluded.factor, failures = excluded.failures, locked_until = excluded.locked_until, last_step = excluded.last_step,
    invitation = excluded.invitation, invited_until = excluded.invited_until, added_at = excluded.added_at, signed_in_at =
    excluded.signed_in_at, removed_at = excluded.removed_at
