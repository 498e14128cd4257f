"""A sheet of an Excel workbook (.xlsx) → text, so that it is read like any other table."""

from __future__ import annotations

import csv
import datetime
from io import StringIO
from pathlib import Path

from sslkit.data.reading.text.encoding import Text
from sslkit.errors import SSLKitError, in_a_line
from sslkit.types import Note


def read_sheet(path: Path, sheet: str | None = None) -> Text:
    """The sheet named, else the first, as lines of fields with tabs between them; a row of the sheet is a line.

    Raises:
        SSLKitError: openpyxl is not there, the file is no workbook, or has no such sheet.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise SSLKitError(
            f"{path}: Excel workbooks are read by openpyxl, which is not installed: pip install 'sslkit[excel]'. Or "
            "save the sheet as CSV."
        ) from error
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises what its parsers raise
        raise SSLKitError(
            f"{path}: cannot be read, it is truncated or corrupt ({in_a_line(error)})."
        ) from error
    if sheet is not None and sheet not in book.sheetnames:
        raise SSLKitError(f"{path} has no sheet '{sheet}'. It has: {', '.join(book.sheetnames)}.")
    chosen = book[sheet] if sheet is not None else book.worksheets[0]
    lines = StringIO()
    writer = csv.writer(lines, delimiter="\t", lineterminator="\n")
    for row in chosen.iter_rows(values_only=True):
        writer.writerow([_text(cell) for cell in row])
    others = [name for name in book.sheetnames if name != chosen.title]
    book.close()
    notes: tuple[Note, ...] = ()
    if others and sheet is None:
        cure = "Set reading: {sheet: …} for another one."
        which = tuple(f"{path.name}: {name}" for name in others)
        notes = (
            Note("sheet(s) of workbooks beside the first are not read", len(others), which=which, cure=cure),
        )
    return Text(lines.getvalue().encode(), f"Excel sheet '{chosen.title}'", notes)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, datetime.timedelta):
        return f"{cell.days} days {datetime.timedelta(seconds=cell.seconds, microseconds=cell.microseconds)}"
    return str(cell).replace("\n", " ")
