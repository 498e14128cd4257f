"""Grids and ablations as the page shows them: what they say in words, their charts, their tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sslkit.pages.palette import Style, legend_entries, swatch
from sslkit.pages.svg import SvgWriter
from sslkit.report.figures.charts import Chart
from sslkit.report.grid.ablation import NOTE, ablation_answers, ablation_effects, ablation_table
from sslkit.report.grid.ablation_charts import ablation_charts
from sslkit.report.grid.axes import grid_axes
from sslkit.report.grid.charts import grid_charts
from sslkit.report.grid.tables import grid_table
from sslkit.report.grid.variants import VariantSet, is_variant, variant_sets
from sslkit.report.grid.words import grid_answers
from sslkit.report.members import Member

CUT = "Intervals that run off a chart are wider than it shows; the tables have them."
GRID_NOTE = (
    "Mean in % with its 95 % interval over seeds; below, paired differences in percentage points, corrected (Holm) for "
    "the number of points in a row; bold where they are no chance. Every point has the same seeds. A method that the "
    "varied settings do not reach was run once and stands at every point (in charts, as a band)."
)


def variant_sections(
    members: Iterable[Member], anchors: Mapping[str, str], styles: Mapping[str, Style], svg: SvgWriter
) -> list[dict[str, Any]]:
    """One for each grid and each ablation, as the template wants it; ``anchors`` lead to the members' own sections."""
    members = list(members)
    bases = {member.facts["variant"]["of"] for member in members if is_variant(member)}
    return [
        _section(variants, number, len(bases) > 1, anchors, styles, svg)
        for number, variants in enumerate(variant_sets(members), start=1)
    ]


def _section(
    variants: VariantSet,
    number: int,
    several: bool,
    anchors: Mapping[str, str],
    styles: Mapping[str, Style],
    svg: SvgWriter,
) -> dict[str, Any]:
    fill = _ablation if variants.kind == "ablation" else _grid
    content = fill(variants, styles, svg)
    for table in content["tables"]:
        for row in table["rows"]:
            row["swatch"] = swatch(styles[row["method"]]) if row.get("method") else ""
    return {
        **content,
        "name": variants.of if several else "",
        "anchor": f"{variants.kind}-{number}",
        "legend": legend_entries(styles, variants.methods),
        "members": [{"name": member.name, "anchor": anchors[member.name]} for member in variants.members],
    }


def _grid(variants: VariantSet, styles: Mapping[str, Style], svg: SvgWriter) -> dict[str, Any]:
    charts: list[Chart] = []
    cut = False
    for column in variants.columns:
        own, off = grid_charts(variants, column, styles, svg)
        charts += own
        cut |= off
    axes = grid_axes(variants)
    return {
        "kind": "grid",
        "title": f"{variants.metric.capitalize()} against {' and '.join(axis.name for axis in axes)}",
        "answers": grid_answers(variants),
        "charts": charts,
        "cut": CUT if cut else "",
        "tables": [grid_table(variants, column) for column in variants.columns],
        "note": GRID_NOTE,
    }


def _ablation(variants: VariantSet, styles: Mapping[str, Style], svg: SvgWriter) -> dict[str, Any]:
    found = ablation_effects(variants)
    charts: list[Chart] = []
    cut = False
    for effects in found:
        own, off = ablation_charts(effects, styles, svg)
        charts += own
        cut |= off
    return {
        "kind": "ablation",
        "title": "What is each augmentation worth?",
        "answers": ablation_answers(found),
        "charts": charts,
        "cut": CUT if cut else "",
        "tables": [ablation_table(effects) for effects in found],
        "note": NOTE,
    }
