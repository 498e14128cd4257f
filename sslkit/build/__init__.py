"""Experiment → objects."""

from sslkit.build.prepared import Prepared
from sslkit.build.preparing import Shelf, prepare

__all__ = ["Prepared", "Shelf", "prepare"]
