"""Experiment → objects."""

from sslkit.assembly.prepared import Prepared
from sslkit.assembly.preparing import Shelf, prepare

__all__ = ["Prepared", "Shelf", "prepare"]
