"""Ortaq: state social orders, grants and prizes for NGOs, from need to result."""

from importlib.metadata import version

__version__ = version("ortaq")  # as pyproject.toml says
