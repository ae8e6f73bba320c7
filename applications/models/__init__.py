"""Who asks for a home or a subsidy, what they declare and sign, what each desk says, what is decided."""

from applications.models.access_slip import AccessSlip
from applications.models.application import Application
from applications.models.certificate import Certificate, Pattern, PatternCertificate, PatternThreshold
from applications.models.decision import Decision, Opinion
from applications.models.declaration import Declaration, Draft, Member
from applications.models.lane import FastLane, Supplement
from applications.models.notice import NoticeObjection, PublicNotice
from applications.models.paper import Attachment, Authorisation, Commitment, Signature
from applications.models.procedure import Procedure
from applications.models.referral import FindingLead, Referral
from applications.models.stay import Stay
from applications.models.stay_sum import StaySum, SummedMonth

__all__ = [
    "AccessSlip",
    "Application",
    "Attachment",
    "Authorisation",
    "Certificate",
    "Commitment",
    "Decision",
    "Declaration",
    "Draft",
    "FastLane",
    "FindingLead",
    "Member",
    "NoticeObjection",
    "Opinion",
    "Pattern",
    "PatternCertificate",
    "PatternThreshold",
    "Procedure",
    "PublicNotice",
    "Referral",
    "Signature",
    "Stay",
    "StaySum",
    "SummedMonth",
    "Supplement",
]
