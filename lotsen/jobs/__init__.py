"""Scheduled jobs: each takes what is due in the data, acts, and returns how many things it did.

A job gets the session of one transaction and the moment. Run twice, it does nothing twice; a run that was missed heals
at the next one. `schedule.py` says when, `runner.py` carries out.
"""
