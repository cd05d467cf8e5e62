INSERT INTO attestation (sender, cut, signed_by, signed_at, statement, scheme, public_key, signature)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (sender, cut) DO UPDATE SET signed_by = EXCLUDED.signed_by, signed_at = EXCLUDED.signed_at,
    statement = EXCLUDED.statement, scheme = EXCLUDED.scheme, public_key = EXCLUDED.public_key, signature = EXCLUDED.signature
