"""``data_card.md`` and ``model_card.md``: what is known of data and encoders, and what their user must add.

After Gebru et al. 2021 (Datasheets for Datasets) and Mitchell et al. 2019 (Model Cards for Model Reporting). Text
between ``<!-- yours: … -->`` and ``<!-- end -->`` is the user's, and is kept when the cards are written again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sslkit
from sslkit.files import write_text
from sslkit.report.audit.audits import Audit, audits_of
from sslkit.report.audit.words import class_name, group_name, leak_words, share_interval_words
from sslkit.report.figures.cells import figure_cell
from sslkit.report.figures.columns import column_summary, columns_of
from sslkit.report.figures.words import metric_words
from sslkit.report.members import Comparison, Member
from sslkit.statistics import Summary
from sslkit.statistics.audit.breakdown import Subgroup
from sslkit.types.notes import note_text

CARDS = ("data_card.md", "model_card.md")
_OWN = re.compile(r"<!-- yours: ([^>]+) -->\n(.*?)<!-- end -->", re.S)


def write_cards(comparison: Comparison) -> None:
    """Write both beside the manifest."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("sslkit.report"),
        autoescape=False,  # Markdown; texts are escaped by ``markdown``
        undefined=jinja2.ChainableUndefined,  # manifests of unfinished or older runs lack facts
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"markdown": markdown_line, "note_text": note_text}
    facts = {
        "name": comparison.name,
        "manifest": comparison.manifest,
        "versions": comparison.manifest.get("versions") or {},
        "members": [_member(member, comparison.manifest) for member in comparison.members],
        "version": sslkit.__version__,
    }
    for card in CARDS:
        path = comparison.folder / card
        text = environment.get_template(f"{card}.jinja").render(facts)
        write_text(path, _with_own_words(text, path))


def markdown_line(text: object) -> str:
    """What stands in a table or line of Markdown: no pipes, no markup, no new lines."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def _with_own_words(text: str, path: Path) -> str:
    """The new card with what the user wrote into the old one."""
    if not path.is_file():
        return text
    own = dict(_OWN.findall(path.read_text(encoding="utf-8", errors="replace")))
    return _OWN.sub(
        lambda found: f"<!-- yours: {found[1]} -->\n{own.get(found[1], found[2])}<!-- end -->", text
    )


def _member(member: Member, manifest: Mapping[str, Any]) -> dict[str, Any]:
    config = (manifest.get("config") or {}).get(member.name) or {}
    return {
        "name": member.name,
        "facts": member.facts,
        "config": config if isinstance(config, Mapping) else {},
        "spec": member.spec,
        "classes": _class_rows(member),
        "groups": {
            part: counts.get("groups") for part, counts in (member.facts.get("composition") or {}).items()
        },
        "guards": leak_words(member),
        "metric": metric_words(member.primary_metric),
        "results": _results(member),
        "audits": [_audit(item, member) for item in audits_of(member)],
        "alarms": [f"{run.method}, seed {run.seed}: {alarm}" for run in member.runs for alarm in run.alarms],
        "objectives": member.objectives,
    }


def _class_rows(member: Member) -> list[tuple[str, list[int]]]:
    """Class → samples in training, validation and test."""
    composition = member.facts.get("composition") or {}
    counts = [
        list((composition.get(part) or {}).get("classes") or ()) for part in ("train", "validation", "test")
    ]
    return [
        (name, [some[index] if index < len(some) else 0 for some in counts])
        for index, name in enumerate(member.class_names)
        if any(counts)
    ]


def _results(member: Member) -> dict[str, Any]:
    columns = columns_of(member)
    return {
        "titles": [f"{column.group}, {column.title}" for column in columns],
        "rows": [
            (name, [_cell_text(column_summary(member, name, column)) for column in columns])
            for name in member.methods
        ],
    }


def _cell_text(found: Summary | None) -> str:
    cell = figure_cell(found)
    return f"{cell.text or '–'}{f' ± {cell.spread}' if cell.spread else ''}{f' (n = {cell.n})' if cell.n else ''}"


def _audit(item: Audit, member: Member) -> dict[str, Any]:
    def row(name: str, part: Subgroup) -> tuple[str, str, str, int]:
        return name, f"{100 * part.share:.1f}", share_interval_words(part), part.count

    return {
        "method": item.method,
        "evaluator": item.evaluator,
        "labels": item.labels_per_class,
        "overall": row("all", item.overall),
        "classes": [row(class_name(member, part.key), part) for part in item.classes],
        "groups": [row(group_name(member, part.key), part) for part in item.groups],
        "calibration_error": f"{100 * item.calibration_error:.1f}",
        "brier": f"{item.brier:.3f}",
    }
