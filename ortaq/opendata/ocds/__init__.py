"""Releases and records of social orders by the Open Contracting Data Standard 1.1.5 (docs/open-data.md)."""
