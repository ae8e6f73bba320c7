"""The lives of invented people: what is true of an ID number follows from the number and the seed alone.

Shares, roughly as among those who ask for help with housing in a prefecture-level city: 85 % own no home, 8 % of adults
keep a vehicle, insurance base, fund base and income tax agree on one monthly wage, money lies in 0 to 4 of 14 banks.
"""

from datetime import date
from functools import lru_cache
from hashlib import blake2b
from struct import unpack

from msgspec import Struct

from verification.mock_departments.sources import BANKS

_DRAWS = 32
_EMPLOYERS = (
    ("泰州海阳纺织有限公司", "91321202MA9HY000"),
    ("泰州凤城物业服务有限公司", "91321202MA9FC000"),
    ("江苏口岸船舶工程有限公司", "91321203MA9KA000"),
    ("姜堰溱湖食品有限公司", "91321204MA9QH000"),
    ("泰州城东超市连锁有限公司", "91321202MA9CD000"),
    ("泰州医药城生物制品有限公司", "91321203MA9YY000"),
)
_CREDIT_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
_ROADS = ("海陵北路", "鼓楼南路", "青年路", "迎春东路", "东进西路", "人民路", "口泰路", "罗塘路")
_BRANDS = (
    ("五菱宏光", 52_000),
    ("长安逸动", 79_000),
    ("比亚迪元", 98_000),
    ("大众朗逸", 112_000),
    ("吉利帝豪", 69_000),
)


class Job(Struct, frozen=True):
    """Paid work. `wage` is CNY a month before tax; insurance base, fund base and income tax follow from it."""

    employer: str
    employer_code: str
    wage: int
    months: int  # worked within the past 12


class Dwelling(Struct, frozen=True):
    """A home in sole ownership, m²."""

    address: str
    area: int
    unit_number: str
    acquired_on: date
    mortgaged: bool


class Car(Struct, frozen=True):
    """A vehicle registered with the police."""

    plate: str
    model: str
    insured_value: int
    owned_since: date


class Account(Struct, frozen=True):
    """Everything at one bank, CNY."""

    number: str
    balance: int
    daily_mean: int


class Life(Struct, frozen=True):
    """One invented person. What is None or empty is truly not there."""

    birth: date
    male: bool
    age: int
    job: Job | None
    pension: int  # CNY a month, 0 without
    dwelling: Dwelling | None
    car: Car | None
    accounts: dict[str, Account]  # by bank code
    aid: int  # minimum living allowance, CNY a month, 0 without
    shop_capital: int  # a sole trader's capital, CNY, 0 without
    shop_name: str
    hukou_years: int


@lru_cache(maxsize=20_000)
def life(id_number: str, seed: int, today: date) -> Life:
    """The life behind an 18-character ID number. A number without a real birth date is a person of 1980."""
    draws = _draws(id_number, seed)
    birth = _birth(id_number)
    age = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    retired = age >= 60
    job = _job(draws) if 18 <= age < 60 and draws[0] < 0.72 else None
    return Life(
        birth=birth,
        male=int(id_number[16:17] or "1", 36) % 2 == 1,
        age=age,
        job=job,
        pension=1_200 + int(draws[1] * 2_400) if retired and draws[2] < 0.85 else 0,
        dwelling=_dwelling(draws, today) if age >= 22 and draws[3] < 0.15 else None,
        car=_car(draws, today) if age >= 20 and draws[4] < 0.08 else None,
        accounts=_accounts(draws, id_number, age),
        aid=650 + int(draws[5] * 200) if job is None and not retired and age >= 18 and draws[6] < 0.10 else 0,
        shop_capital=10_000 * (1 + int(draws[7] * 12)) if 22 <= age < 65 and draws[8] < 0.04 else 0,
        shop_name=f"海陵区第{int(draws[31] * 65_536):05d}号便利店",
        hukou_years=min(age, 2 + int(draws[9] * 30)),
    )


def credit_code(first: str) -> str:
    """A unified social credit code (GB 32100) from its first 16 characters: organisation check, then the last check."""
    organisation = sum(int(letter, 36) * weight for letter, weight in zip(first[8:], _WEIGHTS, strict=True))
    first += "0123456789X0"[11 - organisation % 11]
    weighed = sum(_CREDIT_CODE_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(first))
    return first + _CREDIT_CODE_LETTERS[(31 - weighed % 31) % 31]


def _draws(id_number: str, seed: int) -> list[float]:
    digest = blake2b(f"{seed}|{id_number}".encode(), digest_size=64).digest()
    return [value / 65_536 for value in unpack(f"<{_DRAWS}H", digest)]


def _birth(id_number: str) -> date:
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return date(1980, 1, 1)


def _job(draws: list[float]) -> Job:
    name, first = _EMPLOYERS[int(draws[10] * len(_EMPLOYERS))]
    wage = 2_600 + 10 * int(draws[11] ** 2 * 560)
    return Job(name, credit_code(first), wage, 12 if draws[12] < 0.85 else 3 + int(draws[13] * 9))


def _dwelling(draws: list[float], today: date) -> Dwelling:
    number = int(draws[14] * 900) + 100
    road = _ROADS[int(draws[15] * len(_ROADS))]
    return Dwelling(
        address=f"泰州市海陵区{road}{number}号{1 + number % 12}幢{101 + number % 500}室",
        area=38 + int(draws[16] * 70),
        unit_number=f"321202001001GB{int(draws[17] * 99_999):05d}F{int(draws[18] * 9_999):04d}0001"[:28],
        acquired_on=_years_ago(today, 3 + int(draws[19] * 20)),
        mortgaged=draws[20] < 0.4,
    )


def _car(draws: list[float], today: date) -> Car:
    model, price = _BRANDS[int(draws[21] * len(_BRANDS))]
    return Car(f"苏M9{int(draws[22] * 9_999):04d}", model, price, _years_ago(today, 1 + int(draws[23] * 9)))


def _accounts(draws: list[float], id_number: str, age: int) -> dict[str, Account]:
    count = int(draws[24] * 5) if age >= 18 else int(draws[24] * 1.3)
    accounts = {}
    for place in range(count):
        bank = BANKS[(int(draws[25] * len(BANKS)) + place * 5) % len(BANKS)]
        balance = int(draws[26 + place] ** 3 * (60_000 if age >= 18 else 4_000))
        number = f"6299{int(draws[25] * 65_536):05d}{id_number[-4:-1]}{place}{int(draws[26] * 65_536):05d}"
        accounts[bank] = Account(number, balance, balance - balance // 20)
    return accounts


def _years_ago(today: date, years: int) -> date:
    return date(today.year - years, 1 + (today.month + years) % 12, 15)
