UPDATE erasure SET cleaned_at = $3 FROM UNNEST($1::TEXT[], $2::BIGINT[]) AS done (sender, number)
WHERE erasure.sender = done.sender AND erasure.number = done.number
