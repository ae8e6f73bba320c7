"""Control questions: before a round asks a source, the source is asked about persons of whom the answer is known.

1. plan: a round opens with one waiting row per source of which an answer is known; the claim passes that source over;
2. claim, call, record: as any household is asked, over the same wire, every try kept as evidence;
3. judge: right lets the source through; wrong holds it everywhere, and puts in doubt what it told since it was last
   right; silence (after all tries) holds it in this round.
A worker killed anywhere leaves a lease that runs out, and the row falls due again.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bureau import bell
from bureau.errors import MoveRefusedError
from verification import asking, calling, control_answers, doubt, evidence, holding
from verification.connector import Exchange, SourceError, SourcePendingError, SourceUnavailableError
from verification.facts import Outcome, Person, Question, RecordKind
from verification.models import Canary, Hold, KnownAnswer, Round, Source
from verification.models import Exchange as ExchangeRow
from verification.recording import ANSWERED, PENDING

State = Canary.State
PURPOSE = "periodic_review"  # as of households: a source must not know control persons from others
GRACE = timedelta(seconds=10)  # beyond the total limit of a source, before its worker counts as dead
LONGEST_PAUSE = 300.0  # seconds
LONGEST_PENDING = timedelta(days=5)  # a batch still at work after that is not waited for any longer


@dataclass(eq=False)
class _Turn:
    """One source asked its control questions once."""

    canary: Canary
    known: list[KnownAnswer]
    questions: list[Question]
    asked_at: datetime


def plan(found: Round) -> int:
    """What is to be asked before a round: one row per source in force of which an answer is known; returns how many."""
    today = timezone.localdate()
    known = KnownAnswer.objects.to_ask(today).values("source")
    rows = [Canary(round=found, source=source) for source in Source.objects.in_force(today).filter(pk__in=known)]
    Canary.objects.bulk_create(rows)
    if rows:
        bell.ring("verification.ask_canaries", found.pk)
    return len(rows)


def ask_due() -> int:
    """The sweep: control questions that are due in any round; returns how many sources were asked."""
    return sum(ask(pk) for pk in set(Canary.objects.due(timezone.now()).values_list("round", flat=True)))


def ask(round_id: int) -> int:
    """Put the control questions of a round that are due, and judge what comes; returns how many sources were asked."""
    evidence.hold_broken()
    turns = _turns(_claim(round_id))
    pending = {_call(turn): turn for turn in turns}
    passed = False
    while pending:
        done, _left = wait(pending, return_when=FIRST_COMPLETED)
        passed |= any([_record(pending.pop(future), future) for future in done])
    if passed:
        holding.wake(Round.objects.get(pk=round_id))
    return len(turns)


@transaction.atomic
def _claim(round_id: int) -> list[Canary]:
    """Lease what is due of a round. Counts as an attempt, unless a source is still at work on the last one."""
    now = timezone.now()
    due = Canary.objects.due(now).filter(round=round_id).select_related("source", "round")
    clock = timezone.localtime(now).time()
    rows = [row for row in due.select_for_update(of=("self",), skip_locked=True) if not row.source.is_quiet(clock)]
    for row in rows:
        row.attempts += not row.ticket
        row.asked_at = now
        row.lease_until = now + timedelta(seconds=row.source.total_seconds) + GRACE
    Canary.objects.bulk_update(rows, ["attempts", "asked_at", "lease_until"])
    return rows


def _turns(rows: Sequence[Canary]) -> list[_Turn]:
    """What each source is asked: one question per control person of whom its answer is known today."""
    known: dict[int, list[KnownAnswer]] = {}
    answers = KnownAnswer.objects.to_ask(timezone.localdate()).filter(source__in=[row.source_id for row in rows])
    for each in answers.select_related("person").order_by("person_id"):
        known.setdefault(each.source_id, []).append(each)
    now = timezone.now()
    return [
        _Turn(row, known.get(row.source_id, []), [_question(row, each) for each in known.get(row.source_id, [])], now)
        for row in rows
        if _is_asked(row, known.get(row.source_id, []))
    ]


def _is_asked(row: Canary, known: Sequence[KnownAnswer]) -> bool:
    """Whether there is anything to ask; where every known answer was ended meanwhile, the source is let through."""
    if not known:
        Canary.objects.filter(pk=row.pk, state=State.WAITING).update(state=State.DROPPED, ended_at=timezone.now())
    return bool(known)


def _question(row: Canary, known: KnownAnswer) -> Question:
    today = timezone.localdate()
    person = known.person
    return Question(
        reference=f"{row.round.number}-{row.source.code}-{row.pk}.{row.attempts}.{person.pk}",
        persons=(Person("m1", person.name, person.id_number),),
        purpose=PURPOSE,
        authorisation=person.authorisation,
        kinds=tuple(RecordKind(kind) for kind in row.source.kinds),
        as_of=today,
        since=today.replace(year=today.year - asking.LOOK_BACK_YEARS, day=min(today.day, 28)),
    )


def _call(turn: _Turn) -> "Future[Exchange]":
    source = turn.canary.source
    return calling.submit(asking.config_of(source), source.dialect, turn.questions, turn.canary.ticket)


def _record(turn: _Turn, future: "Future[Exchange]") -> bool:
    """Keep the exchange and what follows from it; whether the source is let through."""
    now = timezone.now()
    error = future.exception()
    if error is not None and not isinstance(error, SourceError):
        error = SourceUnavailableError(f"our own error: {type(error).__name__}", outcome=Outcome.BROKEN)
    row = turn.canary
    kept = _kept(turn, future.result() if error is None else error, now)
    told = _told(turn, future.result() if error is None else None)
    state = _state(row, control_answers.verdict(told), error, now)
    with transaction.atomic():
        current = Canary.objects.select_for_update().get(pk=row.pk)
        if current.state != State.WAITING or (current.attempts, current.asked_at) != (row.attempts, row.asked_at):
            return False  # our lease ran out, and another worker has asked meanwhile
        evidence.keep([kept])
        current.exchange, current.told = kept, control_answers.rows(told)
        current.lease_until, current.ticket = None, ""
        if state == State.WAITING:
            _put_off(current, error, now)
        else:
            current.state, current.ended_at = state, now
        current.save()
        if state in {State.WRONG, State.SILENT}:
            _hold(current, told)
    return state == State.RIGHT


def _kept(turn: _Turn, said: Exchange | SourceError, now: datetime) -> ExchangeRow:
    more = {"asked_at": turn.asked_at, "ended_at": said.ended_at or now, "households": len(turn.questions)}
    row = evidence.round_trip(turn.canary.source, said, round_id=turn.canary.round_id, **more)
    if isinstance(said, SourceError):
        row.outcome = PENDING if isinstance(said, SourcePendingError) else str(said.outcome)
        row.detail = str(said)[:200]
    else:
        row.outcome, row.request_number = ANSWERED, said.request_number
    return row


def _told(turn: _Turn, exchange: Exchange | None) -> list[control_answers.Told]:
    replies = {answer.reference: answer.replies[0] for answer in exchange.answers} if exchange else {}
    return [
        control_answers.beside(each.person.label, each.outcome, each.facts, replies.get(question.reference))
        for each, question in zip(turn.known, turn.questions, strict=True)
    ]


def _state(row: Canary, verdict: str, error: BaseException | None, now: datetime) -> State:
    """A falsehood ends it at once; silence only after the last try."""
    if verdict != control_answers.SILENT:
        return State(verdict)
    if isinstance(error, SourcePendingError):
        return State.WAITING if now - row.round.opened_at < LONGEST_PENDING else State.SILENT
    return State.WAITING if row.attempts < row.source.max_attempts else State.SILENT


def _put_off(row: Canary, error: BaseException | None, now: datetime) -> None:
    if isinstance(error, SourcePendingError):
        row.ticket, pause = error.ticket, error.retry_after
    else:
        pause = min(row.source.backoff_seconds * 2 ** (row.attempts - 1), LONGEST_PAUSE)
    row.not_before = now + timedelta(seconds=pause)


def _hold(row: Canary, told: Iterable[control_answers.Told]) -> None:
    """A falsehood holds the source everywhere, silence in the round alone; one that is held already stays so."""
    wrong = row.state == State.WRONG
    since = doubt.last_right(row.source, row.round) if wrong else None
    with translation.override(settings.LANGUAGE_CODE):  # what is kept is in the language of the record
        reason = _reason(wrong, _(", ").join(each.person for each in told if each.verdict == row.state))
    for within in [None, row.round] if wrong else [row.round]:
        try:
            holding.hold(
                row.source, by=None, reason=reason, within=within, ground=Hold.Ground.CANARY, doubted_from=since
            )
            return
        except MoveRefusedError:
            continue


def _reason(wrong: bool, persons: str) -> str:
    if wrong:
        # Translators: 校验样本的反馈与已知结果不符：%(persons)s
        return _("Its answers about control persons are not as is known: %(persons)s") % {"persons": persons}
    # Translators: 校验样本未反馈：%(persons)s
    return _("It did not answer about control persons: %(persons)s") % {"persons": persons}
