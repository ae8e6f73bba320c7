"""The check centre's tables: sources, standards, rounds, checks, inquiries, exchanges, assessments, findings,
deltas, conclusions, objections to them, trials of standards, scorecards.
"""

from verification.models.assessment import Assessment
from verification.models.canary import Canary
from verification.models.check import Check
from verification.models.conclusion import Conclusion
from verification.models.control_person import ControlPerson, KnownAnswer
from verification.models.delta import Delta
from verification.models.finding import Finding
from verification.models.hit_rate import HitBand, HitRate
from verification.models.inquiry import Exchange, Inquiry, Lease
from verification.models.manual_request import LIST_SERIES, ManualRequest
from verification.models.objection import Dispute, Objection, Proof
from verification.models.reopening import Reopening
from verification.models.report import Report
from verification.models.round import Hold, Maintenance, Round
from verification.models.scorecard import COUNTERS, FAILURES, ScorecardPaper, ScorecardRow, Tally
from verification.models.source import Dialect, Source
from verification.models.source_change import SourceChange
from verification.models.standard import Standard
from verification.models.trial import Trial, TrialBatch, TrialRow

__all__ = [
    "COUNTERS",
    "FAILURES",
    "LIST_SERIES",
    "Assessment",
    "Canary",
    "Check",
    "Conclusion",
    "ControlPerson",
    "Delta",
    "Dialect",
    "Dispute",
    "Exchange",
    "Finding",
    "HitBand",
    "HitRate",
    "Hold",
    "Inquiry",
    "KnownAnswer",
    "Lease",
    "Maintenance",
    "ManualRequest",
    "Objection",
    "Proof",
    "Reopening",
    "Report",
    "Round",
    "ScorecardPaper",
    "ScorecardRow",
    "Source",
    "SourceChange",
    "Standard",
    "Tally",
    "Trial",
    "TrialBatch",
    "TrialRow",
]
