"""How often Python looks for garbage in a process that stays up.

Counting references frees almost all that a task or a request makes; only cycles wait for the collector. At Python's own
pace it takes a fifth of a worker's time, measured, and holds up whatever request it falls into.
"""

import gc

THRESHOLDS = (100_000, 50, 50)  # objects, then young and middle collections


def look_less_often() -> None:
    """What a process has loaded so far is not looked at again, and what comes later less often."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
