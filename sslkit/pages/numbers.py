"""The numbers behind a figure or a table, packed into the page so that a reader can have them as CSV."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sslkit.foreign import safe_cell

DIGITS = 6  # significant ones: more than a reader needs, few enough to keep the page small


@dataclass(frozen=True)
class Numbers:
    """A CSV file: ``header`` names the columns, with their unit where there is one; None is an empty field."""

    header: tuple[str, ...]
    rows: Sequence[Sequence[Any]]

    @classmethod
    def from_columns(cls, header: Iterable[str], *columns: Sequence[Any]) -> Numbers:
        """From one sequence or array for each column.

        Raises:
            ValueError: columns of different lengths.
        """
        return cls(tuple(header), list(zip(*map(_as_list, columns), strict=True)))

    def csv(self) -> str:
        """The file's text (RFC 4180, lines end in a line feed)."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([safe_cell(name) for name in self.header])
        writer.writerows([_field(value) for value in row] for row in self.rows)
        return file.getvalue()


def _field(value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    return f"{value:.{DIGITS}g}" if isinstance(value, float) else str(safe_cell(value))


def download_buttons(numbers: Numbers | None = None, picture: bool = False) -> str:
    """Buttons as HTML: ``SVG`` of the picture beside them, ``CSV`` of the numbers; ``page.js`` makes the files.

    The numbers are carried compressed, and the same numbers always give the same bytes.
    """
    buttons = ['<button type="button" data-get="svg">SVG</button>'] if picture else []
    if numbers is not None and numbers.rows:
        packed = base64.b64encode(gzip.compress(numbers.csv().encode("utf-8"), mtime=0)).decode("ascii")
        buttons.append(f'<button type="button" data-get="csv" data-numbers="{packed}">CSV</button>')
    return f'<span class="get">{"".join(buttons)}</span>' if buttons else ""


def percent(fraction: float | None) -> float | None:
    """Of a fraction; None stays None, an empty field."""
    return None if fraction is None else 100.0 * fraction


def interval_percent(interval: tuple[float, float] | None) -> tuple[float | None, float | None]:
    """Both ends of an interval of fractions; of None two empty fields."""
    return (None, None) if interval is None else (100.0 * interval[0], 100.0 * interval[1])


def _as_list(column: Sequence[Any]) -> list[Any]:
    return list(column.tolist()) if isinstance(column, np.ndarray) else list(column)
