"""The dated policy of a city on dishonest acts: grades with their clocks, and the time limits of a case."""

from credit.policies.reading import read_policy, sample_policies
from credit.policies.schema import Grade, Policy, Severity, SubjectKind

__all__ = [
    "Grade",
    "Policy",
    "Severity",
    "SubjectKind",
    "read_policy",
    "sample_policies",
]
