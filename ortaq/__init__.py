"""Ortaq: state social orders, grants and prizes for NGOs, from need to result."""
