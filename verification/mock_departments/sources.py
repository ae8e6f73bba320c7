"""The 24 sources this program plays: their codes, names, dialects and keys."""

from functools import cache

from cryptography.hazmat.primitives import hashes
from msgspec import Struct


class Source(Struct, frozen=True):
    """One office or bank. `bank_code` is the bank class code of the payment system (行别代码), empty for offices."""

    code: str
    dialect: str  # gov_json | bank_xml | province_batch
    name: str
    kinds: tuple[str, ...]
    bank_code: str = ""

    @property
    def key_id(self) -> str:
        """The id of the only key that this source accepts."""
        return f"demo-{self.code}"

    @property
    def secret(self) -> bytes:
        """The shared secret of that key, by the demo rule below."""
        return demo_secret(self.code)


@cache
def demo_secret(code: str) -> bytes:
    """The demo rule: the HMAC key is the 32-byte SM3 of "demo secret <code>"; handed over as its 64 hex digits."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(f"demo secret {code}".encode())
    return digest.finalize()


def _office(code: str, name: str, *kinds: str) -> Source:
    return Source(code, "gov_json", name, kinds)


def _bank(code: str, name: str, bank_code: str) -> Source:
    return Source(code, "bank_xml", name, ("deposit",), bank_code)


SOURCES: dict[str, Source] = {
    source.code: source
    for source in (
        _office("civil_affairs", "泰州市民政局", "marriage", "assistance", "registration"),
        _office("police", "泰州市公安局", "registration", "vehicle"),
        _office("social_security", "泰州市人力资源和社会保障局", "insurance"),
        _office("housing_bureau", "泰州市住房和城乡建设局", "housing"),
        _office("provident_fund", "泰州市住房公积金管理中心", "fund"),
        _office("market_regulation", "泰州市市场监督管理局", "business"),
        _office("state_tax", "泰州市税务局(原国税)", "tax"),
        _office("local_tax", "泰州市税务局(原地税)", "tax"),
        _office("transport", "泰州市交通运输局", "vehicle"),
        Source("province", "province_batch", "江苏省民政厅", ("assistance", "registration")),
        _bank("icbc", "中国工商银行", "102"),
        _bank("abc", "中国农业银行", "103"),
        _bank("boc", "中国银行", "104"),
        _bank("ccb", "中国建设银行", "105"),
        _bank("bocom", "交通银行", "301"),
        _bank("psbc", "中国邮政储蓄银行", "403"),
        _bank("jsb", "江苏银行", "313"),
        _bank("njcb", "南京银行", "313"),
        _bank("cmb", "招商银行", "308"),
        _bank("citic", "中信银行", "302"),
        _bank("cmbc", "中国民生银行", "305"),
        _bank("cib", "兴业银行", "309"),
        _bank("spdb", "上海浦东发展银行", "310"),
        _bank("tzrcb", "泰州农村商业银行", "314"),
    )
}
BANKS: tuple[str, ...] = tuple(code for code, source in SOURCES.items() if source.dialect == "bank_xml")
