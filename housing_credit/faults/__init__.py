"""The rehearsal of faults: the same households again while sources and machines fail, set against a faultless round.

It runs in an arena with servers of its own. `disturbances` breaks things, `rounds` carries the households through,
`ledger` watches inside the database how often each inquiry comes to its end, `verdict` says what went wrong.
"""
