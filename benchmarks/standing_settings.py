"""The product's settings with one address more, for the benchmark's web server alone."""

from housing_credit.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.standing_urls"
