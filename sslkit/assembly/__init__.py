"""Experiment → objects."""

from sslkit.assembly.prepared import Prepared
from sslkit.assembly.preparing import PreparedCache, prepare

__all__ = ["Prepared", "PreparedCache", "prepare"]
