"""What the pages of benefits show."""
