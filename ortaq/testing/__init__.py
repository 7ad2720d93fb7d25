"""What the suite stands on: settings, fixtures, a throw-away PostgreSQL, the house rules."""
