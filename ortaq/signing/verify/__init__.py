"""Verification of a CMS: one interface, three implementations. Pure Python, no Django (interop.md 7)."""
