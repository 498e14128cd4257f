"""Which files of a folder are tables, and all of them read, with every bad one named at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from sslkit.data.reading.notes import merged
from sslkit.data.reading.order import in_order
from sslkit.data.reading.text.dialect import Reading
from sslkit.data.tables.table import MissingColumns, Table, read_table
from sslkit.errors import SSLKitError, did_you_mean
from sslkit.foreign import given_path
from sslkit.types import Note

SURE = (".csv", ".tsv", ".tab", ".parquet", ".pq", ".xlsx", ".xlsm")
PERHAPS = (
    ".txt",
    ".dat",
    ".asc",
)  # often notes or code books: left out, and said, where they have none of the columns
SYSTEM = ("__macosx", "@eadir", "thumbs.db", "desktop.ini", "$recycle.bin", "system volume information")
NAMED = 10  # bad files that a message names
LONGEST = 1_900  # characters of a message


def table_files(path: str) -> tuple[list[Path], list[Note]]:
    """The file itself, or all tables of a folder and its sub-folders in the order of their names; and what is left out.

    Raises:
        SSLKitError: there is none.
    """
    root = given_path(path)
    if root.is_file():
        return [root], []
    if not root.is_dir():
        raise SSLKitError(f"{root}: there is no such file or folder.")
    files = in_order(
        file for file in root.rglob("*") if not _hidden(file.relative_to(root)) and file.is_file()
    )
    tables = [file for file in files if suffix_of(file) in (*SURE, *PERHAPS)]
    others = tuple(file.relative_to(root).as_posix() for file in files if file not in set(tables))
    if not tables:
        seen = f" It has: {', '.join(others[:8])}." if others else ""
        raise SSLKitError(f"{root} has no table ({', '.join((*SURE, *PERHAPS))}, also packed as .gz).{seen}")
    notes = [Note("file(s) are no tables and are left out", len(others), which=others)] if others else []
    return tables, notes


def suffix_of(path: Path) -> str:
    """Lower-case, that of the packed file where it is gzip."""
    return Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()


def read_tables(
    files: Sequence[Path],
    root: Path,
    names: Sequence[str],
    reading: Reading,
    optional: Sequence[str] = (),
) -> tuple[list[Table], tuple[Note, ...]]:
    """The columns named of each file; it may lack those that are optional.

    A text file (.txt, .dat) that has none of the columns is left out where others have them, and said.

    Raises:
        SSLKitError: files that cannot be read or lack a column, all of them in one message.
    """
    tables: list[Table] = []
    bad: list[SSLKitError] = []
    lacking: list[MissingColumns] = []
    folder = root if root.is_dir() else root.parent
    for path in files:
        try:
            tables.append(read_table(path, names, reading, str(path.relative_to(folder)), optional))
        except MissingColumns as error:
            lacking.append(error)
        except SSLKitError as error:
            if suffix_of(path) in PERHAPS and not _mentions(path, names):
                lacking.append(MissingColumns(path, names, ()))
            else:
                bad.append(error)
    notes = [note for table in tables for note in table.notes]
    if tables:
        unlike = {
            e.path for e in lacking if suffix_of(e.path) in PERHAPS and len(e.missing) == len(set(names))
        }
        lacking = [error for error in lacking if error.path not in unlike]
        if unlike:
            which = tuple(sorted(path.relative_to(folder).as_posix() for path in unlike))
            why = "they have none of the columns"
            notes.append(Note("text file(s) are left out", len(unlike), len(files), which, why))
    messages = [*_lacking(lacking, len(files), folder), *map(str, bad)]
    if messages:
        raise SSLKitError(all_problems(messages, len(files)))
    return tables, merged(notes)


def all_problems(messages: Sequence[str], of: int) -> str:
    """Several messages in one that is not too long."""
    if len(messages) == 1:
        return messages[0]
    shown = [message[: max(120, LONGEST // min(NAMED, len(messages)) - 10)] for message in messages[:NAMED]]
    more = [f"and {len(messages) - NAMED} more"] if len(messages) > NAMED else []
    return "\n  ".join([f"{len(messages)} problems with {of} file(s):", *shown, *more])


def _lacking(errors: Sequence[MissingColumns], of: int, folder: Path) -> Iterator[str]:
    """A sentence for each column that files lack."""
    for name in dict.fromkeys(name for error in errors for name in error.missing):
        without = [error for error in errors if name in error.missing]
        present = without[0].present
        near = did_you_mean(name, present)
        advice = f"{near if near.startswith('Did') else ''} It has: {', '.join(present)[:600]}.".strip()
        if len(without) == 1:
            yield f"{without[0].path} has no column '{name}'. {advice}"
            continue
        shown = ", ".join(str(error.path.relative_to(folder)) for error in without[:NAMED])
        more = f" and {len(without) - NAMED} more" if len(without) > NAMED else ""
        yield f"{folder}: {len(without)} of {of} files have no column '{name}' ({shown}{more}). The first: {advice}"


def _mentions(path: Path, names: Sequence[str]) -> bool:
    """Whether the beginning of a text has all the names of the columns."""
    with path.open("rb") as file:
        words = set(re.split(r"[\s,;|\"]+", file.read(4096).decode("utf-8", "replace")))
    return set(names) <= words


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$")) or part.lower() in SYSTEM for part in path.parts)
