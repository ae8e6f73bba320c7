"""The life of a check on one screen."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.composed import INT, Composed
from bureau.models import Staff
from bureau.moves import Move, Text
from bureau.roles import Role
from verification import doubt
from verification.models import Check, Finding

ASKING, SETTLED, ASSESSED = Check.Status.ASKING, Check.Status.SETTLED, Check.Status.ASSESSED
CONCLUDED, CANCELLED = Check.Status.CONCLUDED, Check.Status.CANCELLED
OPEN_FINDINGS = Composed(
    lambda check: Finding.objects.open().filter(check_ordered=check).order_by().values_list("pk"), check=INT
)


def no_relative_of(check: Check, by: Staff) -> Text | None:
    """Nobody settles or concludes the own case or that of a declared relative."""
    if by.kin and by.is_related_to(check.person_indexes()):
        return _("A member of this household is you or your declared relative; somebody else handles the case.")
    return None


def not_kept_away(check: Check, by: Staff) -> Text | None:
    """The one who keyed a case never checks it, nor checks it again who had a part in the result objected to."""
    if by.pk not in check.kept_away:
        return None
    disputed = Check.objects.filter(objections__recheck=check).first()
    if disputed is None or by.pk in disputed.kept_away:
        return _("You keyed this case; somebody else checks it.")
    return _("You had a part in the result that is objected to; somebody else checks the household again.")


APART = (not_kept_away, no_relative_of)


def findings_settled(check: Check, by: Staff) -> Text | None:
    """Every finding has been confirmed or dismissed by a person."""
    left = len(OPEN_FINDINGS.rows(check=check.pk))
    return _("%(count)s findings are still to be settled.") % {"count": left} if left else None


def answers_are_heard(check: Check, by: Staff) -> Text | None:
    """No answer that its newest assessment rests on has come into doubt since."""
    names = [source.name for source in doubt.unheard(check)]
    if not names:
        return None
    # Translators: %(sources)s的反馈存疑，本户正在重新比对。
    return _("The answers of %(sources)s have come into doubt; the household is being assessed anew.") % {
        "sources": _(", ").join(names)
    }


def has_unanswered(check: Any, by: Staff) -> Text | None:
    """There is something that asking again could mend."""
    return None if check.inquiries.exclude(state="cancelled").exists() else _("There is nothing to ask again.")


def is_not_being_compared(check: Any, by: Staff) -> Text | None:
    """Complete answers are compared first; where that failed, a source can be asked again."""
    if check.status == SETTLED and not check.is_stuck:
        return _("The answers are complete and are just being compared.")
    return None


SETTLE = Move("settle", gettext_lazy("Answers complete"), {ASKING: SETTLED})
ASSESS = Move("assess", gettext_lazy("Assess"), {SETTLED: ASSESSED})
ASK_AGAIN = Move(
    "ask_again",
    gettext_lazy("Ask again"),
    {ASSESSED: ASKING, SETTLED: ASKING, ASKING: ASKING},
    who=frozenset({Role.CHECK_OFFICER}),
    may=APART,
    needs=(is_not_being_compared, has_unanswered),
)
# Of all checks in which one source did not answer, in a set; the officer who asked is in the timeline.
ASK_SOURCE_AGAIN = Move("ask_source_again", gettext_lazy("Ask one source again"), {ASSESSED: ASKING, ASKING: ASKING})
# Of checks that rest on answers in doubt, and of all whose answers an officer does not let stand.
ASSESS_AGAIN = Move("assess_again", gettext_lazy("Assess again"), {ASSESSED: SETTLED})
ASK_DOUBTED_AGAIN = Move(
    "ask_doubted_again", gettext_lazy("Ask one source again"), {ASSESSED: ASKING, SETTLED: ASKING, ASKING: ASKING}
)
CONCLUDE = Move(
    "conclude",
    gettext_lazy("Conclude"),
    {ASSESSED: CONCLUDED},
    who=frozenset({Role.CHECK_OFFICER}),
    may=APART,
    needs=(findings_settled,),
    tone="primary",
)
CANCEL = Move(
    "cancel",
    gettext_lazy("Cancel the check"),
    dict.fromkeys((ASKING, SETTLED, ASSESSED), CANCELLED),
    who=frozenset({Role.CHECK_OFFICER}),
    may=APART,
    tone="danger",
)
DROP = Move(
    "drop", gettext_lazy("Drop the check"), dict.fromkeys((ASKING, SETTLED, ASSESSED), CANCELLED)
)  # its case was withdrawn

TABLE = (SETTLE, ASSESS, ASSESS_AGAIN, ASK_AGAIN, ASK_SOURCE_AGAIN, ASK_DOUBTED_AGAIN, CONCLUDE, CANCEL, DROP)
