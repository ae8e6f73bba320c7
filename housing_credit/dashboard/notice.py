"""The notice's figures (clause A12): checked and unfit, recorded by reason, bans running and lifted."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credit.policies import SubjectKind
from housing_credit.dashboard import bases, benefit_bases
from housing_credit.dashboard.figure import Figure, Group
from verification.models import Conclusion

Outcome = Conclusion.Outcome

# Acts of the catalogue that are one reason to a reader of the notice.
CHANGED = ("F04", "F12")
ARREARS = ("F06",)
MISUSE = ("F07", "F08", "F09", "F10", "F14")
APPLYING = ("F01", "F02", "F03", "F11")


def _result(outcome: str) -> Q:
    return Q(current_check__conclusion__outcome=outcome)


def _acts(*codes: str) -> Q:
    return Q(case__act__code__in=codes)


EMPLOYERS = Q(case__act__subject_kind=SubjectKind.EMPLOYER.value)
KNOWN_REASON = _acts(*CHANGED, *ARREARS, *MISUSE, *APPLYING) | EMPLOYERS

GROUPS: Sequence[Group] = (
    Group(
        "checks",
        _("Checks"),
        (
            Figure(
                "checked",
                # Translators: 已比对
                _("Checked"),
                _("Applications whose check was concluded in the period; one that is checked again counts once, anew"),
                bases.CHECKED,
            ),
            Figure(
                "unfit",
                _("Unfit"),
                _("Of these, concluded unfit on a finding that a person has confirmed"),
                bases.CHECKED,
                _result(Outcome.UNFIT),
                "checked",
                look="stripes",
            ),
            Figure("fit", _("Fit"), _("Of these, every criterion met"), bases.CHECKED, _result(Outcome.FIT), "checked"),
            Figure(
                "incomplete",
                _("Incomplete"),
                _("Of these, concluded without an answer that is needed"),
                bases.CHECKED,
                _result(Outcome.INCOMPLETE),
                "checked",
                look="dots",
            ),
        ),
        is_parts=True,
    ),
    Group(
        "benefits",
        # Translators: 保障与收回
        _("Benefits and recovery"),
        (
            Figure(
                "homes_let",
                # Translators: 在租住房
                _("Homes let"),
                _("Homes in which a household lives on the last day of the period, or today"),
                benefit_bases.LET,
            ),
            Figure(
                "homes_recovered",
                # Translators: 收回住房
                _("Homes recovered"),
                _("Homes that came back in the period after an order to leave"),
                benefit_bases.RECOVERED,
            ),
            Figure(
                "rent_recovered",
                # Translators: 追缴租金（元）
                _("Rent recovered (CNY)"),
                _("What was recovered and posted in the period, but for what was taken back since"),
                benefit_bases.RECOVERIES,
                amount="amount",
            ),
            Figure(
                "waiting",
                # Translators: 轮候家庭
                _("Households waiting"),
                _("On the waiting list for a home now, also those which have an offer before them"),
                benefit_bases.WAITING,
            ),
            Figure(
                "subsidies",
                # Translators: 发放补贴家庭
                _("Subsidies paid"),
                _("Households that are paid a rental subsidy every month, now"),
                benefit_bases.PAID,
            ),
        ),
    ),
    Group(
        "records",
        # Translators: 记入诚信档案
        _("Recorded in the credit archive"),
        (
            Figure(
                "recorded",
                # Translators: 记录失信
                _("Recorded"),
                _("Credit cases entered in the archive in the period, but for those withdrawn or revoked since"),
                bases.RECORDED,
            ),
            Figure(
                "recorded_applying",
                # Translators: 申请时隐瞒
                _("Deceit when applying"),
                _("Of these, for what was hidden or falsified when applying, or a benefit obtained by deceit"),
                bases.RECORDED,
                _acts(*APPLYING),
                "recorded",
            ),
            Figure(
                "recorded_changed",
                # Translators: 情况变化
                _("Changed circumstances"),
                _("Of these, for a change that was not declared, or for not leaving once no longer eligible"),
                bases.RECORDED,
                _acts(*CHANGED),
                "recorded",
                look="stripes",
            ),
            Figure(
                "recorded_arrears",
                # Translators: 拖欠租金
                _("Arrears of rent"),
                _("Of these, for rent that was not paid"),
                bases.RECORDED,
                _acts(*ARREARS),
                "recorded",
                look="dots",
            ),
            Figure(
                "recorded_misuse",
                # Translators: 违规使用
                _("Misuse of the home"),
                _("Of these, for a home left vacant, sub-let, put to another use or damaged"),
                bases.RECORDED,
                _acts(*MISUSE),
                "recorded",
                look="grid",
            ),
            Figure(
                "recorded_employers",
                # Translators: 单位虚假证明
                _("Employers"),
                _("Of these, of employers: certificates that were false, or help to deceive"),
                bases.RECORDED,
                EMPLOYERS,
                "recorded",
                look="rising",
            ),
            Figure(
                "recorded_other",
                # Translators: 其他失信
                _("Other acts"),
                _("Of these, for any other act of the catalogue"),
                bases.RECORDED,
                ~KNOWN_REASON,
                "recorded",
                look="lines",
            ),
        ),
        is_parts=True,
    ),
    Group(
        "bans",
        # Translators: 限制申请
        _("Bans on benefits"),
        (
            Figure(
                "bans_running",
                # Translators: 限制执行中
                _("Bans running"),
                _("Bans of persons and employers that hold on the last day of the period, or today"),
                bases.BANS,
            ),
            Figure(
                "bans_ended",
                # Translators: 限制已解除
                _("Bans lifted"),
                _("Bans that ended in the period, when their time had run or earlier"),
                bases.ENDED_BANS,
            ),
        ),
    ),
)
