"""The dated policy of a city on dishonest acts: grades with their clocks, and the time limits of a case."""

from credit.policies.reading import read_policy, sample_policies
from credit.policies.schema import Cap, Grade, Letter, Policy, Severity, SubjectKind, When

__all__ = [
    "Cap",
    "Grade",
    "Letter",
    "Policy",
    "Severity",
    "SubjectKind",
    "When",
    "read_policy",
    "sample_policies",
]
