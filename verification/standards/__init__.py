"""The dated standards: their shape (`schema`), and how one is read and chosen (`reading`). Plain Python."""

from verification.standards.reading import choose, read_standard, sample_standards
from verification.standards.schema import CRITERIA, SOURCES, AssetTest, Rent, Standard, Subsidy, Tier

__all__ = [
    "CRITERIA",
    "SOURCES",
    "AssetTest",
    "Rent",
    "Standard",
    "Subsidy",
    "Tier",
    "choose",
    "read_standard",
    "sample_standards",
]
