"""The certificate (dibao, tekun …) that opens a tier, held for some years. Legal basis: the article on the tier."""

from decimal import Decimal

from msgspec.structs import replace

from verification.facts import RecordKind
from verification.figures import Criterion, Figures, Operator
from verification.standards import Standard


def judge(figures: Figures, standard: Standard) -> Criterion | None:
    """Full years held; a household that holds none fails, unless the source that would know has not answered."""
    tier = standard.tier
    if tier.kind != "certificate":
        return None
    criterion = Criterion.of(
        "certificate",
        figures.certificate,
        Operator.AT_LEAST,
        Decimal(tier.certificate_years),
        unit="years",
        article=standard.article("certificate"),
        missing=figures.missing_for((RecordKind.ASSISTANCE,)),
        params={"certificates": ",".join(tier.certificates)},
    )
    if criterion.value is None and not criterion.missing:
        return replace(criterion, met=False, reason="certificate.none")
    return criterion
