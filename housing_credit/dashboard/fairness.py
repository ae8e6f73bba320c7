"""Fairness of enforcement: what officers confirm and dismiss, what households object to with success.

By district and by source, so that a source that is often wrong, or an office that decides otherwise, is seen.
"""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credit import models as credit
from housing_credit.dashboard import bases
from housing_credit.dashboard.figure import Figure, Group
from verification.models import Dispute, Finding, Objection

GROUPS: Sequence[Group] = (
    Group(
        "findings",
        # Translators: 疑点认定
        _("Findings settled"),
        (
            Figure(
                "findings_settled",
                _("Settled"),
                _("Findings that an officer has confirmed or dismissed in the period"),
                bases.FINDINGS,
            ),
            Figure(
                "findings_confirmed",
                _("Confirmed"),
                _("Of these, true and material"),
                bases.FINDINGS,
                Q(state=Finding.State.CONFIRMED),
                "findings_settled",
            ),
            Figure(
                "findings_dismissed",
                # Translators: 已排除
                _("Dismissed as unfounded"),
                _("Of these, the finding did not hold; many of one source tell that it is often wrong"),
                bases.FINDINGS,
                Q(state=Finding.State.DISMISSED),
                "findings_settled",
                "stripes",
            ),
        ),
        is_parts=True,
        by_share=True,
        by_source=True,
    ),
    Group(
        "objections",
        # Translators: 核对结果异议
        _("Objections to results"),
        (
            Figure(
                "objections_answered",
                _("Answered"),
                _("Objections of households to the result of their check, answered in the period"),
                bases.OBJECTIONS,
            ),
            Figure(
                "objections_upheld",
                # Translators: 异议成立
                _("Upheld"),
                _("Of these, upheld in full"),
                bases.OBJECTIONS,
                Q(outcome=Objection.Outcome.UPHELD),
                "objections_answered",
                "stripes",
            ),
            Figure(
                "objections_partly",
                _("Partly upheld"),
                _("Of these, upheld in part"),
                bases.OBJECTIONS,
                Q(outcome=Objection.Outcome.PARTLY),
                "objections_answered",
                "dots",
            ),
            Figure(
                "objections_not_upheld",
                _("Not upheld"),
                _("Of these, the result stands as it was"),
                bases.OBJECTIONS,
                Q(outcome=Objection.Outcome.NOT_UPHELD),
                "objections_answered",
            ),
        ),
        is_parts=True,
        by_share=True,
    ),
    Group(
        "lines",
        # Translators: 有异议的数据
        _("Disputed lines"),
        (
            Figure(
                "lines_settled",
                _("Settled"),
                _("Lines that households disputed, settled in the period; each is of one source"),
                bases.DISPUTES,
            ),
            Figure(
                "lines_corrected",
                # Translators: 来源已更正
                _("Corrected by the source"),
                _("Of these, the source had been wrong"),
                bases.DISPUTES,
                Q(outcome=Dispute.Outcome.CORRECTED),
                "lines_settled",
                "stripes",
            ),
            Figure(
                "lines_maintained",
                # Translators: 来源维持
                _("Maintained by the source"),
                _("Of these, the source says the same again"),
                bases.DISPUTES,
                Q(outcome=Dispute.Outcome.MAINTAINED),
                "lines_settled",
            ),
            Figure(
                "lines_refused",
                _("Objection refused"),
                _("Of these, an officer refused the objection with a reason"),
                bases.DISPUTES,
                Q(outcome=Dispute.Outcome.REFUSED),
                "lines_settled",
                "dots",
            ),
        ),
        is_parts=True,
        by_share=True,
        by_source=True,
    ),
    Group(
        "record_objections",
        # Translators: 失信记录异议
        _("Objections to records"),
        (
            Figure(
                "records_answered",
                _("Answered"),
                _("Objections to a record in the credit archive, answered in the period"),
                bases.RECORD_DISPUTES,
            ),
            Figure(
                "records_upheld",
                _("Upheld"),
                _("Of these, the finding was withdrawn"),
                bases.RECORD_DISPUTES,
                Q(status=credit.Dispute.Status.UPHELD),
                "records_answered",
                "stripes",
            ),
            Figure(
                "records_rejected",
                _("Not upheld"),
                _("Of these, the record stands"),
                bases.RECORD_DISPUTES,
                Q(status=credit.Dispute.Status.REJECTED),
                "records_answered",
            ),
        ),
        is_parts=True,
        by_share=True,
    ),
)
