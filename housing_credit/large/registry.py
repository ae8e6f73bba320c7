"""Credit cases at their end: found, served, entered in the archive, with a ban that runs or has run out."""

from typing import Any

from django.db import connection, transaction

from bureau.models import Document, Posting
from bureau.roles import Role
from credit.models import Act, Case, Happening, Lead, Party, Sanction, Seat, Service, Subject
from housing_credit.large.checks import FIRST, LargeError
from housing_credit.large.rows import insert, next_id, sealed

CODES = ("F01", "F02", "F04", "F06", "F08", "F12", "F05")
PANEL = 3


def fill(cases: int) -> None:
    """Add so many recorded cases, over the last three years."""
    panel = list(_holders(Role.PANEL_MEMBER)[:PANEL])
    officer = _holders(Role.CREDIT_OFFICER).first()
    acts = list(Act.objects.filter(policy__in_use=True, code__in=CODES).order_by("code"))
    if len(panel) < PANEL or officer is None or not acts:
        raise LargeError("There is nobody to keep the registry: seed the demonstration's people first.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE large_act (place int, act int, policy int, severity text, name text)")
        cursor.executemany(
            "INSERT INTO large_act VALUES (%s, %s, %s, %s, %s)",
            [(place, act.pk, act.policy_id, act.severity, act.name_zh) for place, act in enumerate(acts)],
        )
        cursor.execute(
            f"""
            CREATE TEMP TABLE large_case AS
            SELECT n, current_date - 40 - (n * 7919 %% 1000) AS day, a.*, {next_id(Subject)} AS subject,
                {next_id(Lead)} AS lead, {next_id(Case)} AS kase, %s::int AS officer
            FROM generate_series(0, %s::int - 1) AS n JOIN large_act a ON a.place = n %% %s
            """,  # noqa: S608 -- our own words
            [officer, cases, len(acts)],
        )
        _cases(cursor)
        _consequences(cursor, panel)


def _holders(role: str) -> Any:
    return Posting.objects.current().filter(role=role).order_by("pk").values_list("staff", flat=True)


def _cases(cursor: Any) -> None:
    insert(
        cursor,
        Subject,
        "large_case",
        id="subject",
        kind="'person'",
        name="'样' || n || '某'",
        identifier=sealed(Subject, "identifier", "321299198003150018"),
        identifier_index="sha256(('large subject ' || n)::bytea)",
    )
    insert(
        cursor,
        Lead,
        "large_case",
        id="lead",
        number=f"'XS' || extract(year FROM day) || '-' || ({FIRST} + n)",
        kind="'report'",
        act_id="act",
        text=sealed(Lead, "text", "举报"),
        office_code="'321200'",
        status="'opened'",
        status_since="day",
        received_on="day - 30",
        by_id="officer",
    )
    insert(
        cursor,
        Case,
        "large_case",
        id="kase",
        number=f"'SX' || extract(year FROM day) || '-' || ({FIRST} + n)",
        lead_id="lead",
        policy_id="policy",
        act_id="act",
        occurred_on="day - 60",
        severity="severity",
        facts=sealed(Case, "facts", "事实"),
        proposals="1",
        office_code="'321200'",
        status="CASE WHEN day < current_date - 365 THEN 'released' ELSE 'recorded' END",
        status_since="day",
        opened_on="day - 20",
        opened_by_id="officer",
    )
    insert(cursor, Party, "large_case", case_id="kase", subject_id="subject", part="'actor'")


def _consequences(cursor: Any, panel: list[int]) -> None:
    insert(
        cursor,
        Document,
        "large_case",
        number="'测诚函' || n || '号'",
        kind="'credit_notice'",
        title="'失信行为告知函'",
        lang="'zh'",
        subject_kind="'credit.case'",
        subject_id="kase",
        reference=f"'SX' || extract(year FROM day) || '-' || ({FIRST} + n)",
        office_code="'321200'",
        data=sealed(Document, "data", {}),
        check_code="upper(substr(md5('large' || n), 1, 12))",
        issued_on="day - 9",
        created_at="day - 9",
        digest="md5('a' || n) || md5('b' || n)",
        typeset_at="day - 9",
    )
    insert(
        cursor,
        Service,
        "large_case",
        case_id="kase",
        letter="'notice'",
        way="'hand'",
        tried_on="day - 8",
        served_on="day - 8",
        proof="'送达回证'",
        by_id="officer",
    )
    for member in panel:
        insert(
            cursor,
            Seat,
            "large_case",
            case_id="kase",
            by_id=str(member),
            finds="true",
            severity="severity",
            reason=sealed(Seat, "reason", "事实清楚"),
            voted_at="day - 10",
        )
    insert(cursor, Happening, "large_case", case_id="kase", event="'recorded'", on="day", basis="'卷'", by_id="officer")
    insert(
        cursor,
        Sanction,
        "large_case",
        subject_id="subject",
        case_id="kase",
        kind="'ban'",
        severity="severity",
        act="name",
        basis="'办法'",
        holds_from="day",
        holds_until="day + 365",
        end_noted_at="CASE WHEN day + 365 <= current_date THEN now() END",
    )
