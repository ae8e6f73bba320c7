"""Announce a letter that reached nobody in another way: written, checked, out, taken down.

Nothing leaves before the system has looked for names, numbers, telephones and addresses, and a person other than who
wrote it has read it. It comes down on the day on which the letter counts as served, or when the case goes on before.
"""

from datetime import date

import msgspec
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import letter_data, letters, masks, numbers, timeline, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.letter_parts import Block
from bureau.models import Document, Staff
from bureau.roles import Role
from credit import announced_text, deadlines, letter_lines, letter_texts, letters_out, moves
from credit.announced_text import Leak, Person
from credit.letter_wording import Kind, fill_in
from credit.models import Announcement, Case, Service
from credit.serving import Way

PREFIX = "GG"  # 公告
CHECKERS = (Role.CREDIT_OFFICER, Role.CHECK_OFFICER)
LETTER_AT = {Case.Status.PROPOSED: Service.Letter.PROPOSAL, Case.Status.FOUND: Service.Letter.NOTICE}
FOUND_IN_IT = {
    # Translators: 姓名或者名称全称
    Leak.NAME: gettext_lazy("the whole name of a party"),
    # Translators: 身份证号码或者统一社会信用代码
    Leak.NUMBER: gettext_lazy("an ID number or credit code"),
    # Translators: 电话号码
    Leak.TELEPHONE: gettext_lazy("a telephone number"),
    # Translators: 住址
    Leak.ADDRESS: gettext_lazy("an address"),
}


@transaction.atomic
def write(case: Case, *, by: Staff, medium: str, note: str = "") -> Announcement:
    """Write the announcement of the letter that waits to be served, by the text of the day, with a `note` if need be.

    Raises `UnfitDataError` before another way has failed, while one is under way, or when it would tell too much.
    """
    locked = Case.objects.locked(case.pk)
    letter = LETTER_AT.get(locked.status)
    sent = letters_out.latest(locked, letters_out.LETTER_OF[letter]) if letter else None
    if letter is None or sent is None or deadlines.served_on(locked, letter):
        raise UnfitDataError(_("No letter of this case waits to be served."))
    must_be_last_resort(locked, letter)
    if not medium.strip():
        raise UnfitDataError(_("Name the medium in which it is to appear."))
    turn = deadlines.turn_of(locked, letter)
    if locked.announcements.filter(letter=letter, turn=turn, taken_down_on=None).exists():
        raise UnfitDataError(_("There is an announcement of this letter already."))
    heading, text = _text(locked, letter, sent, medium.strip(), note.strip())
    found = Announcement(case=locked, letter=letter, turn=turn, medium=medium.strip(), heading=heading, text=text)
    _must_be_masked(found)
    found.number = numbers.reference(PREFIX, on=workdays.today())
    found.office_code, found.written_by = locked.office_code, by
    found.save(force_insert=True)
    return found


def must_be_last_resort(case: Case, letter: str) -> None:
    """An announcement is the last resort (民事诉讼法, art. 95): another way was tried and failed."""
    tried = case.services.filter(letter=letter, turn=deadlines.turn_of(case, letter), served_on=None)
    if not tried.exclude(way=Way.ANNOUNCED).exists():
        raise UnfitDataError(_("An announcement is the last resort: write down first how service failed."))


def _text(case: Case, letter: Service.Letter, sent: Document, medium: str, note: str) -> tuple[str, str]:
    template = letter_texts.text_on(Kind.ANNOUNCEMENT, letter_lines.kind_of(case), workdays.today())
    with translation.override(letter_texts.LANGUAGE):
        policy = deadlines.policy_of(case)
        if letter == Service.Letter.PROPOSAL:
            # Translators: 视为送达后，可以自送达之日起%(days)s个工作日内陈述和申辩；逾期视为放弃。
            after = _("Once it counts as served, a statement can be made within %(days)s working days.")
            days = policy.defence_workdays
        else:
            # Translators: 视为送达后，应当自送达之日起%(days)s日内完成文书所列的改正事项；逾期依法处理。
            after = _("Once it counts as served, what the letter lists is to be corrected within %(days)s days.")
            days = policy.cure_days
        values = {
            "subject": _(", ").join(_masked(party.subject.name, case) for party in letter_lines.actors(case)),
            "case": case.number,
            "issuer": letters_out.header_of(case)["issuer"],
            "issued_on": letter_lines.day(workdays.today()),
            "letter": sent.title,
            "letter_number": sent.number,
            "days": str(policy.deemed_served_days),
            "medium": medium,
            "after": after % {"days": days},
        }
        body = fill_in(Kind.ANNOUNCEMENT, template.heading, template.text, values, {})
    return template.heading, "\n".join(filter(None, [*(block.text for block in body), note]))


def _masked(name: str, case: Case) -> str:
    return masks.name(name) if case.act.subject_kind == "person" else masks.company(name)


def leaks(announcement: Announcement) -> list[Leak]:
    """What stands in it that must not be made public."""
    case = announcement.case
    parties = [Person(party.subject.name, party.subject.identifier) for party in case.parties.select_related("subject")]
    header = letters_out.header_of(case)
    own = (header["issuer"], *str(header["contact"]).split())
    return announced_text.leaks(f"{announcement.medium}\n{announcement.text}", parties, own=own)


def _must_be_masked(announcement: Announcement) -> None:
    if found := leaks(announcement):
        told = _(", ").join(str(FOUND_IN_IT[leak]) for leak in found)
        raise UnfitDataError(_("The announcement is public and must not tell: %(what)s.") % {"what": told})


def why_not_check(announcement: Announcement, by: Staff) -> str | None:
    """Why this person does not check it; None, and it can be checked."""
    if not any(by.has_role(role, announcement.office_code) for role in CHECKERS):
        return _("Your posting does not include this work.")
    if announcement.written_by_id == by.pk:
        return _("Another person than who wrote it checks it.")
    reason = moves.no_relative_of(announcement.case, by)
    return str(reason) if reason else None


@transaction.atomic
def confirm(announcement: Announcement, *, by: Staff) -> None:
    """A second person has read it, and nothing was found in it: it gets its number and may leave."""
    found = _to_check(announcement, by)
    _must_be_masked(found)
    with translation.override(letter_texts.LANGUAGE):
        header = letters_out.header_of(found.case) | {"addressee": ""}
        body = tuple(Block(text=line) for line in found.text.splitlines())
        letter = letter_data.CreditLetter(**header, heading=found.heading, body=body)
    found.document = letters.issue(
        Kind.ANNOUNCEMENT.value, found.heading, found.case, msgspec.to_builtins(letter), by=by
    )
    found.checked_by, found.checked_at = by, timezone.now()
    found.save(update_fields=["document", "checked_by", "checked_at"])
    timeline.record(found.case, "announcement_checked", by=by, note=found.number)


@transaction.atomic
def send_back(announcement: Announcement, *, by: Staff, reason: str) -> None:
    """It does not leave like this, and why; another one can be written."""
    found = _to_check(announcement, by)
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    found.taken_down_on, found.because = workdays.today(), Announcement.Because.RETURNED
    found.returned_because = reason.strip()
    found.save(update_fields=["taken_down_on", "because", "returned_because"])
    timeline.record(found.case, "announcement_returned", by=by, note=found.number)


def _to_check(announcement: Announcement, by: Staff) -> Announcement:
    rows = Announcement.objects.select_related("case__act").select_for_update(of=("self",))
    found: Announcement = rows.get(pk=announcement.pk)
    if reason := why_not_check(found, by):
        raise NotAllowedError(reason)
    if found.state(workdays.today()) != Announcement.State.TO_CHECK:
        raise MoveRefusedError(_("This announcement has been checked or has ended already."))
    return found


def put_out(case: Case, letter: str, *, on: date, until: date, medium: str = "") -> Announcement:
    """It has appeared on the day, and comes down on `until`. Inside the caller's transaction, which holds the case.

    Raises `UnfitDataError` when nobody has checked one, it appeared before, or in another medium.
    """
    turn = deadlines.turn_of(case, letter)
    rows = case.announcements.filter(letter=letter, turn=turn, taken_down_on=None, appeared_on=None)
    found: Announcement | None = rows.first()
    if found is None or found.checked_at is None:
        raise UnfitDataError(_("The announcement is written, and checked by another person, before it appears."))
    if medium and medium != found.medium:
        raise UnfitDataError(_("The announcement was checked for another medium: %(name)s.") % {"name": found.medium})
    if on < found.checked_at.astimezone(workdays.SHANGHAI).date():
        raise UnfitDataError(_("The announcement was checked only later."))
    found.appeared_on, found.comes_down_on = on, until
    found.save(update_fields=["appeared_on", "comes_down_on"])
    return found


def take_down(case: Case) -> None:
    """The case goes on in another way or has ended: nothing of it stays out, and nothing more of it leaves."""
    case.announcements.filter(taken_down_on=None).update(
        taken_down_on=workdays.today(), because=Announcement.Because.ENDED
    )


def take_down_due() -> int:
    """Note of each whose day has come that it is down; by its legal day, however late this runs. Returns how many."""
    due = Announcement.objects.to_take_down(workdays.today())
    return due.update(taken_down_on=F("comes_down_on"), because=Announcement.Because.SERVED)
