"""One data set's part of the page: its facts, and what each theme shows of it, as the template wants them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sslkit.pages.palette import Style, class_styles, legend_entries
from sslkit.pages.svg import SvgWriter
from sslkit.report.audit.section import audit_section
from sslkit.report.fine_tuning.section import fine_tuning_section
from sslkit.report.grid.variants import is_variant, varied_values
from sslkit.report.members import Member
from sslkit.report.results.charts import result_charts
from sslkit.report.results.costs import cost_sentence, cost_table
from sslkit.report.results.maps import map_charts
from sslkit.report.results.tables import difference_table, headline_table
from sslkit.report.results.training import training_charts
from sslkit.report.results.views import SampleViews, draw_sample_views
from sslkit.report.tuning.section import tuned_section
from sslkit.report.verdict.collapse import collapse_sentences
from sslkit.report.verdict.words import verdict_answers
from sslkit.types.notes import note_text

if TYPE_CHECKING:
    from sslkit.registry import Registry


def member_section(
    member: Member,
    number: int,
    of_all: int,
    styles: Mapping[str, Style],
    registry: Registry,
    svg: SvgWriter,
) -> dict[str, Any]:
    """Everything of one member; of a variant without what is the same in all.

    Args:
        member: data set or variant.
        number: its place in the report, from 1.
        of_all: how many members there are.
        styles: of its methods.
        registry: with the modality that draws its samples.
        svg: writes the charts.
    """
    data = member.facts.get("data") or {}
    notes = [*map(note_text, data.get("notes") or ()), *map(str, member.facts.get("warnings") or ())]
    names = member.class_names
    variant = is_variant(member)
    maps, seed = ([], 0) if variant else map_charts(member, svg)
    return {
        "variant": variant,
        "name": member.name,
        "anchor": member_anchor(member, number),
        "kicker": "" if of_all == 1 else f"{'Variant' if variant else 'Data set'} {number} of {of_all}",
        "facts": _member_facts(member),
        "notes": notes,
        "read": dict(data.get("facts") or {}),
        "alarms": alarm_words(member),
        "verdict": verdict_answers(member),
        "collapses": collapse_sentences(member),
        "cost_sentence": cost_sentence(member),
        "headline": headline_table(member, styles),
        "differences": difference_table(member),
        "legend": legend_entries(styles, member.methods),
        "charts": result_charts(member, styles, svg),
        "training": training_charts(member, styles, svg),
        "views": SampleViews([], note="As in the first variant.")
        if _shown_by_the_first(member, number)
        else draw_sample_views(member, registry, svg),
        "maps": maps,
        "map_seed": seed,
        "class_legend": legend_entries(dict(zip(names, class_styles(len(names)), strict=True))),
        "fine_tuning": fine_tuning_section(member, styles, svg, drawn=not variant),
        "audit": audit_section(member, styles, svg, drawn=not variant),
        "tuning": tuned_section(member),
        "cost": cost_table(member, styles),
        "manifest": _data_facts(member),
    }


def _shown_by_the_first(member: Member, number: int) -> bool:
    """The networks were shown what the first variant shows already."""
    if not is_variant(member) or number == 1:
        return False
    return not any(
        name.startswith(("views", "data", "frontend", "augmentation")) for name in varied_values(member)
    )


def alarm_words(member: Member) -> list[str]:
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
        channels, height, width = spec.shape
        return (
            f"{spec.modality}s of {height} × {width} pixels, {channels} channel{'s' if channels != 1 else ''}"
        )
    time = f"{spec.shape[-1] / spec.rate_hz:.3g} s at {spec.rate_hz:,g} Hz" if spec.rate_hz else ""
    length = f"{spec.shape[-1]:,} values"
    channels_words = f"{spec.shape[0]} channels × " if len(spec.shape) == 2 else ""
    return f"{spec.modality}: {channels_words}{length}" + (f" ({time})" if time else "")


def member_anchor(member: Member, number: int) -> str:
    """The id of its section, which links lead to."""
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
