"""What was declared against what was found, and what was found against the standard. Plain Python.

`assess` is the whole arithmetic of a check: the same inputs give the same result, byte for byte, years later.
"""

from verification.comparison.assessment import Assessed, assess, compare, near_line
from verification.comparison.changes import CHANGE_KINDS, Change, Changes, changes, record_of
from verification.comparison.differences import Difference
from verification.comparison.findings import FINDING_KINDS, ProposedFinding
from verification.comparison.outcome import NEAR, Comparison, NearLine
from verification.comparison.trying import TRIAL_KINDS, Tried, Turned, trial_kind, tried

__all__ = [
    "CHANGE_KINDS",
    "FINDING_KINDS",
    "NEAR",
    "TRIAL_KINDS",
    "Assessed",
    "Change",
    "Changes",
    "Comparison",
    "Difference",
    "NearLine",
    "ProposedFinding",
    "Tried",
    "Turned",
    "assess",
    "changes",
    "compare",
    "near_line",
    "record_of",
    "trial_kind",
    "tried",
]
