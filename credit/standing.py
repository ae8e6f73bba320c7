"""May this person be served today? The one question that the other floors put to the registry (clauses B8, B13)."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import QuerySet
from msgspec import Struct

from credit.models import Sanction
from credit.policies import SubjectKind
from credit.prepared import Prepared


class Standing(Struct, frozen=True):
    """How a person stands on a day. `until` is the first day on which the ban no longer holds."""

    blocked: bool
    until: date | None = None
    act: str = ""
    basis: str = ""


GOOD = Standing(blocked=False)


class Shared(Struct, frozen=True):
    """What other departments may be told of a subject on a day. `until`: the first day on which that is over."""

    hit: bool
    until: date | None = None
    basis: str = ""
    severity: str = ""
    disputed: bool = False  # an objection to a record is open

    def and_then(self, until: date | None, basis: str, severity: str, disputed: bool) -> "Shared":
        """What is told when another record of the subject holds at least as long."""
        return Shared(True, until, basis, severity, disputed or self.disputed)


NONE = Shared(hit=False)

# In plain SQL, as every query of a department reads it. What holds longest comes last, and stands.
SHARED_SQL = """
SELECT s.identifier_index, least(n.holds_until, n.lifted_on) AS until, n.basis, n.severity, n.disputed
FROM credit_subject s JOIN credit_sanction n ON n.subject_id = s.id
WHERE s.kind = %(kind)s AND s.identifier_index {these} AND n.kind = 'sharing' AND n.holds_from <= %(on)s
    AND (n.holds_until IS NULL OR n.holds_until > %(on)s) AND (n.lifted_on IS NULL OR n.lifted_on > %(on)s)
ORDER BY until NULLS LAST
"""
SHARED = Prepared(
    "credit_shared", SHARED_SQL.format(these="= ANY(%(indexes)s)"), kind="text", indexes="bytea[]", on="date"
)


def standings(indexes: Iterable[bytes], *, on: date) -> Mapping[bytes, Standing]:
    """How each person stands on the day, by blind index of the ID number; one query however many are asked about."""
    asked = [bytes(index) for index in indexes]
    found = {index: GOOD for index in asked}
    for sanction in Sanction.objects.against(asked).bans().holding(on).order_by("holds_until"):
        found[bytes(sanction.subject.identifier_index)] = Standing(
            blocked=True, until=sanction.ends_on(), act=sanction.act, basis=sanction.basis
        )
    return found


def standing(index: bytes, *, on: date) -> Standing:
    """How one person stands on the day."""
    return standings([index], on=on)[bytes(index)]


def barred(*, on: date) -> QuerySet[Sanction, bytes]:
    """The blind indexes of all persons who are barred on the day, as a subquery for whoever asks about many cases."""
    persons = Sanction.objects.bans().holding(on).filter(subject__kind=SubjectKind.PERSON)
    return persons.values_list("subject__identifier_index", flat=True)


def shared(kind: SubjectKind, indexes: Iterable[bytes], *, on: date) -> Mapping[bytes, Shared]:
    """What is shared of each subject on the day, by blind index; of several records the one that holds longest. One
    query however many are asked about.
    """
    asked = [bytes(index) for index in indexes]
    found = {index: NONE for index in asked}
    for index, *told in SHARED.rows({"kind": kind, "indexes": asked, "on": on}):
        key = bytes(index)
        found[key] = found[key].and_then(*told)
    return found
