"""Experiment → objects."""

from sslkit.build.prepared import Prepared
from sslkit.build.preparing import prepare

__all__ = ["Prepared", "prepare"]
