"""What holds in Lotsen whatever the database, the web page or the mail says: pure Python, imports nothing of ours."""
