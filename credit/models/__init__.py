"""What the registry keeps."""

from credit.models.act import SEVERITIES, Act, Policy, Threshold
from credit.models.announcement import Announcement
from credit.models.case import Case, Evidence, Happening, Party, Seat, Statement
from credit.models.court import LawyersLetter, Proceeding
from credit.models.event import RegistryEvent
from credit.models.feed import Batch, BatchLine, LineError, Receipt
from credit.models.held_back import HeldBack, PriorNotice
from credit.models.lead import Lead
from credit.models.letter_text import LetterText
from credit.models.partner import Endpoint, Grant, Partner, PartnerKey, PartnerUse, Purpose
from credit.models.partner_call import PartnerCall
from credit.models.partner_delivery import Acknowledgement, Delivery
from credit.models.receiver import FeedMapping, Receiver
from credit.models.reconciliation import Discrepancy, Reconciliation
from credit.models.remedy import Dispute, Repair
from credit.models.sanction import MEASURES, Sanction
from credit.models.service import CureItem, Service
from credit.models.subject import KINDS, Subject

__all__ = [
    "KINDS",
    "MEASURES",
    "SEVERITIES",
    "Acknowledgement",
    "Act",
    "Announcement",
    "Batch",
    "BatchLine",
    "Case",
    "CureItem",
    "Delivery",
    "Discrepancy",
    "Dispute",
    "Endpoint",
    "Evidence",
    "FeedMapping",
    "Grant",
    "Happening",
    "HeldBack",
    "LawyersLetter",
    "Lead",
    "LetterText",
    "LineError",
    "Partner",
    "PartnerCall",
    "PartnerKey",
    "PartnerUse",
    "Party",
    "Policy",
    "PriorNotice",
    "Proceeding",
    "Purpose",
    "Receipt",
    "Receiver",
    "Reconciliation",
    "RegistryEvent",
    "Repair",
    "Sanction",
    "Seat",
    "Service",
    "Statement",
    "Subject",
    "Threshold",
]
