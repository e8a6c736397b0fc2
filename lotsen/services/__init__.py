"""Use cases, one verb each: the only code that changes state.

A service takes the session of one transaction, plain values, the actor and the moment. It knows no request, shows no
text, sends nothing: it raises a domain error, and writes an `Event` and `Mail` rows beside its change.
"""
