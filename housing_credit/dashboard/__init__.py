"""The notice's figures by period, district and kind: each is a query set with a definition (ADR 0018)."""
