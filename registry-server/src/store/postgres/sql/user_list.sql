SELECT number, email, role, language, password, factor, failures, locked_until, last_step, invitation, invited_until, added_at,
    signed_in_at, removed_at, issuer, subject
FROM web_user ORDER BY number
