"""A family of variants as the page shows it: what it says in words, its pictures, its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sslkit.pages.palette import Style, swatch
from sslkit.pages.svg import SvgWriter
from sslkit.report.grid import ablation, tables, words
from sslkit.report.grid.charts import charts_of
from sslkit.report.grid.variants import Family, families, is_variant
from sslkit.report.read import Member

CUT = "Intervals that run off a picture are wider than it shows; the tables have them."
GRID_NOTE = (
    "Mean in % with its 95 % interval over seeds; below, paired differences in percentage points, corrected (Holm) for "
    "the number of points in a row; bold where they are no chance. Every point has the same seeds. A method that the "
    "varied settings do not reach was run once and stands at every point (in pictures, as a band)."
)


def family_sections(
    members: Iterable[Member], anchors: Mapping[str, str], styles: Mapping[str, Style], svg: SvgWriter
) -> list[dict[str, Any]]:
    """One for each grid and each ablation, as the template wants it; ``anchors`` lead to the members' own sections."""
    members = list(members)
    bases = {member.facts["variant"]["of"] for member in members if is_variant(member)}
    return [
        _section(family, number, len(bases) > 1, anchors, styles, svg)
        for number, family in enumerate(families(members), start=1)
    ]


def _section(
    family: Family,
    number: int,
    several: bool,
    anchors: Mapping[str, str],
    styles: Mapping[str, Style],
    svg: SvgWriter,
) -> dict[str, Any]:
    from markupsafe import Markup

    build = _ablation if family.kind == "ablation" else _grid
    content = build(family, styles, svg)
    for chart in content["charts"]:
        chart["svg"] = Markup(chart["svg"])
    for table in content["tables"]:
        for row in table["rows"]:
            row["swatch"] = Markup(swatch(styles[row["method"]])) if row.get("method") else ""
    return {
        **content,
        "name": family.of if several else "",
        "anchor": f"{family.kind}-{number}",
        "legend": [{"name": name, "swatch": Markup(swatch(styles[name]))} for name in family.methods],
        "members": [{"name": member.name, "anchor": anchors[member.name]} for member in family.members],
    }


def _grid(family: Family, styles: Mapping[str, Style], svg: SvgWriter) -> dict[str, Any]:
    charts, cut = [], False
    for column in family.columns:
        some, off = charts_of(family, column, styles, svg)
        charts += some
        cut |= off
    axes = tables.axes_of(family)
    return {
        "kind": "grid",
        "title": f"{family.metric.capitalize()} against {' and '.join(axis.name for axis in axes)}",
        "answers": words.answers(family),
        "charts": charts,
        "cut": CUT if cut else "",
        "tables": [tables.table_of(family, column) for column in family.columns],
        "note": GRID_NOTE,
    }


def _ablation(family: Family, styles: Mapping[str, Style], svg: SvgWriter) -> dict[str, Any]:
    found, charts, cut = ablation.effects(family), [], False
    for some in found:
        pictures, off = ablation.ablation_charts(some, styles, svg)
        charts += pictures
        cut |= off
    return {
        "kind": "ablation",
        "title": "What is each augmentation worth?",
        "answers": ablation.ablation_answers(found),
        "charts": charts,
        "cut": CUT if cut else "",
        "tables": [ablation.ablation_table(some) for some in found],
        "note": ablation.NOTE,
    }
