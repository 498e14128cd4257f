"""What the runs cost: time, memory, parameters, steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sslkit.pages.numbers import Numbers, download_buttons
from sslkit.pages.palette import Style, swatch
from sslkit.report.figures.cells import TableCell
from sslkit.report.figures.words import duration_words, method_words
from sslkit.report.members import Member


def _count_words(value: float) -> str:
    return f"{value:,.0f}"


def _parameter_words(count: float) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if count >= size:
            return f"{count / size:.2f} {letter}"
    return f"{count:.0f}"


COSTS: tuple[tuple[str, str, Callable[[float], str]], ...] = (  # key in result.json, title, in words
    ("seconds", "time a run", duration_words),
    ("samples_per_second", "samples / s", _count_words),
    ("peak_memory_mb", "peak memory", lambda value: f"{value:,.0f} MB"),
    ("parameters", "parameters", _parameter_words),
    ("steps", "steps", _count_words),
    ("samples_seen", "samples seen", _count_words),
)


def cost_cells(member: Member, method: str) -> list[TableCell]:
    """Means over finished seeds in the order of ``COSTS``; empty where nothing was measured."""
    cells = []
    for key, _, words in COSTS:
        values = [
            run.cost[key] for run in member.runs_of(method) if run.finished and run.cost.get(key) is not None
        ]
        mean = float(np.mean(values)) if values else np.nan
        known = np.isfinite(mean) and (mean > 0 or key == "seconds")
        cells.append(
            TableCell(text=words(mean), value=f"{mean:.6g}", n=len(values)) if known else TableCell()
        )
    return cells


def cost_words(member: Member, method: str) -> str:
    """``61 s for 163,840 samples`` of a method that was trained, else nothing."""
    cells = dict(zip((key for key, _, _ in COSTS), cost_cells(member, method), strict=True))
    seen, seconds = cells["samples_seen"].text, cells["seconds"].text
    return f"{seconds} for {seen} samples" if seen and seconds else ""


def cost_sentence(member: Member) -> str:
    """What a run of each trained method cost, in time and in samples seen; empty without any."""
    parts = [
        f"{method_words(name)} {words}" for name in member.methods if (words := cost_words(member, name))
    ]
    return f"One run cost: {'; '.join(parts)}." if parts else ""


def cost_table(member: Member, styles: Mapping[str, Style]) -> dict[str, Any]:
    """A row for each method that has finished runs."""
    cells_of = {method: cost_cells(member, method) for method in member.methods}
    cells_of = {method: cells for method, cells in cells_of.items() if any(cell.text for cell in cells)}
    rows = [
        {
            "name": method,
            "swatch": swatch(styles[method]),
            "first_baseline": method == next(iter(member.baselines), None) and bool(member.objectives),
            "cells": cells,
            "n": max(cell.n for cell in cells),
        }
        for method, cells in cells_of.items()
    ]
    numbers = Numbers(
        ("method", *(key for key, _, _ in COSTS), "seeds"),
        [
            (method, *(cell.value for cell in cells), max(cell.n for cell in cells))
            for method, cells in cells_of.items()
        ],
    )
    return {
        "titles": [title for _, title, _ in COSTS],
        "rows": rows,
        "download": download_buttons(numbers),
    }
