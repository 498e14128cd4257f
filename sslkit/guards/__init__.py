"""Looks for leaks between the parts, and for what should not have been read or changed."""

from sslkit.guards.findings import Finding, enforce
from sslkit.guards.inspection import Inspection, inspect

__all__ = ["Finding", "Inspection", "enforce", "inspect"]
