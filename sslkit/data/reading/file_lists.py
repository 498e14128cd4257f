"""Lists of files with labels: class folders, or a CSV file list (columns path, label, group, split)."""

from __future__ import annotations

import csv
import difflib
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sslkit.data.labels import encode_groups, encode_labels
from sslkit.data.reading.delimited import require_column
from sslkit.errors import SSLKitError
from sslkit.types import Dataset, Note, Part, Samples, SampleSpec

TEST_FOLDERS = ("test", "val", "valid", "validation")


@dataclass(frozen=True)
class FileList:
    """Files of one data set, each with its label (empty where unknown), its group, and its side."""

    where: str
    paths: list[Path]
    labels: list[str]
    groups: list[str] | None
    is_test: list[bool]
    notes: tuple[Note, ...] = ()

    def dataset(self, spec: SampleSpec, samples: Callable[[Sequence[Path]], Samples]) -> Dataset:
        """The data set whose parts' samples are made from their paths."""
        held = np.array(self.is_test, dtype=bool)
        rows = [np.flatnonzero(~held)] + ([np.flatnonzero(held)] if held.any() else [])
        labels = np.array(self.labels, dtype=str)
        y, class_names, notes = encode_labels([labels[index] for index in rows], self.where)
        groups: Sequence[np.ndarray | None] = [None] * len(rows)
        group_names: tuple[str, ...] = ()
        if self.groups is not None:
            groups, group_names, more = encode_groups([np.array(self.groups)[index] for index in rows])
            notes += more
        parts = [
            Part(samples([self.paths[i] for i in index]), part_y, part_groups)
            for index, part_y, part_groups in zip(rows, y, groups, strict=True)
        ]
        test = parts[1] if len(parts) == 2 else None
        return Dataset(spec, parts[0], test, class_names, (*self.notes, *notes), group_names)


def read_file_list(
    path: str, suffixes: Collection[str], label_column: str | None, group_column: str | None
) -> FileList:
    """The files of a folder of class folders, or those that a CSV file list names.

    A folder: ``root/class/**/file``; with ``root/train`` and ``root/test`` (or ``val``) those are the split,
    each with class folders of its own. Files without class folders are unlabelled. A file list: columns
    ``path`` (relative to the list), and where there are any ``label``, ``group`` and ``split`` (``train``
    or ``test``).

    Args:
        path: the folder or the list.
        suffixes: of files that count in a folder, lower-case with a dot.
        label_column, group_column: of the list; default ``label`` and ``group`` where they are there.

    Raises:
        SSLKitError: there is no such file, folder or column; a folder without files; files that are missing.
    """
    root = Path(path).expanduser()
    if root.is_dir():
        if label_column is not None or group_column is not None:
            raise SSLKitError(f"{root} is a folder: label_column and group_column need a CSV file list.")
        return _read_folders(root, suffixes)
    if not root.is_file():
        raise SSLKitError(f"{root}: there is no such folder or file list.")
    return _read_list(root, label_column, group_column)


def _read_folders(root: Path, suffixes: Collection[str]) -> FileList:
    held = next((name for name in TEST_FOLDERS if (root / name).is_dir()), None)
    if not ((root / "train").is_dir() and held):
        paths, labels = _class_folders(root, suffixes)
        return FileList(str(root), paths, labels, None, [False] * len(paths))
    train, train_labels = _class_folders(root / "train", suffixes)
    test, test_labels = _class_folders(root / held, suffixes)
    unused = [name for name in TEST_FOLDERS if name != held and (root / name).is_dir()]
    notes = tuple(
        Note(f"{root / name} is not used", why="the validation part is cut from train") for name in unused
    )
    is_test = [False] * len(train) + [True] * len(test)
    return FileList(str(root), train + test, train_labels + test_labels, None, is_test, notes)


def _class_folders(root: Path, suffixes: Collection[str]) -> tuple[list[Path], list[str]]:
    folders = sorted(f for f in root.iterdir() if f.is_dir() and not f.name.startswith("."))
    loose = _files(root.glob("*"), suffixes)
    found = {_as_text(folder.name): _files(folder.rglob("*"), suffixes) for folder in folders}
    empty = [name for name, files in found.items() if not files]
    known = ", ".join(sorted(suffixes))
    if not loose and len(empty) == len(found):
        raise SSLKitError(f"{root} has no file that can be read ({known}).")
    if empty:
        raise SSLKitError(
            f"{root}: the class folder(s) {', '.join(empty)} hold no file that can be read ({known})."
        )
    if loose and found:
        raise SSLKitError(
            f"{root}: {len(loose)} file(s), e.g. {loose[0].name}, lie beside the class folders "
            f"{', '.join(found)}. Move them into one, or write a file list."
        )
    paths = loose + [file for files in found.values() for file in files]
    labels = [""] * len(loose) + [name for name, files in found.items() for _ in files]
    return paths, labels


def _as_text(name: str) -> str:
    """A class's name; bytes that are no UTF-8 become escapes, for plots and tables cannot show them."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _files(candidates: Iterable[Path], suffixes: Collection[str]) -> list[Path]:
    return sorted(
        file
        for file in candidates
        if file.suffix.lower() in suffixes and file.is_file() and not file.name.startswith(".")
    )


def _read_list(path: Path, label_column: str | None, group_column: str | None) -> FileList:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            columns = list(reader.fieldnames or ())
    except (UnicodeDecodeError, csv.Error) as error:
        raise SSLKitError(f"{path} is not a CSV file list ({error}).") from error
    if not rows:
        raise SSLKitError(
            f"{path} is empty: a header with a column 'path' and a row for each file is needed."
        )
    require_column("path", columns, str(path))
    label = _column("label", label_column, columns, path)
    group = _column("group", group_column, columns, path)
    split = _column("split", None, columns, path)
    short = [number for number, row in enumerate(rows, start=2) if None in row or None in row.values()]
    if short:
        raise SSLKitError(f"{path}, line {short[0]}: not as many fields as the header has columns.")
    paths = [path.parent / row["path"].strip() for row in rows]
    lost = [file for file in paths if not file.is_file()]
    if lost:
        raise SSLKitError(f"{path}: {len(lost)} of {len(paths)} files are not there, the first is {lost[0]}.")
    labels = [row[label].strip() if label else "" for row in rows]
    groups = [row[group].strip() for row in rows] if group else None
    if groups and "" in groups:
        raise SSLKitError(f"{path}, line {groups.index('') + 2}: column '{group}' is empty.")
    sides = [row[split].strip().lower() if split else "train" for row in rows]
    for number, side in enumerate(sides, start=2):
        if side not in ("train", "test"):
            raise SSLKitError(f"{path}, line {number}: split is '{side}'; it is train or test.")
    if "train" not in sides:
        raise SSLKitError(f"{path}: no row has split = train.")
    return FileList(str(path), paths, labels, groups, [side == "test" for side in sides])


def _column(default: str, name: str | None, columns: Sequence[str], path: Path) -> str | None:
    """The column to read: the one named, which must be there, or the default one if it is."""
    if name is not None:
        require_column(name, columns, str(path))
        return name
    if default in columns:
        return default
    near = difflib.get_close_matches(default, [c for c in columns if c != "path"], n=1, cutoff=0.75)
    if near:
        raise SSLKitError(f"{path} has no column '{default}'. Did you mean '{near[0]}'? Rename it.")
    return None
