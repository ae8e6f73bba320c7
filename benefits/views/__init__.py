"""The pages of benefits."""
