"""Where tables are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def make_console() -> Console:
    """Of the standard output, with our colours only."""
    from rich.console import Console

    return Console(highlight=False)
