"""From the window to the approval, step by step: what the pages call is called, as the person whose work it is."""

import time
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications import decisions, intake, publicity, result_objections, rounds, signing, tiers
from applications.models import Application
from applications.signing import Signed
from bureau import workdays
from housing_credit.replay import officers
from housing_credit.replay.population import Household
from housing_credit.seeds.ground import OUR_CITY
from verification import asking, assessing, conclusions, findings, recording
from verification import rounds as centre_rounds
from verification.facts import Declared
from verification.models import Check, Round

S = Application.Status
ON_A_DESK = (S.AT_STREET, S.AT_DISTRICT, S.AT_CITY)
KINDS = [kind.value for kind in Application.Kind]
PATIENCE = 60.0  # seconds that a round may take to be assessed
LOOK_EVERY = 0.2  # seconds; whoever hands out tickets has us wait five times as long


# --- at the window ----------------------------------------------------------------------------------------------------


def come(households: Sequence[Household]) -> None:
    """Each household's declaration is keyed, printed, signed by everybody, and handed in."""
    for household in households:
        _come(household)


def _come(household: Household) -> None:
    clerk, declared = officers.clerk(household.window), household.declared
    case = intake.open_draft(household.kind, by=clerk)
    for which in ("commitment", "authorisation"):
        signing.print_form(case, which, declared, by=clerk)
    file = SimpleUploadedFile("signed.png", _paper(), content_type="image/png")
    scan = intake.attach(case, file, section="signing", title="已签文书", by=clerk)
    today = workdays.today()
    signing.sign_together(case, declared, _signed(declared), signed_on=today, scan=scan, by=clerk)
    intake.submit(case, declared, by=clerk)


def _signed(declared: Declared) -> list[Signed]:
    """Everybody signs; of children the applicant."""
    today, head = workdays.today(), declared.persons[0]
    return [
        Signed(person, head.name, "父母") if signing.needs_guardian(person, today) else Signed(person, person.name)
        for person in declared.persons
    ]


@lru_cache(maxsize=1)
def _paper() -> bytes:
    """A scan on which nothing can be read: nobody opens it."""
    kept = BytesIO()
    Image.new("1", (8, 8), 1).save(kept, "PNG")
    return kept.getvalue()


# --- at the desks -----------------------------------------------------------------------------------------------------


def on_the_desks() -> list[int]:
    """The cases that street, district and city have to review, those who wait longest first."""
    return list(Application.objects.filter(status__in=ON_A_DESK).order_by("pk").values_list("pk", flat=True))


def review(cases: Sequence[int]) -> None:
    """Each desk agrees: a declaration without a fault on its face goes on."""
    for case in Application.objects.filter(pk__in=cases):
        tiers.forward(case, by=officers.reviewer(str(case.tier), case.office_code), opinion="材料齐全，同意上报。")


# --- at the check centre ----------------------------------------------------------------------------------------------


def waits_for_a_round() -> bool:
    """Whether somebody's check can be ordered."""
    return rounds.waiting(KINDS, OUR_CITY, by=officers.staff(officers.ROUNDS)).exists()


def open_round(name: str) -> list[int]:
    """Order the checks of all who wait; returns them."""
    found = rounds.open_round(name, KINDS, OUR_CITY, by=officers.staff(officers.ROUNDS))
    rounds.fill(found.pk)
    return checks_of(found)


def checks_of(found: Round) -> list[int]:
    """The checks of a round."""
    return list(found.checks.order_by("pk").values_list("pk", flat=True))


def ask(ids: Sequence[int]) -> None:
    """As the workers do, set by set; then the sweeps, until nothing of these is left to be asked or assessed."""
    for begin in range(0, len(ids), asking.SWEEP_SIZE):
        asking.ask(ids[begin : begin + asking.SWEEP_SIZE])
    open_ones = Check.objects.filter(pk__in=ids, status__in=(Check.Status.ASKING, Check.Status.SETTLED))
    deadline = time.monotonic() + PATIENCE
    while open_ones.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{open_ones.count()} checks were not assessed within {PATIENCE:.0f} s.")
        asking.ask_due()
        recording.settle(ids)
        assessing.assess_due()
        time.sleep(LOOK_EVERY)


def assessed() -> list[int]:
    """The checks that await their conclusion."""
    return list(Check.objects.filter(status=Check.Status.ASSESSED).order_by("pk").values_list("pk", flat=True))


def conclude(check_ids: Sequence[int]) -> None:
    """An officer settles each finding by the rule, and concludes what the newest assessment proposes."""
    officer = officers.staff(officers.ROUNDS)
    for check in Check.objects.filter(pk__in=check_ids):
        for finding in check.findings.open():
            if officers.holds(finding):
                findings.confirm(finding, by=officer, reason="与来源核实无误。")
            else:
                findings.dismiss(finding, by=officer, reason="已提交转让合同，车辆已出售。")
        proposed = check.assessments.order_by("-version").values_list("proposed", flat=True)[0]
        conclusions.conclude(check, outcome=proposed, opinion="依据核对结果。", by=officer)


def close_rounds() -> None:
    """Rounds of which nothing is open are done."""
    for found in Round.objects.filter(status=Round.Status.RUNNING, filled_at__isnull=False):
        if not found.checks.filter(status__in=("asking", "settled", "assessed")).exists():
            centre_rounds.close(found, by=officers.staff(officers.ROUNDS))


# --- at the housing agency --------------------------------------------------------------------------------------------


def checked() -> list[int]:
    """The cases that await a decision."""
    return list(Application.objects.filter(status=S.CHECKED).order_by("pk").values_list("pk", flat=True))


def decide(cases: Sequence[int]) -> None:
    """Who is fit is granted and published; who is unfit is refused."""
    officer = officers.staff(officers.DECIDES)
    for case in Application.objects.filter(pk__in=cases).select_related("current_check__conclusion"):
        assert case.current_check is not None  # noqa: S101 -- it was checked
        if case.current_check.conclusion.outcome == "fit":
            decisions.grant(case, by=officer, opinion="符合条件，拟予保障。")
        else:
            decisions.refuse(case, by=officer, opinion="不符合保障条件。")


# --- the timetable ----------------------------------------------------------------------------------------------------


def sweep_notices(_: Sequence[object]) -> None:
    """Approve whose notice has run."""
    publicity.close_due()


def sweep(_: Sequence[object]) -> None:
    """What else the timetable does between two days."""
    result_objections.take_up_due()
    close_rounds()
