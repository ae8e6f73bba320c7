"""What the registry keeps."""

from credit.models.act import SEVERITIES, Act, Policy, Threshold
from credit.models.case import Case, Evidence, Happening, Party, Seat, Statement
from credit.models.lead import Lead
from credit.models.sanction import Sanction
from credit.models.service import CureItem, Service
from credit.models.subject import KINDS, Subject

__all__ = [
    "KINDS",
    "SEVERITIES",
    "Act",
    "Case",
    "CureItem",
    "Evidence",
    "Happening",
    "Lead",
    "Party",
    "Policy",
    "Sanction",
    "Seat",
    "Service",
    "Statement",
    "Subject",
    "Threshold",
]
