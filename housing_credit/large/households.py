"""Households at every stage: applications, opinions, checks with findings, conclusions, decisions, and their days."""

from typing import Any

import msgspec
from django.db import connection, transaction

from applications.models import Application, Decision, Declaration, Member, Opinion, PublicNotice, Stay
from bureau.models import Posting, TimelineEntry
from bureau.roles import Role, Tier
from housing_credit.large.checks import FIRST, MOST, LargeError, at, declared, lay_checks
from housing_credit.large.rows import drawn, insert, next_id, sealed
from verification.models import Assessment, Check, Conclusion, Finding

BATCH = 10_000
STAGES = ("at_street", "at_district", "at_city", "check_due", "checking", "checked", "on_notice")
# (up to which share, status, how many stages it has passed)
SHARES = (
    (0.05, "at_street", 0),
    (0.09, "at_district", 1),
    (0.12, "at_city", 2),
    (0.14, "check_due", 3),
    (0.18, "checking", 4),
    (0.22, "checked", 5),
    (0.24, "on_notice", 6),
    (0.26, "returned", 1),
    (0.30, "rejected", 1),
    (0.34, "withdrawn", 1),
    (0.55, "refused", 6),
    (0.92, "approved", 7),
    (1.00, "closed", 7),  # a benefit that has ended
)
ENDED = "('rejected', 'withdrawn', 'refused', 'approved', 'closed')"
GRANTED = "('on_notice', 'approved', 'closed')"
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗", "建国秀英志强丽华文军晓燕海涛玉兰宏伟春梅子涵浩宇欣怡俊杰"


def lay_desks(cursor: Any) -> None:
    """Who works at each window and above it, in a table of this connection. Raises `LargeError` without people."""
    by_office: dict[tuple[str, str], tuple[int, int]] = {}
    for posting in Posting.objects.current().select_related("office").order_by("pk"):
        by_office.setdefault((posting.role, posting.office.code), (posting.office_id, posting.staff_id))
    rows = []
    for (role, code), (office, clerk) in by_office.items():
        street, district = (by_office.get((Role.REVIEWER, code[:length])) for length in (9, 6))
        if role == Role.CLERK and street and district:
            rows.append((office, code, clerk, *street, *district))
    check, housing = (by_office.get((role, "321200")) for role in (Role.CHECK_OFFICER, Role.HOUSING_OFFICER))
    if not rows or not check or not housing:
        raise LargeError("There is nobody to work here: seed the demonstration's people first.")
    cursor.execute(
        "CREATE TEMP TABLE large_desk (place serial, office int, code text, clerk int, street int, street_by int,"
        " district int, district_by int)"
    )
    cursor.executemany(
        "INSERT INTO large_desk (office, code, clerk, street, street_by, district, district_by)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        rows,
    )
    cursor.execute(
        "CREATE TEMP TABLE large_city AS SELECT %s::int AS office, %s::int AS checker, %s::int AS decider",
        [check[0], check[1], housing[1]],
    )


def fill(households: int, *, progress: Any = lambda _done: None) -> None:
    """Add so many households, ten thousand in a transaction. Raises `LargeError` where there are some already."""
    if Application.objects.filter(reference__regex=rf"^[A-Z]{{2}}\d{{4}}-{FIRST // 100_000}").exists():
        raise LargeError("This installation has been filled already.")
    if households > MOST:
        raise LargeError(f"At most {MOST:,} households.")
    with connection.cursor() as cursor:
        lay_desks(cursor)
        for begin in range(0, households, BATCH):
            count = min(BATCH, households - begin)
            with transaction.atomic():
                _batch(cursor, begin, count)
            progress(begin + count)
        cursor.execute("ANALYZE")


def _batch(cursor: Any, begin: int, count: int) -> None:
    cursor.execute("DROP TABLE IF EXISTS large")
    status = " ".join(f"WHEN stage_r < {share} THEN '{name}'" for share, name, _passed in SHARES)
    passed = " ".join(f"WHEN stage_r < {share} THEN {stages}" for share, _name, stages in SHARES)
    lengths = enumerate((6, 5, 5, 2, 12, 8, 7))
    days = ", ".join(f"1 + ({drawn(f'd{place}')} * {most})::int AS d{place}" for place, most in lengths)
    names = f"substr('{SURNAMES}', 1 + n %% {len(SURNAMES)}, 1) || substr('{GIVEN}', 1 + n %% {len(GIVEN)}, 1)"
    cursor.execute(
        f"""
        CREATE TEMP TABLE large AS
        WITH drawn AS (
            SELECT n, {drawn("s")} AS stage_r, {drawn("t")} AS time_r, {drawn("k")} AS kind_r, {days}
            FROM generate_series(%s::int, %s::int) AS n
        ), staged AS (
            SELECT *, CASE {status} END AS status, CASE {passed} END AS passed FROM drawn
        ), timed AS (
            SELECT *, (ARRAY[0, d0, d0+d1, d0+d1+d2, d0+d1+d2+d3, d0+d1+d2+d3+d4, d0+d1+d2+d3+d4+d5,
                d0+d1+d2+d3+d4+d5+d6])[passed + 1] AS took,
                CASE WHEN status IN {ENDED} THEN 60 + (time_r * 1200)::int ELSE (time_r * 12)::int END AS rest
            FROM staged
        ), dated AS (
            SELECT *, date_trunc('minute', now()) - make_interval(days => took + rest, mins => n %% 300) AS at0
            FROM timed
        )
        SELECT d.*, CASE WHEN kind_r < 0.75 THEN 'public_rental' ELSE 'rental_subsidy' END AS kind,
            (CASE WHEN kind_r < 0.75 THEN 'GZ' ELSE 'BT' END) || extract(year FROM at0) || '-' || ({FIRST} + n)
                AS reference,
            at0 + make_interval(days => took) AS since, {names} || '某' AS name,
            CASE WHEN status = 'refused' OR status = 'checked' AND n %% 4 = 0 THEN 'unfit' ELSE 'fit' END AS outcome,
            passed >= 5 AS is_concluded, passed >= 4 AS is_checked,
            {next_id(Application)} AS app, {next_id(Declaration)} AS decl,
            CASE WHEN passed >= 4 THEN {next_id(Check)} END AS chk,
            CASE WHEN passed >= 4 THEN {next_id(Assessment)} END AS ass,
            CASE WHEN passed >= 4 THEN {next_id(Finding)} END AS fnd,
            CASE WHEN passed >= 5 THEN {next_id(Conclusion)} END AS con,
            k.office, k.code, k.clerk, k.street, k.street_by, k.district, k.district_by,
            c.office AS city, c.checker, c.decider
        FROM dated d JOIN large_desk k ON k.place = 1 + d.n %% (SELECT count(*) FROM large_desk) CROSS JOIN large_city c
        """,  # noqa: S608 -- our own words
        [begin, begin + count - 1],
    )
    _applications(cursor)
    lay_checks(cursor, "large")
    _ends(cursor)
    _days(cursor)
    # The triggers that judge the batch when it ends were planned while these tables were empty.
    cursor.execute(
        "ANALYZE applications_application, applications_opinion, applications_decision, verification_check,"
        " verification_conclusion, verification_assessment, verification_finding"
    )


def _applications(cursor: Any) -> None:
    insert(
        cursor,
        Application,
        "large",
        id="app",
        reference="reference",
        kind="kind",
        status="status",
        status_since="CASE status WHEN 'closed' THEN since + (now() - since) * (0.5 + n %% 40 / 100.0) ELSE since END",
        office_id="office",
        office_code="code",
        keyed_by_id="clerk",
        created_at="at0 - interval '1 hour'",
        submitted_at="at0",
        accepted_on="at0::date",
        applicant_name="name",
        household_size="2",
        due_on=f"CASE WHEN status NOT IN {ENDED} AND status <> 'on_notice' THEN since::date + 8 END",
        declaration_id="decl",
        current_check_id="chk",
    )
    empty = sealed(Declaration, "content", msgspec.json.encode(declared()))
    insert(
        cursor,
        Declaration,
        "large",
        id="decl",
        application_id="app",
        version="1",
        content=empty,
        digest="md5(reference) || md5(reference)",
        made_at="at0",
        by_id="clerk",
    )
    for key, relation, who in (("m1", "01", "name"), ("m2", "10", "'某' || name")):
        insert(
            cursor,
            Member,
            "large",
            application_id="app",
            key=f"'{key}'",
            name=who,
            relation=f"'{relation}'",
            id_number=sealed(Member, "id_number", "321299198003150018"),
            id_index=f"sha256(('large {key} ' || n)::bytea)",
            born_on="date '1980-03-15'",
            live="status NOT IN ('rejected', 'withdrawn', 'refused', 'closed')",
        )
    for stage, tier, office, by in (
        (1, Tier.STREET, "street", "street_by"),
        (2, Tier.DISTRICT, "district", "district_by"),
        (3, Tier.CITY, "city", "checker"),
    ):
        outcome = (
            "CASE WHEN status = 'rejected' THEN 'reject' WHEN status = 'returned' THEN 'return' ELSE 'forward' END"
        )
        insert(
            cursor,
            Opinion,
            f"large WHERE passed >= {stage} AND status <> 'withdrawn'",
            application_id="app",
            declaration_id="decl",
            tier=f"'{tier}'",
            office_id=office,
            by_id=by,
            at=at(stage),
            outcome=outcome if stage == 1 else "'forward'",
            text="'情况属实。'",
        )


def _ends(cursor: Any) -> None:
    insert(
        cursor,
        Decision,
        f"large WHERE status = 'refused' OR status IN {GRANTED}",
        application_id="app",
        conclusion_id="con",
        outcome="CASE status WHEN 'refused' THEN 'refuse' ELSE 'grant' END",
        opinion="'符合规定。'",
        by_id="decider",
        at=at(6),
    )
    insert(
        cursor,
        PublicNotice,
        f"large WHERE status IN {GRANTED}",
        application_id="app",
        opens_on=f"({at(6)})::date",
        closes_on=f"({at(6)})::date + 20",
        masked_name="substr(name, 1, 1) || '**'",
        household_size="2",
        closed_at="CASE WHEN status <> 'on_notice' THEN since END",
    )


def _days(cursor: Any) -> None:
    """How long each household lay at each desk, and the entries of its timeline."""
    events = ("forward", "forward", "forward", "order", "take_up", "publish", "approve")
    for place, (stage, event) in enumerate(zip(STAGES, events, strict=True)):
        source = f"large WHERE passed > {place}"
        came, went = f"({at(place)})", f"({at(place + 1)})"
        insert(
            cursor,
            Stay,
            source,
            application_id="app",
            stage=f"'{stage}'",
            kind="kind",
            office_code="code",
            entered_on=f"({came} AT TIME ZONE 'Asia/Shanghai')::date",
            left_on=f"({went} AT TIME ZONE 'Asia/Shanghai')::date",
        )
        after = STAGES[place + 1] if place + 1 < len(STAGES) else "approved"
        insert(
            cursor,
            TimelineEntry,
            source,
            subject_kind="'applications.application'",
            subject_id="app",
            event=f"'{event}'",
            facts=f'\'{{"before": "{stage}", "after": "{after}"}}\'::jsonb',
            at=went,
        )
