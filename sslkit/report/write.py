"""Puts the report's page together and writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sslkit
from sslkit.files import write_text
from sslkit.pages.html import asset, html_templates
from sslkit.pages.numbers import Numbers, downloads, percent
from sslkit.pages.palette import Style, method_styles, swatch
from sslkit.pages.svg import SvgWriter
from sslkit.plugins import load_registry
from sslkit.report.cards import write_cards
from sslkit.report.grid.section import family_sections
from sslkit.report.grid.variants import is_variant
from sslkit.report.read import Comparison, Member, read_comparison
from sslkit.report.results import summaries
from sslkit.report.section import alarms, anchor, section
from sslkit.report.verdict import ranks, words
from sslkit.report.verdict.collapse import collapses

if TYPE_CHECKING:
    from sslkit.registry import Registry

READING = (
    "How to read it: figures are percentages of the test part, mean ± standard deviation over seeds (draws "
    "of few labels are averaged within a seed first). Differences are paired by seed; the interval is the "
    "two-sided 95 % Student-t interval of their mean (from 50 seeds on: BCa bootstrap), the p-value that of the paired "
    "t-test. p-values are corrected by Holm's method: the comparisons in a data set's verdict together, those in any "
    "other column of its table among themselves, so that each such family holds at 5 %. Where the interval spans "
    "zero, or the corrected p-value is .05 or more, the difference may be chance, and nothing is printed bold. "
    "Intervals cover seeds, and the draws of labels within them, of one split: another choice of test samples is not "
    "in them. Effect sizes are Cohen's d_z, Hedges-corrected."
)


def write_report(folder: Path, plugin_paths: tuple[str, ...] = ()) -> Path:
    """``report.html`` of a comparison's folder, finished or not; the page loads nothing from elsewhere.

    Also ``data_card.md`` and ``model_card.md``.

    Args:
        folder: ``runs/NAME``.
        plugin_paths: of the plugins that its modality comes from.

    Returns:
        The report's path.

    Raises:
        SSLKitError: no such folder, no run in it, an unreadable file, or a full disk.
    """
    folder = Path(folder)
    comparison = read_comparison(folder)
    page = _page(comparison, load_registry(plugin_paths)[0])
    template = html_templates("sslkit.report").get_template("report.html.jinja")
    text = template.render(page=page, css=asset("page.css"), script=asset("page.js"))
    write_text(folder / "report.html", text)
    write_cards(comparison)
    return folder / "report.html"


def _page(comparison: Comparison, registry: Registry) -> dict[str, Any]:
    from markupsafe import Markup

    methods = list(dict.fromkeys(name for member in comparison.members for name in member.methods))
    styles = method_styles(methods)
    svg = SvgWriter()
    sections = [
        section(member, number, len(comparison.members), styles, registry, svg)
        for number, member in enumerate(comparison.members, start=1)
    ]
    anchors = {item["name"]: item["anchor"] for item in sections}
    data_sets = replace(comparison, members=[one for one in comparison.members if not is_variant(one)])
    return {
        "scope": words.SCOPE,
        "name": comparison.name,
        "facts": _page_facts(comparison),
        "legend": [{"name": name, "swatch": Markup(swatch(styles[name]))} for name in methods],
        "missing": comparison.missing,
        "sections": sections,
        "families": family_sections(comparison.members, anchors, styles, svg),
        "overview": _overview(data_sets, methods),
        "ranks": _ranks(data_sets, styles, svg),
        "config": _config(comparison.manifest),
        "manifest": _manifest(comparison.manifest),
        "reading": READING,
        "version": sslkit.__version__,
    }


def _page_facts(comparison: Comparison) -> list[str]:
    manifest = comparison.manifest
    seeds = summaries.seeds_of(comparison)
    variants = sum(map(is_variant, comparison.members))
    what = (
        f"{variants} variants"
        if variants == len(comparison.members)
        else f"{len(comparison.members)} data sets"
    )
    facts = [what] if len(comparison.members) > 1 else []
    facts.append("1 seed" if seeds == 1 else f"{seeds} seeds")
    if manifest.get("started"):
        facts.append(str(manifest["started"])[:10])
    if manifest.get("seconds"):
        facts.append(f"{summaries.duration(float(manifest['seconds']))} in all")
    if manifest.get("commit"):
        facts.append(f"commit {manifest['commit']}")
    return facts


def _overview(comparison: Comparison, methods: Sequence[str]) -> dict[str, Any] | None:
    if len(comparison.members) < 2:
        return None
    objective_pairs = list(
        dict.fromkeys(
            names
            for member in comparison.members
            for names in summaries.pair_names(member)
            if names[1] in member.objectives
        )
    )
    rows, figures = [], []
    for number, member in enumerate(comparison.members, start=1):
        column = next(iter(summaries.columns_of(member)), None)
        for name in methods:
            if column and (one := summaries.summary(member, name, column)):
                figures.append((member.name, name, percent(one.mean), percent(one.spread), one.n))
        found = (
            {(item.first, item.second): item for item in summaries.pairs(member, column)} if column else {}
        )
        rows.append(
            {
                "name": member.name,
                "anchor": anchor(member, number),
                "metric": member.primary_metric.replace("_", " "),
                "cells": [
                    summaries.figure_cell(summaries.summary(member, name, column) if column else None)
                    for name in methods
                ],
                "pairs": [summaries.pair_cell(found.get(names)) for names in objective_pairs],
                "n": _seed_counts(member, column),
                "lost": words.lost_words(member, column) if column else "",
                "collapsed": [sentence.text for sentence in collapses(member)],
                "alarms": len(alarms(member)),
            }
        )
    return {
        "methods": methods,
        "pairs": [f"{first} − {second}" for first, second in objective_pairs],
        "rows": rows,
        "download": downloads(Numbers(("data", "method", "mean_percent", "sd_percent", "seeds"), figures)),
        "note": "Linear probe with all labels (supervised: trained end to end), in %. Differences in "
        "percentage points with their 95 % interval and p-values, as they are → after Holm's correction for "
        "the data set's verdict; bold where the interval does not span zero and the corrected p-value is below .05.",
    }


def _seed_counts(member: Member, column: summaries.Column | None) -> str:
    """Seeds of the methods: ``3``, or ``2 … 3`` where they differ."""
    counts = (
        sorted({len(summaries.figures(member, name, column)) for name in member.methods} - {0})
        if column
        else []
    )
    return " … ".join(map(str, dict.fromkeys((counts[0], counts[-1])))) if counts else ""


def _ranks(comparison: Comparison, styles: Mapping[str, Style], svg: SvgWriter) -> dict[str, Any]:
    """Critical-difference pictures and what they say, or why there are none."""
    from markupsafe import Markup

    found = ranks.rankings(comparison)
    charts = [
        {
            "title": f"Mean ranks, {item.column.group[0].lower()}{item.column.group[1:]}, {item.column.title}",
            "subtitle": f"N = {item.found.n} data sets; 1 is best",
            "svg": Markup(ranks.draw_ranks(item.found, styles, svg)),
        }
        for item in found
    ]
    sentences = [words.rank_sentence(item.column.condition, item.found) for item in found]
    return {"charts": charts, "sentences": sentences, "why_none": "" if found else ranks.why_none(comparison)}


def _config(manifest: Mapping[str, Any]) -> str:
    import yaml

    config = manifest.get("config")
    return (
        yaml.safe_dump(config, sort_keys=False, allow_unicode=True, width=96) if config else "not written yet"
    )


def _manifest(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = [(name, manifest.get(name)) for name in ("started", "finished", "commit")]
    for group in ("versions", "machine"):
        facts += list((manifest.get(group) or {}).items())
    plugins = manifest.get("plugins") or []
    names = [str(item.get("name")) if isinstance(item, Mapping) else str(item) for item in plugins]
    facts.append(("plugins used", ", ".join(names) or "none"))
    return [(str(name), str(value)) for name, value in facts if value is not None]
