"""Which policy and which acts are in force on a day, and how grave an act is that has lasted so long."""

from datetime import date

import msgspec
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bureau.errors import UnfitDataError
from credit import policies
from credit.models import Act, Policy
from credit.policies import Severity


def row_on(day: date) -> Policy:
    """Our policy on the day. Raises `UnfitDataError` where none is in force."""
    found: Policy | None = Policy.objects.in_force(day).first()
    if found is None:
        # Translators: %(day)s 没有生效的失信惩戒政策，请管理员先录入。
        words = _("No policy on dishonest acts is in force on %(day)s. An administrator enters it first.")
        raise UnfitDataError(words % {"day": date_format(day)})
    return found


def policy_on(day: date) -> policies.Policy:
    """What our policy of the day says. Raises `UnfitDataError` where none is in force."""
    return msgspec.convert(row_on(day).content, policies.Policy)


def act_on(code: str, day: date) -> Act:
    """The act of this code in the catalogue of the day. Raises `UnfitDataError` when it is not named there."""
    found: Act | None = Act.objects.in_force(day).filter(policy=row_on(day), code=code).first()
    if found is None:
        # Translators: %(day)s 的失信行为目录中没有 %(code)s。
        words = _("The catalogue of %(day)s has no act %(code)s. Choose one that it names.")
        raise UnfitDataError(words % {"day": date_format(day), "code": code})
    return found


def severity_of(act: Act, *, months: int | None = None, graver: bool = False) -> Severity | None:
    """How grave the act is: by how many months it has lasted where the catalogue says so, else its own severity, or
    the graver one. None: not grave yet, a reminder is sent at the most.
    """
    steps = sorted(act.thresholds.all(), key=lambda step: step.months)
    if steps:
        reached = [step.severity for step in steps if months is not None and step.months <= months]
        return Severity(reached[-1]) if reached and reached[-1] else None
    return Severity(act.graver if graver and act.graver else act.severity)
