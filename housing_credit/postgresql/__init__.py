"""The database behind Django: PostgreSQL, whose kept connections are looked at before they are asked (ADR 0019)."""
