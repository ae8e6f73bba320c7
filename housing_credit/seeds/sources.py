"""The 24 sources (clause A5): nine municipal departments, the province, fourteen banks.

In a demo they are mocked over real HTTP.
"""

from typing import NamedTuple

from django.conf import settings

from bureau import ciphers
from housing_credit import companions
from verification.models import Dialect, Source


class SourceSeed(NamedTuple):
    """One source: code, names, dialect, what it keeps, whether a check may be concluded without it, for how many days
    its last known answer serves, and after how many its data are old.
    """

    code: str
    name_zh: str
    name_en: str
    dialect: str
    kinds: tuple[str, ...]
    may_be_missing: bool = False
    last_known_days: int | None = None
    stale_after_days: int | None = None

    @property
    def policy(self) -> str:
        """What follows when it does not answer."""
        if self.last_known_days:
            return Source.Policy.LAST_KNOWN
        return Source.Policy.MAY_BE_MISSING if self.may_be_missing else Source.Policy.MUST_ANSWER


GOV, BANK, PROVINCE = Dialect.GOV_JSON, Dialect.BANK_XML, Dialect.PROVINCE_BATCH

SOURCES = (
    SourceSeed("civil_affairs", "市民政局", "Civil Affairs Bureau", GOV, ("marriage", "assistance", "registration")),
    SourceSeed("police", "市公安局", "Public Security Bureau", GOV, ("registration", "vehicle")),
    SourceSeed(
        "social_security", "市人力资源和社会保障局", "Human Resources and Social Security Bureau", GOV, ("insurance",)
    ),
    SourceSeed(
        "housing_bureau",
        "市住房保障和房产管理局",
        "Housing Administration Bureau",
        GOV,
        ("housing",),
        stale_after_days=180,
    ),
    SourceSeed("provident_fund", "市住房公积金管理中心", "Housing Provident Fund Centre", GOV, ("fund",)),
    SourceSeed("market_regulation", "市市场监督管理局", "Market Regulation Bureau", GOV, ("business",)),
    SourceSeed("state_tax", "市国家税务局", "State Taxation Bureau", GOV, ("tax",), True),
    SourceSeed("local_tax", "市地方税务局", "Local Taxation Bureau", GOV, ("tax",)),
    SourceSeed("transport", "市交通运输局", "Transport Bureau", GOV, ("vehicle",), True),
    SourceSeed(
        "province",
        "省民政厅核对平台",
        "Provincial Civil Affairs Platform",
        PROVINCE,
        ("assistance", "registration"),
        True,
        stale_after_days=365,
    ),
    SourceSeed("icbc", "中国工商银行泰州分行", "Industrial and Commercial Bank of China", BANK, ("deposit",)),
    SourceSeed("abc", "中国农业银行泰州分行", "Agricultural Bank of China", BANK, ("deposit",)),
    SourceSeed("boc", "中国银行泰州分行", "Bank of China", BANK, ("deposit",)),
    SourceSeed("ccb", "中国建设银行泰州分行", "China Construction Bank", BANK, ("deposit",)),
    SourceSeed("bocom", "交通银行泰州分行", "Bank of Communications", BANK, ("deposit",)),
    SourceSeed("psbc", "中国邮政储蓄银行泰州市分行", "Postal Savings Bank of China", BANK, ("deposit",)),
    SourceSeed("jsb", "江苏银行泰州分行", "Bank of Jiangsu", BANK, ("deposit",)),
    SourceSeed("njcb", "南京银行泰州分行", "Bank of Nanjing", BANK, ("deposit",), last_known_days=90),
    SourceSeed("cmb", "招商银行泰州分行", "China Merchants Bank", BANK, ("deposit",)),
    SourceSeed("citic", "中信银行泰州分行", "China CITIC Bank", BANK, ("deposit",)),
    SourceSeed("cmbc", "中国民生银行泰州分行", "China Minsheng Bank", BANK, ("deposit",)),
    SourceSeed("cib", "兴业银行泰州分行", "Industrial Bank", BANK, ("deposit",)),
    SourceSeed("spdb", "上海浦东发展银行泰州分行", "Shanghai Pudong Development Bank", BANK, ("deposit",)),
    SourceSeed("tzrcb", "泰州农村商业银行", "Taizhou Rural Commercial Bank", BANK, ("deposit",)),
)


def demo_secret(code: str) -> str:
    """The secret that the mock department of this code shares with a demo installation, hex."""
    return ciphers.sm3(f"demo secret {code}".encode()).hex()


def seed_sources() -> int:
    """Enter what is missing; in a demo, point the sources at the mock departments. Returns how many were new."""
    new = 0
    if settings.DEMO and not settings.ENV.mock_departments_url:
        companions.remember_mock_port(settings.MOCK_PORT)
    for place, seed in enumerate(SOURCES, start=1):
        url = f"{settings.MOCK_DEPARTMENTS_URL}/{seed.code}"
        source, created = Source.objects.get_or_create(
            code=seed.code,
            defaults={
                "name_zh": seed.name_zh,
                "name_en": seed.name_en,
                "place": place,
                "dialect": seed.dialect,
                "kinds": list(seed.kinds),
                "policy": seed.policy,
                "last_known_days": seed.last_known_days,
                "stale_after_days": seed.stale_after_days,
                "url": url,
                "key_id": f"demo-{seed.code}",
                "secret": demo_secret(seed.code),
            },
        )
        new += created
        if settings.DEMO and source.key_id == f"demo-{seed.code}" and source.url != url:
            source.url = url
            source.save(update_fields=["url"])
    return new
