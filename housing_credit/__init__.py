"""The roof: settings, entrances, dashboard, error pages. It sees every floor; nobody imports it."""
