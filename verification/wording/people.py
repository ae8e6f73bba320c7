"""What the standards' codes of persons mean: relation GB/T 4761, marital status GB/T 2261.2."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RELATIONS: Mapping[str, str | Promise] = {
    # Translators: 本人
    "01": _("Applicant"),
    # Translators: 户主
    "02": _("Head of household"),
    # Translators: 配偶
    "10": _("Spouse"),
    # Translators: 丈夫
    "11": _("Husband"),
    # Translators: 妻子
    "12": _("Wife"),
    # Translators: 儿子
    "20": _("Son"),
    # Translators: 养子
    "23": _("Adopted son"),
    # Translators: 继子
    "24": _("Stepson"),
    # Translators: 女婿
    "28": _("Son-in-law"),
    # Translators: 女儿
    "30": _("Daughter"),
    # Translators: 养女
    "33": _("Adopted daughter"),
    # Translators: 继女
    "34": _("Stepdaughter"),
    # Translators: 儿媳
    "38": _("Daughter-in-law"),
    # Translators: 孙子、孙女或外孙子、外孙女
    "40": _("Grandchild"),
    # Translators: 孙子
    "41": _("Grandson"),
    # Translators: 孙女
    "42": _("Granddaughter"),
    # Translators: 父母
    "50": _("Parent"),
    # Translators: 父亲
    "51": _("Father"),
    # Translators: 母亲
    "52": _("Mother"),
    # Translators: 公公
    "53": _("Husband's father"),
    # Translators: 婆婆
    "54": _("Husband's mother"),
    # Translators: 岳父
    "55": _("Wife's father"),
    # Translators: 岳母
    "56": _("Wife's mother"),
    # Translators: 祖父母或外祖父母
    "60": _("Grandparent"),
    # Translators: 祖父
    "61": _("Grandfather"),
    # Translators: 祖母
    "62": _("Grandmother"),
    # Translators: 兄弟姐妹
    "70": _("Sibling"),
    # Translators: 兄
    "71": _("Elder brother"),
    # Translators: 弟
    "73": _("Younger brother"),
    # Translators: 姐姐
    "75": _("Elder sister"),
    # Translators: 妹妹
    "77": _("Younger sister"),
    # Translators: 其他
    "80": _("Other relation"),
}

MARITAL: Mapping[str, str | Promise] = {
    # Translators: 未婚
    "10": _("Single"),
    # Translators: 已婚
    "20": _("Married"),
    # Translators: 初婚
    "21": _("Married for the first time"),
    # Translators: 再婚
    "22": _("Remarried"),
    # Translators: 复婚
    "23": _("Married again to the same partner"),
    # Translators: 丧偶
    "30": _("Widowed"),
    # Translators: 离婚
    "40": _("Divorced"),
    # Translators: 未说明的婚姻状况
    "90": _("Not stated"),
}


def relation(code: str) -> str:
    """The relation to the applicant; a finer code that is not listed reads as its group (22 as a son)."""
    return str(RELATIONS.get(code) or RELATIONS.get(f"{code[:1]}0") or RELATIONS["80"])


def marital(code: str) -> str:
    """The marital status; `90` and what is unknown reads as not stated."""
    return str(MARITAL.get(code, MARITAL["90"]))
