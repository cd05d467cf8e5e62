SELECT received_at, treatments FROM erasure WHERE sender = $1 ORDER BY number
