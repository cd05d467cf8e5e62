DELETE FROM web_sign_in WHERE until <= $1
