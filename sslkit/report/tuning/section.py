"""What the report says of tuning: trials, ranges of the settings, what was chosen, and the time that it took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sslkit.report.figures.words import duration_words, listed, metric_words
from sslkit.report.members import Member

TITLES = ("method", "ranges", "chosen", "validation: the config's own → chosen", "trials", "time")


def tuning_sentences(member: Member) -> list[str]:
    """A sentence of how many trials the methods had, and one of those that failed; nothing without tuning."""
    record = member.facts.get("tuning")
    if not record:
        return []
    methods = record["methods"]
    counts = {len(method["tried"]) for method in methods.values()}
    said = f"{listed(methods)}: {'each method ' if len(methods) > 1 else ''}tuned with {record['trials']} "
    said += f"trial{'s' if record['trials'] != 1 else ''} on validation"
    fewer = [
        f"{name} {len(one['tried'])}" for name, one in methods.items() if len(one["tried"]) < record["trials"]
    ]
    if fewer and counts != {record["trials"]}:
        said += f" (every combination of values: {', '.join(fewer)})"
    others = record.get("not_tuned") or []
    said += f"; not tuned: {', '.join(others)}." if others else "."
    failed = {name: sum(bool(trial["error"]) for trial in one["tried"]) for name, one in methods.items()}
    lost = ", ".join(f"{name} {number}" for name, number in failed.items() if number)
    return [said, f"Trials that failed and count as lost: {lost}."] if lost else [said]


def tuned_section(member: Member) -> dict[str, Any] | None:
    """The section's sentences and table; None without tuning."""
    record = member.facts.get("tuning")
    if not record:
        return None
    return {
        "words": tuning_sentences(member),
        "titles": TITLES,
        "rows": [_row(name, method) for name, method in record["methods"].items()],
        "note": f"Each trial is a run under seed {record['trial_seed']}, none of the comparison's, judged by "
        f"{metric_words(str(record['metric']))} on validation labels ({record['labels_per_class']} per class) "
        "without the test part; the first trial has the config's own settings, which stand unless others are better. "
        "All seeds of the comparison use what was chosen.",
    }


def _row(name: str, method: Mapping[str, Any]) -> tuple[str, ...]:
    own, best = method["own_figure"], method["figure"]
    chosen = method["chosen"] or method["own"]
    return (
        name,
        "; ".join(f"{path}: {_range(given)}" for path, given in method["ranges"].items()),
        "; ".join(f"{path} = {_value(value)}" for path, value in chosen.items())
        + ("" if method["chosen"] else " (the config's own)"),
        f"{'failed' if own is None else f'{100 * own:.1f}'} → {100 * best:.1f} %",
        str(len(method["tried"])),
        duration_words(float(method["seconds"])),
    )


def _range(given: Any) -> str:
    if isinstance(given, Mapping):
        return f"{given['low']:g} … {given['high']:g}{', logarithmic' if given.get('log') else ''}"
    return ", ".join(map(_value, given))


def _value(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else "default" if value is None else str(value)
