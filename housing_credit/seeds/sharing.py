"""What the demonstration's registry has shared already: a record in a batch and its receipt, announcements, and what a
department asked. Invented people; by the work modules that the pages and the departments' door use.
"""

from uuid import uuid4

import msgspec
from django.db import transaction

from bureau import workdays
from bureau.fields import blind_index
from credit import announcing, answering, callers, cases, feed_replies, feeding, feeds, partners, query_log
from credit.answering import Asked
from credit.leads import Named
from credit.models import Batch, Endpoint, Partner, PartnerKey, Receiver, Service, Subject
from credit.policies import SubjectKind
from credit.query_log import Call
from credit.refusals import CallRefusedError
from housing_credit.seeds import casework
from housing_credit.seeds.past import days_ago
from housing_credit.seeds.registry import BANNED, EMPLOYER, OVER

# Both acted, both are shared; the receiver rejects the second.
SHARED = (Named("样本庚", "321299197805050751"), Named("样本辛", "321299197906060860"))
ANNOUNCED = Named("样本壬", "321299198507070978")
AWAITED = Named("样本癸", "321299198808081080")
RECEIVER, PARTNER, MEDIUM = "city-credit", "civil_affairs", "泰州日报"
PURPOSE, OTHER_PURPOSE = "dibao_review", "enterprise_credit_rating"  # granted, and not


def seed_sharing() -> int:
    """Enter what is missing of all three; returns how many were new."""
    return seed_batch() + seed_announcements() + seed_queries()


@transaction.atomic
def seed_batch() -> int:
    """A household that was recorded and told to the city credit system, which has rejected one of its two records."""
    if _is_known(SHARED[0]):
        return 0
    with days_ago(50):
        case = casework.notified(SHARED, actors=2)
    with days_ago(6):  # nothing was corrected in time
        cases.record(case, by=casework.staff("credit"))
    receiver = Receiver.objects.get(code=RECEIVER)
    with days_ago(5):
        batch = feeding.make(receiver, by=casework.staff("credit"))[0]
        feeding.hand_over(batch, by=casework.staff("credit"))
    with days_ago(4):
        feed_replies.take_receipt(receiver, _receipt(batch), by=casework.staff("credit"))
    return 1


def _receipt(batch: Batch) -> bytes:
    """The answer of the receiver: the record of the second person does not agree with the population register."""
    line = batch.lines.get(subject__identifier_index=blind_index(SHARED[1].identifier))
    told = feeds.Receipt(
        batch=batch.name,
        on=workdays.today(),
        digest=batch.digest,
        accepted=batch.lines_count - 1,
        rejected=1,
        refusals=(feeds.Refusal(line.record_key, "E02", "主体名称与证件号码不一致"),),
    )
    return feeds.write_receipt(msgspec.convert(batch.mapping.content, feeds.Mapping), told)


@transaction.atomic
def seed_announcements() -> int:
    """Two cases whose letter came back: one announcement is out, one waits for the second person who reads it."""
    if _is_known(ANNOUNCED):
        return 0
    officer = casework.staff("credit")
    with days_ago(12):
        case = casework.found((ANNOUNCED,))
        casework.come_back(case, Service.Letter.NOTICE)
    with days_ago(8):
        announcing.confirm(announcing.write(case, by=officer, medium=MEDIUM), by=casework.staff("check"))
    with days_ago(7):
        casework.appear(case, Service.Letter.NOTICE, MEDIUM)
    with days_ago(3):
        other = casework.proposed((AWAITED,))
        casework.come_back(other, Service.Letter.PROPOSAL)
    with days_ago(1):
        announcing.write(other, by=officer, medium=MEDIUM)
    return 2


def _is_known(who: Named) -> bool:
    return Subject.objects.filter(identifier_index=blind_index(who.identifier)).exists()


@transaction.atomic
def seed_queries() -> int:
    """A key of one department and what it asked with it. Its secret is kept by nobody: who wants to ask issues another
    key, which shows its own.
    """
    partner = Partner.objects.get(code=PARTNER)
    if partner.keys.exists():
        return 0
    with days_ago(5):
        key, _secret = partners.issue(partner, by=casework.staff("credit"))
    with days_ago(3):
        _ask(key, Endpoint.STANDING, PURPOSE, SHARED[0])
        _ask(key, Endpoint.STANDING, PURPOSE, OVER)
    with days_ago(2):
        _ask(key, Endpoint.STANDINGS, PURPOSE, *SHARED, BANNED, EMPLOYER)
    with days_ago(1):
        _ask(key, Endpoint.STANDING, OTHER_PURPOSE, EMPLOYER)
    return 1


def _ask(key: PartnerKey, endpoint: Endpoint, purpose: str, *about: Named) -> None:
    """A request as the department's door takes it in once its signature was found good."""
    call = Call(endpoint=endpoint, request_number=uuid4().hex[:12], claimed=key.key_id, found=callers.find(key.key_id))
    call.nonce = str(uuid4())
    asked = [Asked(SubjectKind(who.kind), who.identifier) for who in about]
    try:
        if call.found:
            call.purpose = call.found.purpose(endpoint, purpose)
        if endpoint == Endpoint.STANDING:
            answering.answer_one(call, asked[0], on=workdays.today())
        else:
            answering.answer_many(call, asked, on=workdays.today())
    except CallRefusedError as refusal:
        query_log.refused(call, refusal.code)
