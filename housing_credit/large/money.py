"""The ledger of the tenancies: the rent of every month, what was paid of it, plans, reminders, bank statements."""

from typing import Any

from benefits.models import Entry, Instalment, Plan, Reminder, Statement, StatementLine
from credit.models import Lead
from housing_credit.large.checks import FIRST
from housing_credit.large.life import CITY, Hands
from housing_credit.large.rows import insert, next_id, sealed

DUE_DAY = 10
INSTALMENTS = 6
STATEMENTS = 6  # months of which the bank's statements are kept
LOST = 500  # one line in so many fits no tenancy
BANK = "江苏银行泰州分行"
# Three months are reminded, six are referred.
REMINDED, REFERRED = 3, 6
PLANNED = f"behind BETWEEN {REMINDED} AND {REFERRED - 1} AND n %% 36 = 0 AND state = 'running'"
# Of whom something is overdue: how many bills there are, what they come to, since when.
LATE = """(
    SELECT l.*, d.months, d.amount, d.since, d.newest FROM large_life l JOIN (
        SELECT e.account, count(*) AS months, sum(e.amount) AS amount, min(e.due_on) AS since, max(newest) AS newest
        FROM large_entry e JOIN (SELECT account_id, max(id) AS newest FROM benefits_entry GROUP BY 1) b
            ON b.account_id = e.account
        WHERE e.kind = 'bill' AND NOT e.is_paid AND e.due_on < current_date GROUP BY 1
    ) d ON d.account = l.account
) late"""


def lay(cursor: Any, by: Hands) -> None:
    """Bills and payments in the order of their days; accounts of who has left are closed at 0.00."""
    _draw(cursor)
    receivable, treasury = "'receivable'", "'treasury'"
    insert(
        cursor,
        Entry,
        "(SELECT * FROM large_entry WHERE day IS NOT NULL ORDER BY day, account, kind) e",
        account_id="account",
        kind="kind",
        debit=f"CASE kind WHEN 'bill' THEN {receivable} ELSE {treasury} END",
        credit=f"CASE kind WHEN 'bill' THEN 'income' ELSE {receivable} END",
        amount="amount",
        on="day",
        month="CASE kind WHEN 'bill' THEN month END",
        due_on="CASE kind WHEN 'bill' THEN due_on END",
        reference="reference",
        at="day + time '09:00'",
        by_id=f"CASE WHEN kind <> 'bill' THEN {by.cashier} END",
    )
    cursor.execute("ANALYZE benefits_entry")
    cursor.execute(
        "UPDATE benefits_account a SET closed_on = l.over_on FROM large_life l"
        " WHERE a.id = l.account AND l.state = 'ended'"
    )
    _statements(cursor, by)
    _plans(cursor, by)
    _reminders(cursor)


def _draw(cursor: Any) -> None:
    """Each bill, and where it was paid its payment, in a table of this connection."""
    cursor.execute("DROP TABLE IF EXISTS large_entry")
    cursor.execute(
        f"""
        CREATE TEMP TABLE large_entry AS
        WITH lived AS (
            SELECT *, (CASE WHEN extract(day FROM current_date) > {DUE_DAY} THEN this ELSE this - interval '1 month' END
                + make_interval(days => {DUE_DAY - 1}))::date AS last_due
            FROM large_life, date_trunc('month', current_date::timestamp) AS this WHERE has_keys
        ), months AS (
            SELECT l.*, m::date AS month, extract(day FROM m + interval '1 month' - interval '1 day') AS days,
                CASE WHEN handed_on > m::date THEN extract(day FROM handed_on) ELSE 1 END AS from_day,
                CASE WHEN back_on < (m + interval '1 month')::date THEN extract(day FROM back_on) END AS to_day,
                (CASE WHEN handed_on > m::date THEN m + interval '1 month' ELSE m END)::date + {DUE_DAY - 1} AS due_on,
                greatest(m::date, handed_on) AS billed_on
            FROM lived l, generate_series(date_trunc('month', handed_on::timestamp),
                date_trunc('month', coalesce(back_on, current_date)::timestamp), interval '1 month') AS m
        ), bills AS (
            SELECT *, round(rent * (coalesce(to_day, days) - from_day + 1) / days, 2) AS amount,
                greatest(billed_on, due_on - (n * 7 + extract(month FROM month)::int) %% 9) AS paid_on,
                behind > 0 AND due_on >= last_due - make_interval(months => behind - 1) AS is_owed
            FROM months
        ), kept AS (
            SELECT *, NOT is_owed AND paid_on <= current_date AS is_paid FROM bills WHERE amount > 0
        )
        SELECT n, account, 'bill' AS kind, month, due_on, billed_on AS day, amount, '' AS reference, is_paid FROM kept
        UNION ALL
        SELECT n, account, CASE WHEN state = 'ended' AND reason = 'breach' AND to_day IS NOT NULL THEN 'recovery'
                ELSE 'payment' END, month, due_on, paid_on, amount, 'L' || account || '-' || to_char(month, 'YYYYMM'),
            true
        FROM kept WHERE is_paid
        """,  # noqa: S608 -- our own words
        [],
    )
    cursor.execute("ANALYZE large_entry")


def _statements(cursor: Any, by: Hands) -> None:
    """Of the last months: a line for each payment, and a few that fit no tenancy."""
    cursor.execute("DROP TABLE IF EXISTS large_line, large_statement")
    cursor.execute(
        f"""
        CREATE TEMP TABLE large_line AS
        SELECT e.id AS entry, e.account_id AS account, e.amount, e.on AS day, e.reference,
            date_trunc('month', e.on::timestamp)::date AS month
        FROM benefits_entry e JOIN large_life l ON l.account = e.account_id
        WHERE e.kind IN ('payment', 'recovery') AND e.on >= current_date - interval '{STATEMENTS} months'
        """  # noqa: S608 -- our own words
    )
    cursor.execute(
        "INSERT INTO large_line SELECT NULL, NULL, amount, day, reference || '-X', month FROM large_line"
        " WHERE entry %% %s = 0",
        [LOST],
    )
    cursor.execute(
        f"CREATE TEMP TABLE large_statement AS SELECT {next_id(Statement)} AS statement, s.* FROM"  # noqa: S608 -- our own words
        " (SELECT month, min(day) AS first, max(day) AS last, count(*) AS many, sum(amount) AS total"
        " FROM large_line GROUP BY month ORDER BY month) s"
    )
    insert(
        cursor,
        Statement,
        "large_statement",
        id="statement",
        number=f"'DZ' || extract(year FROM month) || '-' || ({FIRST} + extract(month FROM month))",
        bank=f"'{BANK}'",
        account="'3212000000000000000'",
        from_on="first",
        until_on="last",
        lines_count="many",
        total="total",
        digest="md5('large' || month) || md5('statement' || month)",
        file_name="to_char(month, 'YYYY-MM') || '.csv'",
        at="last + time '17:00'",
        by_id=by.cashier,
    )
    insert(
        cursor,
        StatementLine,
        "large_line JOIN large_statement USING (month) LEFT JOIN large_life USING (account)",
        statement_id="statement",
        row="row_number() OVER (PARTITION BY month ORDER BY day, large_line.reference)",
        on="day",
        amount="amount",
        payer="coalesce(name, '某人')",
        remark="coalesce('ZL' || extract(year FROM signed_on) || '-' || " + f"({FIRST} + n), '房租')",
        reference="large_line.reference",
        state="CASE WHEN entry IS NULL THEN 'waiting' ELSE 'posted' END",
        why="CASE WHEN entry IS NULL THEN 'unmatched' ELSE '' END",
        account_id="account",
        entry_id="entry",
    )


def _plans(cursor: Any, by: Hands) -> None:
    cursor.execute("DROP TABLE IF EXISTS large_plan")
    cursor.execute(
        f"CREATE TEMP TABLE large_plan AS SELECT {next_id(Plan)} AS plan, * FROM {LATE} WHERE {PLANNED}",  # noqa: S608 -- our own words
        [],
    )
    insert(
        cursor,
        Plan,
        "large_plan",
        id="plan",
        number=f"'FQ' || extract(year FROM current_date) || '-' || ({FIRST} + n)",
        account_id="account",
        agreed_on="current_date",
        total="amount",
        after="newest",
        by_id=by.cashier,
    )
    share = f"round(amount / {INSTALMENTS}, 2)"
    insert(
        cursor,
        Instalment,
        f"large_plan, generate_series(1, {INSTALMENTS}) AS part",
        plan_id="plan",
        due_on="(current_date + part * interval '1 month')::date",
        amount=f"CASE part WHEN {INSTALMENTS} THEN amount - {INSTALMENTS - 1} * {share} ELSE {share} END",
    )


def _reminders(cursor: Any) -> None:
    lead = f"'XS' || extract(year FROM current_date) || '-' || ({FIRST + 100_000} + n)"
    insert(
        cursor,
        Reminder,
        f"{LATE} WHERE months >= {REMINDED}",
        tenancy_id="tenancy",
        since="since",
        on="least(current_date, since + 62)",
        months=str(REMINDED),
        amount=f"{REMINDED} * rent",
        referred_on=f"CASE WHEN months >= {REFERRED} THEN current_date END",
        lead=f"CASE WHEN months >= {REFERRED} THEN {lead} ELSE '' END",
    )
    insert(
        cursor,
        Lead,
        f"{LATE} WHERE months >= {REFERRED}",
        number=lead,
        kind="'arrears'",
        text=sealed(Lead, "text", "欠租"),
        origin="'arrears:' || tenancy",
        office_code=f"'{CITY}'",
        received_on="current_date",
    )
