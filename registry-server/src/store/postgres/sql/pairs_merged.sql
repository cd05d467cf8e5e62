SELECT one, other, a.subject, b.subject FROM subject_pair AS pair
LEFT JOIN alias AS a ON a.sender = pair.sender AND a.kid = pair.kid AND a.s = one
LEFT JOIN alias AS b ON b.sender = pair.sender AND b.kid = pair.kid AND b.s = other
WHERE says = 'merge'
