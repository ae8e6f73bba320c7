"""The invented people of a replay: who lives together, what they earn and where their money lies. Plain Python."""

import random
from datetime import date, timedelta

from msgspec import Struct
from stdnum.cn import ric

from housing_credit.population import DIVISION, GIVEN, SURNAMES

YEAR = 365
EMPLOYERS = (
    ("泰州海阳纺织有限公司", "91321202MA9HY0004Y"),
    ("泰州城东超市连锁有限公司", "91321202MA9CD0005H"),
    ("江苏口岸船舶工程有限公司", "91321203MA9KA0006X"),
    ("泰州医药城生物制品有限公司", "91321203MA9YY000XC"),
)
BANKS = ("icbc", "abc", "boc", "ccb", "bocom", "psbc", "jsb", "tzrcb")
BANK_NAMES = {
    "icbc": "中国工商银行",
    "abc": "中国农业银行",
    "boc": "中国银行",
    "ccb": "中国建设银行",
    "bocom": "交通银行",
    "psbc": "中国邮政储蓄银行",
    "jsb": "江苏银行",
    "tzrcb": "泰州农村商业银行",
}
APPLICANT, SPOUSE, SON, DAUGHTER = "01", "10", "20", "30"  # GB/T 4761
SINGLE, MARRIED, WIDOWED = "10", "20", "30"  # GB/T 2261.2
ADULT, OLD = 18, 60
# How a household is made up and how often: grown-up workers, children, an old person by herself.
SHAPES = (((1, 0, 0), 20), ((0, 0, 1), 10), ((2, 0, 0), 20), ((2, 1, 0), 35), ((2, 2, 0), 10), ((1, 1, 0), 5))


class Someone(Struct, frozen=True, kw_only=True):
    """A person of whom everything said here is true. Money is CNY, `wage` and `pension` a month."""

    key: str
    name: str
    id_number: str
    relation: str
    marital: str
    wage: int = 0
    pension: int = 0
    employer: tuple[str, str] = ("", "")
    bank: str = ""
    balance: int = 0
    account: str = ""

    @property
    def tail(self) -> str:
        """What stands for the person in the numbers of records."""
        return self.id_number[8:17]


class Invention:
    """Makes people, the same ones for the same seed; nobody twice."""

    def __init__(self, seed: int, on: date) -> None:
        self.draw = random.Random(seed)  # noqa: S311 -- invented people, not a secret
        self.on = on
        self._taken: set[str] = set()
        self._names: set[str] = set()  # of the family that is being made

    def family(self, *, modest: bool) -> tuple[Someone, ...]:
        """Who live together, the applicant first; `modest`: as poor as for a subsidy."""
        draw = self.draw
        self._names = set()
        shapes, weights = zip(*SHAPES, strict=True)
        workers, children, old = draw.choices(shapes, weights)[0]
        surname, man = draw.choice(SURNAMES), draw.random() < 0.5
        if old:
            return (self._someone(1, surname, man, draw.randint(OLD + 2, 80), WIDOWED, modest=modest),)
        age = draw.randint(26, 50)
        alone = WIDOWED if children else SINGLE
        people = [self._someone(1, surname, man, age, MARRIED if workers > 1 else alone, modest=modest)]
        if workers > 1:
            years = max(23, age + draw.randint(-4, 4))
            people.append(self._someone(2, draw.choice(SURNAMES), not man, years, MARRIED, modest=modest))
        for place in range(len(people) + 1, len(people) + 1 + children):
            people.append(
                self._someone(place, surname, draw.random() < 0.5, draw.randint(1, 11), SINGLE, modest=modest)
            )
        return tuple(people)

    def _someone(self, place: int, surname: str, man: bool, age: int, marital: str, *, modest: bool) -> Someone:
        draw = self.draw
        grown, works = age >= ADULT, ADULT <= age < OLD
        relation = APPLICANT if place == 1 else SPOUSE if grown else SON if man else DAUGHTER
        id_number = self._id_number(age, man)
        return Someone(
            key=f"m{place}",
            name=self._name(surname),
            id_number=id_number,
            relation=relation,
            marital=marital,
            wage=10 * draw.randint(230, 260 if modest else 380) if works else 0,
            pension=10 * draw.randint(130, 240) if age >= OLD else 0,
            employer=draw.choice(EMPLOYERS) if works else ("", ""),
            bank=draw.choice(BANKS) if grown else "",
            balance=draw.randint(2_000, 45_000) if grown else 0,
            account=f"{draw.randrange(10**12):012d}" if grown else "",
        )

    def _name(self, surname: str) -> str:
        """A name that nobody else of the family has."""
        while True:
            name = surname + "".join(self.draw.sample(GIVEN, 2))
            if name not in self._names:
                self._names.add(name)
                return name

    def _id_number(self, age: int, man: bool) -> str:
        """A valid number that nobody has yet. The mock departments' own people have orders from 900 on."""
        while True:
            born = self.on - timedelta(days=age * YEAR + self.draw.randrange(YEAR))
            order = self.draw.randrange(100, 900, 2) + (1 if man else 0)
            first = f"{DIVISION}{born:%Y%m%d}{order:03d}"
            if first not in self._taken:
                self._taken.add(first)
                return first + ric.calc_check_digit(f"{first}0")
