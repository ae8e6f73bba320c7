"""The programmers' door to the check centre: what is shown (`shapes`), by what it is found (`filters`), the doors."""

from verification.api.door import CheckDoor, FindingDoor
from verification.api.objections import ObjectionDoor
from verification.api.scorecards import ScorecardDoor
from verification.api.sources import InquiryDoor, SourceDoor
from verification.api.standards import StandardDoor, TrialDoor

__all__ = [
    "CheckDoor",
    "FindingDoor",
    "InquiryDoor",
    "ObjectionDoor",
    "ScorecardDoor",
    "SourceDoor",
    "StandardDoor",
    "TrialDoor",
]
