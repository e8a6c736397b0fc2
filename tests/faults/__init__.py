"""What breaks in real life, done to real processes: kill -9, a database that restarts, a mail server that vanishes."""
