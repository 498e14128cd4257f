"""The one door by which built-ins and plugins enter.

>>> import sslkit
>>> class Invert(sslkit.Augmentation):
...     "The negative of a picture."
...     def apply(self, x, generator):
...         return 1 - x
>>> @sslkit.hookimpl
... def sslkit_register(registry):
...     registry.add("invert", Invert)

Such a file is a plugin; the program calls its hook:

>>> from sslkit.registry import Registry
>>> registry = Registry()
>>> sslkit_register(registry)
>>> registry.names("augmentation")
['invert']
"""

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
