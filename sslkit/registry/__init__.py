"""(kind, name) → component: what a config may name, which settings each takes, and how one is built."""

from sslkit.registry.registry import KINDS, Entry, Registry
from sslkit.registry.settings import REQUIRED, Setting
from sslkit.registry.values import check_plain

__all__ = ["KINDS", "REQUIRED", "Entry", "Registry", "Setting", "check_plain"]
