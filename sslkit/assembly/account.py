"""What was read of a user's data: said by every command, in the report and on the data card, in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sslkit.assembly.prepared import Prepared
from sslkit.data.splits import Splits
from sslkit.types import Dataset, Note

NAMED = 12  # classes or groups that a line has room for


def reading_notes(prepared: Prepared) -> tuple[Note, ...]:
    """What was dropped, converted, guessed or taken as unknown, by the source and by the split."""
    return (*prepared.dataset.notes, *prepared.splits.notes)


def reading_facts(prepared: Prepared) -> dict[str, str]:
    """What is there, label → words: classes and groups with their counts, and what the source says of its files."""
    facts = _facts_of_data(prepared.dataset, prepared.splits)
    heard, rate = prepared.frontend.range_hz, prepared.dataset.spec.rate_hz
    if heard is not None and rate is not None:
        facts["frequencies"] = f"the front end hears {heard[0]:,g}…{heard[1]:,g} of 0…{rate / 2:,g} Hz"
    return facts


def print_account(prepared: Prepared, console: Console) -> None:
    """Facts as a table, then the notes; warnings stand out."""
    print_facts(reading_facts(prepared), console)
    print_notes(prepared.experiment.name, reading_notes(prepared), console)


def print_read(name: str, dataset: Dataset, splits: Splits, console: Console) -> None:
    """The account of data that cannot be used with a config: what was read may tell why."""
    print_facts(_facts_of_data(dataset, splits), console)
    print_notes(name, (*dataset.notes, *splits.notes), console)


def print_facts(facts: Mapping[str, str], console: Console) -> None:
    """A row for each."""
    table = Table(show_header=False, box=None, pad_edge=False)
    for label, words in facts.items():
        table.add_row(escape(label), escape(words))
    console.print(table)


def print_notes(name: str, notes: Iterable[Note], console: Console) -> None:
    """A line for each note, with the name of the data."""
    for note in notes:
        kind = "[yellow]warning[/]" if note.warning else "[cyan]note[/]"
        console.print(f"{kind} {escape(f'{name}: {note}')}", highlight=False)


def _facts_of_data(dataset: Dataset, splits: Splits) -> dict[str, str]:
    return dict(_classes(dataset, splits)) | dict(_groups(dataset, splits)) | dict(dataset.facts)


def _classes(dataset: Dataset, splits: Splits) -> Iterator[tuple[str, str]]:
    names = dataset.class_names
    parts = (splits.train, splits.validation, splits.test)
    if names:
        counts = [np.bincount(part.y[part.y >= 0], minlength=len(names)) for part in parts]
        each = [
            f"{name} {' / '.join(f'{count[number]:,}' for count in counts)}"
            for number, name in enumerate(names)
        ]
        yield "classes", f"{len(names)} (training / validation / test): {_some(each)}"
    unknown = [int((part.y < 0).sum()) for part in parts]
    if any(unknown):
        yield "without label", " / ".join(f"{count:,}" for count in unknown)


def _groups(dataset: Dataset, splits: Splits) -> Iterator[tuple[str, str]]:
    parts = (splits.train, splits.validation, splits.test)
    for label, part in zip(("training", "validation", "test"), parts, strict=True):
        if part.groups is not None and len(part):
            numbers, counts = np.unique(part.groups, return_counts=True)
            each = [
                f"{dataset.group_name(int(number))} ({count:,})"
                for number, count in zip(numbers, counts, strict=True)
            ]
            yield f"groups, {label}", f"{len(numbers)}: {_some(each)}"


def _some(words: list[str]) -> str:
    more = f" and {len(words) - NAMED} more" if len(words) > NAMED else ""
    return ", ".join(words[:NAMED]) + more
