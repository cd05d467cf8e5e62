SELECT code, month, change FROM sender LEFT JOIN cell_mark ON cell_mark.sender = code ORDER BY code, month
