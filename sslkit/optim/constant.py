"""No schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sslkit.hookspecs import hookimpl
from sslkit.types import Schedule

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Constant(Schedule):
    """The peak learning rate at every step."""

    def factor(self, step: int, total_steps: int) -> float:
        """1, whatever the step."""
        return 1.0


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("constant", Constant)
