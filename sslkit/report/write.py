"""Puts the report's page together and writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sslkit
from sslkit.files import write_text
from sslkit.pages.html import asset, html_templates
from sslkit.pages.palette import legend_entries, method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.plugins import load_registry
from sslkit.report.cards import write_cards
from sslkit.report.figures.words import duration_words
from sslkit.report.grid.section import variant_sections
from sslkit.report.grid.variants import is_variant
from sslkit.report.members import Comparison
from sslkit.report.overview import overview_section, ranks_section
from sslkit.report.read import read_comparison
from sslkit.report.section import member_section
from sslkit.report.verdict.words import SCOPE

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
    methods = list(dict.fromkeys(name for member in comparison.members for name in member.methods))
    styles = method_styles(methods)
    svg = SvgWriter()
    sections = [
        member_section(member, number, len(comparison.members), styles, registry, svg)
        for number, member in enumerate(comparison.members, start=1)
    ]
    anchors = {section["name"]: section["anchor"] for section in sections}
    data_sets = replace(comparison, members=[one for one in comparison.members if not is_variant(one)])
    return {
        "scope": SCOPE,
        "name": comparison.name,
        "facts": _page_facts(comparison),
        "legend": legend_entries(styles, methods),
        "missing": comparison.missing,
        "sections": sections,
        "variants": variant_sections(comparison.members, anchors, styles, svg),
        "overview": overview_section(data_sets, methods),
        "ranks": ranks_section(data_sets, styles, svg),
        "config": _config(comparison.manifest),
        "manifest": _manifest(comparison.manifest),
        "reading": READING,
        "version": sslkit.__version__,
    }


def _page_facts(comparison: Comparison) -> list[str]:
    manifest, seeds, count = comparison.manifest, comparison.most_seeds, len(comparison.members)
    variants = sum(map(is_variant, comparison.members))
    facts = [f"{variants} variants" if variants == count else f"{count} data sets"] if count > 1 else []
    facts.append("1 seed" if seeds == 1 else f"{seeds} seeds")
    if manifest.get("started"):
        facts.append(str(manifest["started"])[:10])
    if manifest.get("seconds"):
        facts.append(f"{duration_words(float(manifest['seconds']))} in all")
    if manifest.get("commit"):
        facts.append(f"commit {manifest['commit']}")
    return facts


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
