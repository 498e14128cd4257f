"""One data set's part of the page: its facts, tables and figures, as the template wants them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sslkit.pages.palette import Style, class_styles, swatch
from sslkit.pages.svg import SvgWriter
from sslkit.report.audit.section import audit_section
from sslkit.report.fine_tuning.section import fine_tuning_section
from sslkit.report.grid.variants import is_variant, values_of
from sslkit.report.read import Member
from sslkit.report.results import pictures, tables
from sslkit.report.results.samples import SampleViews, draw_views
from sslkit.report.tuned import tuned_section
from sslkit.report.verdict import words
from sslkit.report.verdict.collapse import collapses

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
    maps, seed = ([], 0) if variant else pictures.maps(member, svg)
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
        "headline": tables.headline(member, styles),
        "differences": tables.differences(member),
        "legend": [{"name": name, "swatch": Markup(swatch(styles[name]))} for name in member.methods],
        "figures": pictures.result_figures(member, styles, svg),
        "training": pictures.training_figures(member, styles, svg),
        "views": SampleViews([], note="As in the first variant.")
        if _seen(member, number)
        else draw_views(member, registry, svg),
        "maps": maps,
        "map_seed": seed,
        "class_legend": [
            {"name": name, "swatch": Markup(swatch(style))}
            for name, style in zip(names, class_styles(len(names)), strict=True)
        ],
        "fine_tuning": fine_tuning_section(member, styles, svg, drawn=not variant),
        "audit": audit_section(member, styles, svg, drawn=not variant),
        "tuned": tuned_section(member),
        "cost": tables.cost(member, styles),
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
