"""The dated standards: their shape (`schema`), and how one is read and chosen (`reading`). Plain Python."""

from verification.standards.reading import Problem, StandardError, choose, read_standard, sample_standards
from verification.standards.schema import CRITERIA, SOURCES, AssetTest, Standard, Tier

__all__ = [
    "CRITERIA",
    "SOURCES",
    "AssetTest",
    "Problem",
    "Standard",
    "StandardError",
    "Tier",
    "choose",
    "read_standard",
    "sample_standards",
]
