"""Grants by the 360Giving Data Standard 1.4.3 (docs/open-data.md)."""
