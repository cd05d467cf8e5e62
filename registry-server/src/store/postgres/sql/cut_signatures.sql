SELECT cut, sender, signed_by, signed_at FROM attestation ORDER BY sender, cut
