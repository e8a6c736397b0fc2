"""Lotsen at the size of a Land: a made-up database, served and walked through by everybody (`python -m …land`)."""
