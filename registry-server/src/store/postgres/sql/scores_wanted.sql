SELECT set_config('register.instruments', $1, TRUE)
