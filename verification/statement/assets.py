"""Financial assets: every account at every bank, and what was declared where no bank answers for it.

Money that was moved away before the check counts by the daily average of six months, as far as it did not only move to
another account of the household. An account of which a bank tells for several members, under one key, is one account:
it counts whole, once, with the member who declared it.
"""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from verification.facts import DeclaredAsset
from verification.figures import Figure
from verification.records.deposit import AccountType, Deposit
from verification.standards.schema import AssetBand, AssetTest
from verification.statement.sheet import DECLARED, NOTHING, STANDARD, Found, Sheet, group_key

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


def count_assets(sheet: Sheet) -> Figure:
    """CNY of the household, as of the day of the check."""
    test = sheet.standard.asset_test or DEFAULT
    accounts = [*_accounts(sheet, test)]
    left = _really_gone(accounts)
    standing = {_mark(account.found.source, account.record) for account in accounts if account.counts}
    for person in sheet.persons:
        own = [account for account in accounts if account.found.person == person]
        declared = [asset for asset in sheet.declared.assets if asset.owner == person]
        at_banks = [asset for asset in declared if asset.asset_type in AT_BANKS and _is_counted(asset.asset_type, test)]
        worth = sum((account.record.worth for account in own if account.counts), NOTHING)
        moved = sum((account.moved for account in own if account.counts), NOTHING)
        stated = sum((asset.amount for asset in at_banks), NOTHING)
        shared = [
            each.record for each in own if each.reason == JOINT and _mark(each.found.source, each.record) in standing
        ]
        elsewhere = sum((record.worth for record in shared), NOTHING)  # counts with another member
        declared_is_more = stated > worth + min(moved, left) + elsewhere
        for account in own:
            reason = account.reason or ("declared_is_more" if declared_is_more else "")
            adds = NOTHING if reason or account.moved <= 0 else min(account.moved, left)
            left -= adds
            _write(sheet, account, reason, adds)
        for asset in declared:
            _write_declared(sheet, asset, test, at_bank=asset in at_banks, declared_is_more=declared_is_more)
    return sheet.total("assets")


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

    What a member declared is first set against the accounts that are that member's alone.
    """
    told: dict[tuple[str, str], dict[str, Deposit]] = {}
    uncovered = dict.fromkeys(sheet.persons, NOTHING)
    for asset in sheet.declared.assets:
        if asset.owner in uncovered and asset.asset_type in AT_BANKS and _is_counted(asset.asset_type, test):
            uncovered[asset.owner] += asset.amount
    for found, record in sheet.records(Deposit):
        if record.joint is False:  # the bank says that it is this member's alone
            uncovered[found.person] -= record.worth
        else:
            told.setdefault(_mark(found.source, record), {})[found.person] = record
    holders = {}
    for mark, members in sorted(told.items(), key=lambda each: (len(each[1]), each[0])):  # those of one member first
        holder = max(sorted(members), key=lambda person: (members[person].worth, uncovered[person]))
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


def _write_declared(
    sheet: Sheet, asset: DeclaredAsset, test: AssetTest, *, at_bank: bool, declared_is_more: bool
) -> None:
    if not _is_counted(asset.asset_type, test):
        reason = "exempt_kind"
    elif at_bank and not declared_is_more:
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
