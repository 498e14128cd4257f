"""Training, validation and test part as a column, folders or paths name them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sslkit.data.tables.table import Table
from sslkit.errors import SSLKitError
from sslkit.types import Note

TRAINING, VALIDATION, TEST = 0, 1, 2
NAMES = {
    TRAINING: ("train", "training", "tr", "trn", "fit", "learn"),
    VALIDATION: ("validation", "valid", "val", "dev", "development"),
    TEST: ("test", "testing", "tst", "te", "eval", "evaluation", "holdout", "hold-out"),
}
PARTS = ("train", "validation", "test")  # by their numbers
NUMBERS = {name: number for number, names in NAMES.items() for name in names}


def part_numbers(table: Table, column: str) -> np.ndarray:
    """A column of names of parts → 0, 1 or 2 for each row.

    Raises:
        SSLKitError: other names.
    """
    texts = table.identifiers(column)
    different, places = np.unique(texts, return_inverse=True)
    strange = [name for name in different.tolist() if name.lower() not in NUMBERS]
    if strange:
        row = table.line(int(np.argmax(texts == strange[0])))
        raise SSLKitError(
            f"{table.path}: column '{column}' has '{strange[0]}' in row {row}; it is train, validation (val, dev) or "
            "test (eval)."
        )
    return np.array([NUMBERS[name.lower()] for name in different.tolist()], dtype=np.int64)[places]


def other_names(table: Table, column: str) -> tuple[Note, ...]:
    """What names besides train, validation and test are taken for."""
    found = sorted({name for name in table.identifiers(column).tolist() if name.lower() not in PARTS})
    which = tuple(f"{name}: {PARTS[NUMBERS[name.lower()]]}" for name in found)
    return (Note(f"values of column '{column}' are taken for parts", which=which),) if which else ()


def parts_of_folders(files: list[Path], root: Path) -> dict[Path, int]:
    """Of files in folders ``train`` and ``test`` (or ``val``) below the root; empty where there are no two of these."""
    if not root.is_dir():
        return {}
    first = {file: file.relative_to(root).parts[0].lower() for file in files if file.parent != root}
    found = {NUMBERS.get(name) for name in first.values()}
    if len(first) < len(files) or None in found or len(found) < 2 or TRAINING not in found:
        return {}
    return {file: NUMBERS[name] for file, name in first.items()}
