"""What guards ask of the database: every desk and every decision asks the same, of another case (bureau.composed)."""

from applications.models import Application, Authorisation, Commitment, Declaration, Member, NoticeObjection, Opinion
from bureau.composed import DAY, INT, Composed
from bureau.models import Staff
from credit import standing
from verification.models import Finding, Objection

KEYED = Composed(
    lambda case, by: Application.objects.filter(pk=case).keyed_in_part_by(Staff(pk=by)).order_by().values_list("pk"),
    case=INT,
    by=INT,
)
SIGNED = Composed(
    lambda case, by: (
        Opinion.objects.filter(application=case, by=by, valid=True)
        .exclude(outcome="return")
        .order_by()
        .values_list("pk")
    ),
    case=INT,
    by=INT,
)
COMMITTED = Composed(
    lambda case: Commitment.objects.filter(application=case, ended_at=None).values_list(
        "member_key", "person_index", "household", "declaration"
    ),
    case=INT,
)
AUTHORISED = Composed(
    lambda case: Authorisation.objects.filter(application=case, ended_at=None).values_list(
        "member_key", "person_index", "household"
    ),
    case=INT,
)
SIGNATORIES = Composed(
    lambda case: Member.objects.filter(application=case).values_list("key", "name", "relation", "id_index"), case=INT
)
DIGEST = Composed(lambda declaration: Declaration.objects.filter(pk=declaration).values_list("digest"), declaration=INT)
SETTLED_BY = Composed(
    lambda check, by: Finding.objects.filter(check_ordered=check, settled_by=by).order_by().values_list("pk"),
    check=INT,
    by=INT,
)
OBJECTED = Composed(
    lambda check: Objection.objects.open().filter(check_ordered=check).values_list("number")[:1],
    check=INT,
)
OBJECTED_TO_NOTICE = Composed(
    lambda case: (
        NoticeObjection.objects.filter(notice__application=case, notice__closed_at=None)
        .order_by()
        .values_list("settled_at", "upheld")
    ),
    case=INT,
)
BARRED = Composed(
    lambda case, on: (
        Member.objects.filter(application=case, id_index__in=standing.barred(on=on))
        .order_by("key")
        .values_list("id_index", "name")
    ),
    case=INT,
    on=DAY,
)
