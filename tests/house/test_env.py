"""The environment is refused at the start where it would not do, in a sentence that names the variable."""

import pytest

from housing_credit.env import read_env


def test_production_does_not_start_without_secure_cookies(monkeypatch):
    monkeypatch.setenv("PRODUCTION", "true")
    with pytest.raises(SystemExit, match="SECURE_COOKIES=true"):
        read_env()
    monkeypatch.setenv("SECURE_COOKIES", "true")
    assert read_env().secure_cookies


def test_a_demo_starts_without_them(monkeypatch):
    monkeypatch.delenv("SECURE_COOKIES", raising=False)
    assert not read_env().secure_cookies


def test_a_value_of_the_wrong_type_is_named(monkeypatch):
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(SystemExit, match="PORT"):
        read_env()
