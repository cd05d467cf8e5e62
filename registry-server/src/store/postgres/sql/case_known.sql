SELECT EXISTS (SELECT 1 FROM case_file WHERE number = $1)
