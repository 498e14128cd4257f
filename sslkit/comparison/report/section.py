"""One data set's part of the page: its facts, tables and figures, as the template wants them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sslkit.comparison.report import curves, tables, words
from sslkit.comparison.report.audit import audit_section
from sslkit.comparison.report.collapse import collapses
from sslkit.comparison.report.embedding import draw_map
from sslkit.comparison.report.palette import Style, class_styles, swatch
from sslkit.comparison.report.read import Member
from sslkit.comparison.report.samples import Views, draw_views
from sslkit.comparison.report.svg import SvgWriter
from sslkit.comparison.report.variants import is_variant, values_of

if TYPE_CHECKING:
    from sslkit.registry import Registry


def section(
    member: Member,
    number: int,
    of_all: int,
    styles: Mapping[str, Style],
    registry: Registry,
    svg: SvgWriter,
) -> dict[str, Any]:
    from markupsafe import Markup

    notes = [*((member.facts.get("data") or {}).get("notes") or ()), *(member.facts.get("warnings") or ())]
    names = member.class_names
    variant = is_variant(member)
    maps, seed = ([], 0) if variant else _maps(member, svg)
    return {
        "variant": variant,
        "name": member.name,
        "anchor": anchor(member, number),
        "kicker": "" if of_all == 1 else f"{'Variant' if variant else 'Data set'} {number} of {of_all}",
        "facts": _member_facts(member),
        "notes": [str(note) for note in notes],
        "alarms": alarms(member),
        "verdict": words.verdicts(member),
        "collapses": collapses(member),
        "price": words.price(member),
        "headline": _headline(member, styles),
        "differences": _differences(member),
        "legend": [{"name": name, "swatch": Markup(swatch(styles[name]))} for name in member.methods],
        "figures": _result_figures(member, styles, svg),
        "training": _training_figures(member, styles, svg),
        "views": Views([], note="As in the first variant.")
        if _seen(member, number)
        else draw_views(member, registry, svg),
        "maps": maps,
        "map_seed": seed,
        "class_legend": [
            {"name": name, "swatch": Markup(swatch(style))}
            for name, style in zip(names, class_styles(len(names)), strict=True)
        ],
        "audit": audit_section(member, styles, svg, drawn=not variant),
        "cost": _cost(member, styles),
        "manifest": _data_facts(member),
    }


def _seen(member: Member, number: int) -> bool:
    """The networks were shown what the first variant shows already."""
    if not is_variant(member) or number == 1:
        return False
    return not any(
        name.startswith(("views", "data", "frontend", "augmentation")) for name in values_of(member)
    )


def alarms(member: Member) -> list[str]:
    """Equal alarms of several seeds are said once."""
    seeds: dict[tuple[str, str], list[int]] = {}
    for run in sorted(member.runs, key=lambda run: (run.method, run.seed)):
        for alarm in run.alarms:
            seeds.setdefault((run.method, alarm), []).append(run.seed)
    return [
        f"{method}, seed{'s' if len(some) > 1 else ''} {', '.join(map(str, some))}: {alarm}"
        for (method, alarm), some in seeds.items()
    ]


def _member_facts(member: Member) -> list[str]:
    facts = [_shape_words(member)] if member.spec else []
    if member.class_names:
        facts.append(f"{len(member.class_names)} classes")
    splits = member.facts.get("splits") or {}
    if splits:
        counts = " / ".join(f"{splits[part]:,}" for part in ("train", "validation", "test") if part in splits)
        facts.append(f"{counts} train / validation / test, split by {splits.get('by', 'class')}")
    budget = member.facts.get("budget") or {}
    if budget:
        facts.append(
            f"{budget.get('steps', 0):,} steps of {budget.get('batch_size', 0)} "
            f"({budget.get('epochs', 0):,g} epochs) for every objective"
        )
    return facts


def _shape_words(member: Member) -> str:
    spec = member.spec
    assert spec is not None
    if len(spec.shape) == 3:
        return (
            f"{spec.modality}s of {spec.shape[1]} × {spec.shape[2]} pixels, {spec.shape[0]} channels".replace(
                ", 1 channels", ", 1 channel"
            )
        )
    time = f"{spec.shape[-1] / spec.rate_hz:.3g} s at {spec.rate_hz:,g} Hz" if spec.rate_hz else ""
    length = f"{spec.shape[-1]:,} values"
    channels = f"{spec.shape[0]} channels × " if len(spec.shape) == 2 else ""
    return f"{spec.modality}: {channels}{length}" + (f" ({time})" if time else "")


def _headline(member: Member, styles: Mapping[str, Style]) -> dict[str, Any]:
    from markupsafe import Markup

    columns = tables.columns_of(member)
    rows = []
    for method in member.methods:
        cells = [tables.figure_cell(tables.summary(member, method, column)) for column in columns]
        n = max((cell.n for cell in cells), default=0)
        rows.append(
            {
                "name": method,
                "swatch": Markup(swatch(styles[method])),
                "mark": "†" if tables.trained_end_to_end(member, method) else "",
                "first_baseline": method == next(iter(member.baselines), None) and bool(member.objectives),
                "cells": cells,
                "n": n,
            }
        )
    note = (
        f"{member.primary_metric.replace('_', ' ').capitalize()} in %, mean ± standard deviation over seeds."
    )
    if any(row["mark"] for row in rows):
        note += " † The whole network was trained with these labels, so it stands in the probe's columns."
    return {"columns": columns, "groups": _groups(columns), "rows": rows if columns else [], "note": note}


def _groups(columns: Sequence[tables.Column]) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    for column in columns:
        if column.first:
            groups.append({"title": column.group, "span": 0})
        groups[-1]["span"] += 1
    return groups


def _differences(member: Member) -> dict[str, Any]:
    columns = tables.columns_of(member)
    found = {column: {item.name: item for item in tables.pairs(member, column)} for column in columns}
    rows, last = [], None
    for first, second in tables.pair_names(member):
        name = f"{first} − {second}"
        cells = [tables.pair_cell(found[column].get(name)) for column in columns]
        if any(cell.text for cell in cells):
            n = max(cell.n for cell in cells)
            rows.append({"name": name, "cells": cells, "n": n, "first_of_objective": first != last})
            last = first
    return {
        "columns": columns,
        "groups": _groups(columns),
        "rows": rows,
        "every": [_difference_row(item) for column in columns for item in found[column].values()],
        "note": "Mean paired difference in percentage points, its 95 % interval, and its p-value as it is → after "
        "Holm's correction for its column, or for all of the verdict's columns. Bold: the interval does not span "
        "zero, and the corrected p-value is below .05. Everything else may be chance. Seeds share one split: another "
        "choice of test samples is not in the interval.",
    }


def _difference_row(item: tables.Pair) -> dict[str, Any]:
    """One line of the table of all differences: text and what it sorts by."""
    found = item.difference
    figures = [
        (tables.interval_words(found.interval), None),
        (tables.p_words(found.p), found.p),
        (tables.p_words(found.p_corrected), found.p_corrected),
        ("" if found.effect is None else tables.signed(found.effect), found.effect),
        (str(found.n), found.n),
    ]
    return {
        "name": item.name,
        "question": f"{item.column.group}, {item.column.title}",
        "mean": tables.pair_cell(item),
        "figures": [{"text": text, "value": value} for text, value in figures],
    }


def _result_figures(member: Member, styles: Mapping[str, Style], svg: SvgWriter) -> list[dict[str, Any]]:
    metric = member.primary_metric.replace("_", " ")
    columns = tables.columns_of(member)
    found = []
    for evaluator in dict.fromkeys(column.evaluator for column in columns):
        some = sorted(
            (c for c in columns if c.evaluator == evaluator), key=lambda c: tables.label_order(c.labels)
        )
        if len(some) < 2:
            continue
        series = {}
        for method in member.methods:
            points = [(column.labels, tables.summary(member, method, column)) for column in some]
            kept = [
                curves.Point(labels, item.mean, item.spread) for labels, item in points if item is not None
            ]
            if kept:
                series[method] = kept
        chart = curves.label_efficiency(series, [c.labels for c in some], styles, metric, svg)
        found.append(_chart("How far few labels go", some[0].group, chart))
    bars = [item for column in tables.asked_columns(member) for item in tables.pairs(member, column)]
    if bars:
        chart = curves.differences(bars, styles, svg)
        found.insert(1, {**_chart("Paired differences", _seed_words(bars), chart), "tall": True})
    return found


def _seed_words(found: Sequence[tables.Pair]) -> str:
    counts = sorted({item.difference.n for item in found})
    n = f"n = {counts[0]}" + (f" … {counts[-1]}" if len(counts) > 1 else "")
    return f"{found[0].column.group}, 95 % intervals over seeds, {n}"


def _training_figures(member: Member, styles: Mapping[str, Style], svg: SvgWriter) -> list[dict[str, Any]]:
    runs = {method: member.runs_of(method) for method in member.objectives}
    found = [_chart("Loss", "one panel a method", curves.losses(runs, styles, svg))]
    for key, title, subtitle, label, factor in (
        ("knn_accuracy", "kNN accuracy", "on the validation part", "accuracy, %", 100.0),
        ("effective_rank", "Effective rank", "of the features; low: collapse", "effective rank", 1.0),
        ("feature_std", "Spread per dimension", "0: collapse", "spread", 1.0),
    ):
        from_zero = key != "knn_accuracy"
        picture = curves.monitored(runs, styles, key, label, svg, factor, from_zero)
        found.append(_chart(title, subtitle, picture))
    return [chart for chart in found if chart["svg"]]


def _maps(member: Member, svg: SvgWriter) -> tuple[list[dict[str, Any]], int]:
    """One map a method, all of the first seed that has any."""
    seed = min((run.seed for run in member.runs if run.map_path), default=0)
    found = []
    for method in member.methods:
        for run in member.runs_of(method):
            if run.map_path and run.seed == seed:
                picture, how = draw_map(run.map_path, member.class_names, svg)
                found.append(_chart(method, how, picture))
    return [chart for chart in found if chart["svg"]], seed


def _chart(title: str, subtitle: str, picture: str) -> dict[str, Any]:
    from markupsafe import Markup

    return {"title": title, "subtitle": subtitle, "svg": Markup(picture)}


def _cost(member: Member, styles: Mapping[str, Style]) -> dict[str, Any]:
    from markupsafe import Markup

    all_cells = {method: tables.cost_cells(member, method) for method in member.methods}
    rows = [
        {
            "name": method,
            "swatch": Markup(swatch(styles[method])),
            "first_baseline": method == next(iter(member.baselines), None) and bool(member.objectives),
            "cells": cells,
            "n": max(cell.n for cell in cells),
        }
        for method, cells in all_cells.items()
        if any(cell.text for cell in cells)
    ]
    return {"titles": [title for _, title, _ in tables.COSTS], "rows": rows}


def anchor(member: Member, number: int) -> str:
    return f"data-{number}-{re.sub(r'[^a-z0-9]+', '-', member.name.lower()).strip('-')}"


def _data_facts(member: Member) -> list[tuple[str, str]]:
    data, splits = member.facts.get("data") or {}, member.facts.get("splits") or {}
    facts = [
        ("data source", data.get("name")),
        ("fingerprint", data.get("fingerprint")),
        ("split by", splits.get("by")),
        ("split's hash", splits.get("hash")),
        ("classes", ", ".join(member.class_names)),
    ]
    return [(name, str(value)) for name, value in facts if value]
