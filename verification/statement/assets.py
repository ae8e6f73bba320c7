"""Financial assets: every account at every bank, and what was declared where no bank answers for it.

Money that was moved away before the check counts by the daily average of six months, as far as it did not only move to
another account of the household. An account of which a bank tells for several members, under one key, is one account:
it counts whole, once, with the member who declared it.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from verification.facts import DeclaredAsset, RecordKind
from verification.figures import Figure
from verification.records.deposit import AccountType, Deposit
from verification.standards.schema import AssetBand, AssetTest
from verification.statement.fingerprints import group_key
from verification.statement.sheet import DECLARED, NOTHING, STANDARD, Found, Sheet, sum_of

DEFAULT = AssetTest(table=(AssetBand(persons=1, limit=NOTHING),))
JOINT = "joint_counted_once"
AT_BANKS = {"deposit", "wealth_product", "fund"}  # declared types for which the banks answer
_TYPES = {
    AccountType.WEALTH_PRODUCT: "wealth_product",
    AccountType.FUND: "fund",
    AccountType.BOND: "security",
    AccountType.SECURITY_MARGIN: "security",
}


class Account(Struct, frozen=True, kw_only=True):
    """One account as it enters the figure. `moved` is what the daily average has over its worth, where it was moved."""

    found: Found
    record: Deposit
    kind: str
    reason: str
    moved: Decimal = NOTHING

    @property
    def counts(self) -> bool:
        """Whether it adds to the figure."""
        return not self.reason

    @property
    def mark(self) -> tuple[str, str]:
        """What it is known by, whoever it is told of."""
        return _mark(self.found.source, self.record)


class Share(Struct, frozen=True, kw_only=True):
    """What one member has at banks, by the accounts that count with this member and by the member's own word, CNY."""

    worth: Decimal
    moved: Decimal
    elsewhere: Decimal  # on joint accounts that count with another member
    stated: Decimal


def count_assets(sheet: Sheet) -> Figure:
    """CNY of the household, as of the day of the check."""
    test = sheet.standard.asset_test or DEFAULT
    accounts = [*_accounts(sheet, test)]
    shares = {person: _share(sheet, test, accounts, person) for person in sheet.persons}
    gone = _really_gone(accounts)
    # What a member declares beyond the accounts may be what was moved away from them, and is the larger of the two.
    outdone = {
        person
        for person, share in shares.items()
        if share.stated > share.worth + share.elsewhere + min(share.moved, gone)
    }
    left = gone - sum((min(shares[person].moved, gone) for person in outdone), NOTHING)
    moved = _moved_of([each for each in accounts if each.found.person not in outdone], left)
    for person in sheet.persons:
        for account in (each for each in accounts if each.found.person == person):
            reason = account.reason or ("declared_is_more" if person in outdone else "")
            _write(sheet, account, reason, moved.get(id(account), NOTHING))
        for asset in (each for each in sheet.declared.assets if each.owner == person):
            _write_declared(sheet, test, asset, declared_is_more=person in outdone)
    return replace(sheet.total("assets"), least=_least(sheet, accounts, shares))


def _share(sheet: Sheet, test: AssetTest, accounts: list[Account], person: str) -> Share:
    own = [account for account in accounts if account.found.person == person]
    counted = [account for account in own if account.counts]
    standing = {account.mark for account in accounts if account.counts}
    shared = [account.record for account in own if account.reason == JOINT and account.mark in standing]
    return Share(
        worth=sum((account.record.worth for account in counted), NOTHING),
        moved=sum((account.moved for account in counted), NOTHING),
        elsewhere=sum((record.worth for record in shared), NOTHING),
        stated=sum((asset.amount for asset in _at_banks(sheet, test, person)), NOTHING),
    )


def _moved_of(accounts: Iterable[Account], left: Decimal) -> dict[int, Decimal]:
    """How much of what left the household each account adds, by its identity: the largest sums come first."""
    adds = {}
    for account in sorted(accounts, key=lambda each: (-each.moved, each.mark)):
        if account.counts and min(account.moved, left) > 0:
            adds[id(account)] = min(account.moved, left)
            left -= adds[id(account)]
    return adds


def _least(sheet: Sheet, accounts: Iterable[Account], shares: dict[str, Share]) -> Decimal | None:
    """What there is at least while a bank is silent, where moved money may have gone and joint accounts may lie."""
    if not sheet.silent_on(RecordKind.DEPOSIT):
        return None
    found = sum((account.record.worth for account in accounts if account.counts), NOTHING)
    stated = max((share.stated for share in shares.values()), default=NOTHING)
    besides = sum_of(
        line
        for line in sheet.lines
        if line.section == "assets" and line.source == DECLARED and line.used and line.kind not in AT_BANKS
    )
    return max(found, stated) + besides


def _at_banks(sheet: Sheet, test: AssetTest, person: str) -> list[DeclaredAsset]:
    """What a member declared that the banks answer for."""
    declared = [asset for asset in sheet.declared.assets if asset.owner == person]
    return [asset for asset in declared if asset.asset_type in AT_BANKS and _is_counted(asset.asset_type, test)]


def _accounts(sheet: Sheet, test: AssetTest) -> Iterator[Account]:
    holders = _holders(sheet, test)
    for (person, source), pairs in by_bank(sheet).items():
        reasons = [_why_not(test, person, record, holders.get(_mark(source, record))) for _, record in pairs]
        # A finding rests on what counts of a bank, so what was dismissed is known by the same accounts.
        counting = [record for (_, record), reason in zip(pairs, reasons, strict=True) if not reason]
        worth = sum((record.worth for record in counting), NOTHING)
        key = group_key(record.record_key for record in counting)
        aside = "set_aside" if sheet.is_set_aside(source, key, ("undeclared_deposit",), worth) else ""
        for (found, record), reason in zip(pairs, reasons, strict=True):
            kind = _TYPES.get(record.account_type, "deposit")
            moved = NOTHING
            if is_moved(record, test) and not sheet.is_set_aside(
                source, record.record_key, ("moved_deposits",), excess(record)
            ):
                moved = excess(record)
            yield Account(found=found, record=record, kind=kind, reason=reason or aside, moved=moved)


def _why_not(test: AssetTest, person: str, record: Deposit, holder: str | None) -> str:
    if not _is_counted(_TYPES.get(record.account_type, "deposit"), test):
        return "exempt_kind"
    return "" if record.joint is False or holder in {None, person} else JOINT


def _mark(source: str, record: Deposit) -> tuple[str, str]:
    """What makes an account of a bank the same account, whoever it is told of (contract, section 10.9)."""
    return source, record.record_key


def _holders(sheet: Sheet, test: AssetTest) -> dict[tuple[str, str], str]:
    """With whom an account counts that is told of several members: who is told the most, or else declared the most.

    What a member declared is first set against the accounts that are that member's alone. Where nothing else decides,
    the ID number does, so that it does not matter who is written down first.
    """
    told: dict[tuple[str, str], dict[str, Deposit]] = {}
    uncovered = dict.fromkeys(sheet.persons, NOTHING)
    for person in uncovered:
        uncovered[person] += sum((asset.amount for asset in _at_banks(sheet, test, person)), NOTHING)
    for found, record in sheet.records(Deposit):
        if record.joint is False:  # the bank says that it is this member's alone
            uncovered[found.person] -= record.worth
        else:
            told.setdefault(_mark(found.source, record), {})[found.person] = record
    holders = {}
    for mark, members in sorted(told.items(), key=lambda each: (len(each[1]), each[0])):  # those of one member first
        by_number = sorted(members, key=lambda person: sheet.persons[person].id_number)
        holder = max(by_number, key=lambda person: (members[person].worth, uncovered[person]))
        uncovered[holder] -= members[holder].worth
        if len(members) > 1:
            holders[mark] = holder
    return holders


def by_bank(sheet: Sheet) -> dict[tuple[str, str], list[tuple[Found, Deposit]]]:
    """Accounts by person and bank."""
    groups: dict[tuple[str, str], list[tuple[Found, Deposit]]] = {}
    for found, record in sheet.records(Deposit):
        groups.setdefault((found.person, found.source), []).append((found, record))
    return groups


def is_moved(record: Deposit, test: AssetTest) -> bool:
    """Whether the account was drained before the check: average well above the balance, with large outflows."""
    if record.average_6m is None or (record.large_outflow_6m or NOTHING) < test.moved_amount:
        return False
    return record.average_6m > record.worth * (1 + test.moved_share)


def excess(record: Deposit) -> Decimal:
    """What the daily average has over the present worth, CNY."""
    return (record.average_6m or NOTHING) - record.worth


def _really_gone(accounts: list[Account]) -> Decimal:
    """What left the household: averages over present worth of all accounts together, never less than 0."""
    counted = [account.record for account in accounts if account.counts]
    average = sum((record.worth if record.average_6m is None else record.average_6m for record in counted), NOTHING)
    return max(NOTHING, average - sum((record.worth for record in counted), NOTHING))


def _is_counted(kind: str, test: AssetTest) -> bool:
    return kind in test.counted and kind not in test.exempt


def _write(sheet: Sheet, account: Account, reason: str, moved: Decimal) -> None:
    record = account.record
    text = {"account": record.account_no, "type": f"{record.account_type}", "balance": f"{record.balance}"}
    if record.product_value is not None:
        text["product_value"] = f"{record.product_value}"
    if record.average_6m is not None:
        text["average_6m"] = f"{record.average_6m}"
    if record.large_outflow_6m:
        text["large_outflow_6m"] = f"{record.large_outflow_6m}"
    sheet.add(
        "assets",
        account.kind,
        account.found.person,
        account.found.source,
        NOTHING if reason else record.worth,
        reason=reason,
        amount=record.worth,
        text=text,
        record_key=record.record_key,
        data_date=account.found.data_date,
    )
    if moved:
        _write_moved(sheet, account, moved, text)


def _write_moved(sheet: Sheet, account: Account, moved: Decimal, text: dict[str, str]) -> None:
    """What left the household before the check, as a line of its own."""
    record = account.record
    sheet.add(
        "assets",
        "moved",
        account.found.person,
        STANDARD,
        moved,
        reason="daily_average",
        amount=excess(record),
        text={"source": account.found.source, **text},
        record_key=record.record_key,
        data_date=account.found.data_date,
    )


def _write_declared(sheet: Sheet, test: AssetTest, asset: DeclaredAsset, *, declared_is_more: bool) -> None:
    if not _is_counted(asset.asset_type, test):
        reason = "exempt_kind"
    elif asset.asset_type in AT_BANKS and not declared_is_more:
        reason = "found_is_more"
    else:
        reason = ""
    sheet.add(
        "assets",
        asset.asset_type,
        asset.owner,
        DECLARED,
        NOTHING if reason else asset.amount,
        reason=reason,
        amount=asset.amount,
        text={"institution": asset.institution},
    )
