"""The one door by which built-ins and plugins enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from sslkit.registry import Registry

hookspec = pluggy.HookspecMarker("sslkit")
hookimpl = pluggy.HookimplMarker("sslkit")


@hookspec
def sslkit_register(registry: Registry) -> None:
    """Add components: ``registry.add("invert", Invert)``. The kind is read from the base class."""
