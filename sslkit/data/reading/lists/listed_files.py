"""A list of files (a manifest): delimited text with a path in each row → a list of files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

import numpy as np

from sslkit.data.identifiers import canonical_column
from sslkit.data.reading.delimited import Delimited, read_delimited
from sslkit.data.reading.lists.class_folders import PART_OF
from sslkit.data.reading.lists.file_lists import PARTS, FileList, ListSettings
from sslkit.data.reading.lists.list_columns import NAMES, OF_ANOTHER_FILE, Columns, find_columns
from sslkit.data.reading.order import in_order
from sslkit.errors import SSLKitError
from sslkit.foreign import given_path
from sslkit.types import Note

SHOWN = 10  # files or lines that a message names


def read_listed_files(path: Path, settings: ListSettings) -> FileList:
    """See ``read_file_list``.

    Raises:
        SSLKitError: no path column, files that are not there (all named, or the first ten), parts of other names.
    """
    wanted = [name for name in (settings.path, settings.label, settings.group) if name]
    table = read_delimited(path, wanted or NAMES["path"].split(), settings.reading)
    names = [name for name in table.names if name]
    if settings.for_new:
        settings = settings.of_those(names)
    columns = find_columns(names, str(path), settings.path, settings.label, settings.group)
    given = table.text(columns.path)
    rows = np.flatnonzero(given != "")
    notes = list(table.notes)
    if len(rows) < len(given):
        notes.append(
            Note("rows without a path are skipped", len(given) - len(rows), len(given), (path.name,))
        )
    paths, found = _resolved([given[row] for row in rows], table, rows, settings.root)
    notes += found
    spans = _spans(table, columns, rows)
    fold = canonical_column(table.text(columns.fold))[rows] if columns.fold else None
    parts, more = (
        (["train"] * len(rows), []) if settings.for_new else _parts(table, columns, rows, fold, settings)
    )
    notes += more
    groups, more = _groups(table, columns, rows, fold)
    notes += more
    labels = table.text(columns.label)[rows].tolist() if columns.label else [""] * len(rows)
    notes += _unused(names, columns, spans is not None, path)
    facts = {
        "list": f"{path.name}: {table.words()}",
        "columns": _used_words(columns),
        "files": f"{len(paths):,} rows",
    }
    return FileList(str(path), paths, labels, groups, parts, tuple(notes), facts, spans)


def _resolved(
    given: Sequence[str], table: Delimited, rows: np.ndarray, root: str | None
) -> tuple[list[Path], list[Note]]:
    """Where the files are: relative to the list's folder or ``root``, as Windows writes it, or found by their names."""
    folder = given_path(root) if root else table.path.parent
    found = [_at(folder, text) for text in given]
    lost = [number for number, file in enumerate(found) if not file.is_file()]
    notes = []
    if lost:
        by_name: dict[str, list[Path]] = {}
        for place in (folder, *([] if root else [folder.resolve().parent])):
            if all(_only(by_name, given[number]) for number in lost):
                break
            for file in place.rglob("*"):
                by_name.setdefault(file.name, []).append(file)
            by_name = {name: in_order(set(map(Path.absolute, files))) for name, files in by_name.items()}
        moved = [number for number in lost if _only(by_name, given[number])]
        for number in moved:
            found[number] = by_name[_name(given[number])][0]
        if moved:
            which = (str(found[moved[0]]),)
            cure = "Set root: to the folder that the paths are relative to, if these are others."
            notes.append(
                Note("files are found by their names alone", len(moved), len(given), which, cure=cure)
            )
    missing = [number for number, file in enumerate(found) if not file.is_file()]
    if missing:
        shown = ", ".join(
            f"row {table.line(int(rows[number]))}: {given[number]}" for number in missing[:SHOWN]
        )
        more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        raise SSLKitError(
            f"{table.path}: {len(missing)} of {len(given)} files are not there, the first is {found[missing[0]]} "
            f"({shown}{more}). Paths are relative to {folder}; set root: to another folder."
        )
    return found, notes


def _at(folder: Path, text: str) -> Path:
    """A path as written, or with Windows' separators where only those lead to a file."""
    plain = folder / text
    if "\\" in text and not plain.is_file():
        return folder / PurePosixPath(PureWindowsPath(text).as_posix())
    return plain


def _name(text: str) -> str:
    return PureWindowsPath(text).name


def _only(by_name: dict[str, list[Path]], text: str) -> bool:
    return len(by_name.get(_name(text), ())) == 1


def _spans(table: Delimited, columns: Columns, rows: np.ndarray) -> list[tuple[float, float]] | None:
    """Seconds (start, end) of each row's segment; to the end of the file where the list has no end."""
    if columns.start is None:
        return None
    start = _seconds(table, columns.start, rows)
    if columns.end is not None:
        end = _seconds(table, columns.end, rows)
    elif columns.duration is not None:
        end = start + _seconds(table, columns.duration, rows)
    else:
        end = np.full(len(rows), np.inf)
    wrong = np.flatnonzero(~(end > start) | (start < 0))
    if len(wrong):
        row = int(wrong[0])
        raise SSLKitError(
            f"{table.path}, row {table.line(int(rows[row]))}: the segment {start[row]:g} … {end[row]:g} s is none; "
            f"{len(wrong)} row(s) are like that. Start and end are seconds from the file's begin."
        )
    return list(zip(start.tolist(), end.tolist(), strict=True))


def _seconds(table: Delimited, name: str, rows: np.ndarray) -> np.ndarray:
    texts = table.text(name)[rows]
    values = np.full(len(rows), np.nan)
    for number, text in enumerate(texts.tolist()):
        try:
            values[number] = float(text.replace(",", ".") if table.dialect.decimal == "," else text)
        except ValueError:
            raise SSLKitError(
                f"{table.path}, row {table.line(int(rows[number]))}: column '{name}' is '{text}'; seconds are needed."
            ) from None
    return values


def _parts(
    table: Delimited, columns: Columns, rows: np.ndarray, fold: np.ndarray | None, settings: ListSettings
) -> tuple[list[str], list[Note]]:
    if settings.test_folds:
        if fold is None:
            raise SSLKitError(f"{table.path}: test_folds is set, but there is no column 'fold'.")
        held = np.isin(fold, settings.test_folds)
        if not held.any() or held.all():
            raise SSLKitError(
                f"{table.path}: test_folds {settings.test_folds}; folds are {np.unique(fold).tolist()}."
            )
        return np.where(held, "test", "train").tolist(), []
    if columns.split is None:
        return ["train"] * len(rows), []
    sides = table.text(columns.split)[rows].tolist()
    parts = [PART_OF.get(side.casefold(), "train" if side == "" else None) for side in sides]
    for number, part in enumerate(parts):
        if part not in (*PARTS, "unlabelled"):
            raise SSLKitError(
                f"{table.path}, line {table.line(int(rows[number]))}: {columns.split} is '{sides[number]}'; it is "
                "train, validation or test."
            )
    if "train" not in parts:
        raise SSLKitError(f"{table.path}: no row has {columns.split} = train.")
    notes = []
    if "" in sides:
        what = f"rows have an empty '{columns.split}' and are taken for training"
        notes.append(Note(what, sides.count(""), len(sides), warning=True))
    named = ["train" if part == "unlabelled" else str(part) for part in parts]
    if "validation" in named and "test" not in named:
        named = ["test" if part == "validation" else part for part in named]
        cure = "A validation part is cut from the training part."
        notes.append(
            Note("the rows for validation are the test part", why="there is no test part", cure=cure)
        )
    return named, notes


def _groups(
    table: Delimited, columns: Columns, rows: np.ndarray, fold: np.ndarray | None
) -> tuple[list[str] | None, list[Note]]:
    if columns.group is None:
        if fold is None:
            return None, []
        cure = "Set group_column where the list has one that tells people, machines or recordings apart."
        return fold.tolist(), [
            Note("folds are taken for groups, so that none is split", len(np.unique(fold)), cure=cure)
        ]
    groups = canonical_column(table.text(columns.group))[rows].tolist()
    if "" in groups:
        row = groups.index("")
        raise SSLKitError(
            f"{table.path}, line {table.line(int(rows[row]))}: column '{columns.group}' is empty, in "
            f"{groups.count('')} of {len(groups)} rows. Every sample needs its group, or none: leave the column out."
        )
    return groups, []


def _unused(names: Sequence[str], columns: Columns, segments: bool, path: Path) -> list[Note]:
    used = columns.used if segments else columns.used - {columns.duration}
    unused = tuple(name for name in names if name not in used)
    if not unused:
        return []
    cure = "Set label_column or group_column if one of them is meant."
    why = (
        "its start and end lie in another file"
        if OF_ANOTHER_FILE in columns.used and "start" in unused
        else ""
    )
    return [Note("columns are not used", len(unused), len(names), unused, why, cure)]


def _used_words(columns: Columns) -> str:
    return ", ".join(f"{meaning}: {name}" for meaning, name in vars(columns).items() if name)
