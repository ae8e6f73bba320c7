"""What the rules judge and how: figures with their working, and a criterion held against its line. Plain data."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from verification.facts import RecordKind

_VERDICTS = {True: "met", False: "failed", None: "unknown"}


class Operator(StrEnum):
    """How a figure is held against its limit."""

    UNDER = "<"
    AT_MOST = "<="
    AT_LEAST = ">="

    def holds(self, value: Decimal, limit: Decimal) -> bool:
        """Whether the value stands on the right side of the limit, exactly."""
        if self is Operator.UNDER:
            return value < limit
        return value <= limit if self is Operator.AT_MOST else value >= limit


class Criterion(Struct, frozen=True, kw_only=True):
    """One criterion of the standard, judged. `met` is None when an answer that is needed is missing.

    `distance` is how far inside the line the value stands (negative: beyond it); `lines` are numbers of lines of the
    statement.
    """

    name: str
    value: Decimal | None
    limit: Decimal | None
    operator: Operator
    unit: str  # cny_head_month | m2_head | m2 | cny_head | cny | vehicles | years | benefits
    met: bool | None
    reason: str  # "<name>.met", "<name>.failed", "<name>.unknown" or a more exact code; localised by the pages
    params: dict[str, str] = {}
    article: str = ""
    distance: Decimal | None = None
    missing: tuple[str, ...] = ()  # codes of the sources whose answer is needed
    lines: tuple[int, ...] = ()

    @classmethod
    def of(
        cls,
        name: str,
        figure: "Figure",
        operator: Operator,
        limit: Decimal,
        *,
        unit: str,
        article: str,
        missing: tuple[str, ...] = (),
        heads: tuple[str, ...] = (),
        params: dict[str, str] | None = None,
    ) -> "Criterion":
        """Judge a figure by all that it may yet be.

        Silent sources of what is counted (`missing`) could raise it without bound; those that could only tell of fewer
        members (`heads`) leave it between its least and its most.
        """
        value = figure.value
        met = _judge(figure, operator, limit, may_grow=bool(missing))
        missing = tuple(sorted({*missing, *heads}))
        told = {"limit": f"{limit}", "operator": operator.value, **(params or {})}
        if value is not None:
            told["value"] = f"{value}"
        if met is None and missing:
            told["sources"] = ",".join(missing)
        return cls(
            name=name,
            value=value,
            limit=limit,
            operator=operator,
            unit=unit,
            met=met,
            reason=f"{name}.{_VERDICTS[met]}",
            params=told,
            article=article,
            distance=_distance(value, operator, limit),
            missing=missing,
            lines=figure.lines,
        )

    def opened(self) -> "Criterion":
        """The same, not to be judged before the silent sources have answered."""
        params = {**self.params, "sources": ",".join(self.missing)}
        return replace(self, met=None, reason=f"{self.name}.{_VERDICTS[None]}", params=params)


def _judge(figure: "Figure", operator: Operator, limit: Decimal, *, may_grow: bool) -> bool | None:
    """What holds, or not, for all that the figure may be; None where an answer that is still out could decide."""
    if figure.value is None or figure.at_least is None or figure.at_most is None:
        return None
    low, high = operator.holds(figure.at_least, limit), operator.holds(figure.at_most, limit)
    if operator is Operator.AT_LEAST:
        return True if low else None if high or may_grow else False
    return False if not low else None if not high or may_grow else True


def _distance(value: Decimal | None, operator: Operator, limit: Decimal) -> Decimal | None:
    if value is None:
        return None
    return value - limit if operator is Operator.AT_LEAST else limit - value


class Step(Struct, frozen=True, kw_only=True):
    """One step of the working of a figure: a code, an amount and the statement lines that it rests on."""

    code: str
    amount: Decimal
    person: str = ""
    lines: tuple[int, ...] = ()


class Figure(Struct, frozen=True, kw_only=True):
    """A figure of the statement with its working. `value` is None when it cannot be formed at all.

    `least` and `most` are set where answers that are still out could change what is counted already: a register that
    takes a declared home away, an insurance that was paid for fewer months, a death. More of it is no part of `most`.
    """

    value: Decimal | None = None
    lines: tuple[int, ...] = ()
    steps: tuple[Step, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def at_least(self) -> Decimal | None:
        """What it comes to at least, whatever the silent sources may say."""
        return self.value if self.least is None else self.least

    @property
    def at_most(self) -> Decimal | None:
        """What that which is counted already comes to at most."""
        return self.value if self.most is None else self.most


class Figures(Struct, frozen=True, kw_only=True):
    """What the rules judge: the sums of one household's statement, each with the lines under it."""

    household_size: Figure
    income: Figure = Figure(value=Decimal(0))  # CNY per head a month
    area: Figure = Figure(value=Decimal(0))  # m² per head
    area_total: Figure = Figure(value=Decimal(0))  # m² of the household
    assets: Figure = Figure(value=Decimal(0))  # CNY of the household
    vehicles: Figure = Figure(value=Decimal(0))  # number of vehicles that count
    vehicle_price: Figure = Figure(value=Decimal(0))  # the dearest, CNY
    unpriced_vehicles: int = 0
    business: Figure = Figure(value=Decimal(0))  # paid-in capital of the household, CNY
    disputed_capital: Decimal = Decimal(0)  # of businesses that a member says were registered behind their back
    residence: Figure = Figure(value=Decimal(0))  # full years of local registration, of the last adult who is needed
    single_age: Figure = Figure()  # age of a person who applies alone; None when it does not apply
    benefits: Figure = Figure(value=Decimal(0))  # other housing protections that the household holds
    certificate: Figure = Figure()  # full years that the tier's certificate has run without a break; None: not held
    missing: dict[str, tuple[str, ...]] = {}  # record kind -> required sources that did not answer on it

    def missing_for(self, kinds: Iterable[RecordKind]) -> tuple[str, ...]:
        """The required sources without an answer on any of these kinds, sorted."""
        return tuple(sorted({source for kind in kinds for source in self.missing.get(kind, ())}))


def per_head(total: Decimal, heads: int) -> Decimal | None:
    """The share of each, to the cent where it comes out even, else cut after 6 places so that it never crosses a line.

    None for no heads.
    """
    if heads < 1:
        return None
    cents = (total / heads).quantize(Decimal("0.01"), ROUND_DOWN)
    return cents if cents * heads == total else (total / heads).quantize(Decimal("0.000001"), ROUND_DOWN)
