"""How a table is written: separator, decimal sign, comments, header and units; recognised from its first lines."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pydantic import ConfigDict
from typing_extensions import TypedDict

from sslkit.data.identifiers import NO_VALUE
from sslkit.data.reading.text.signs import number_signs
from sslkit.errors import SSLKitError

SEPARATORS = ("\t", ";", "|", ",", " ")  # in the order in which they are believed; " " is a run of blanks
NAMED = {"tab": "\t", "\\t": "\t", "blank": " ", "blanks": " ", "space": " ", "comma": ",", "semicolon": ";"}
COMMENTS = ("#", "%", "//")
MISSING = (*NO_VALUE, "-", "--", "---", "?")  # in a column of numbers
PROBED = 400  # lines that are looked at
NUMBER = re.compile(
    r"[+-]?(\d[\d.,']*|\d{1,3}([\u00a0\u202f ]\d{3})+([.,]\d+)?|[.,]\d+)([eEdD][+-]?\d+)?|[+-]?inf(inity)?",
    re.I,
)
WORD = r"[ap]\.?m\.?|(jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-z]*|utc|gmt|ces?t|e[sd]t|days?"
STAMP = re.compile(rf"[+-]?\d[\d\s:./,+\-TZ]*(({WORD})[\d\s:./,+\-]*){{0,2}}", re.I)
OF_STAMPS = re.compile(r":|/|\d-|\d\.\d+\.\d\d|[a-z]{3}", re.I)  # what a stamp has, and two numbers have not
UNIT = re.compile(
    r"[\[(<{].*[\])>}]|[numkMGµμ]?(s|sec|m|g|V|A|W|Hz|N|Nm|Pa|bar|T|F|H|J|C|K|L|l|B|Bel|Ω|Ohm|ohm|rad|deg|rpm|min|h|d)"
    r"([²³23]|\^-?\d)?([/·* .](s|h|min|m|kg|K|W|sec|rad|deg)?([²³23]|\^-?\d)?)*"
    r"|°[CF]?(/s)?|%|‰|1|-|ppm|dB|dBA|U/min|1/min|1/s|counts?|lsb|raw|seconds?|Sekunden|milliseconds?|date|time|text",
)


class Reading(TypedDict, total=False):
    """What a user may say of files of text that are not recognised as they are meant (setting ``reading``)."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    separator: str  # between fields: , ; | tab, blank (a run of them)
    decimal: str  # sign of numbers: . or ,
    thousands: str  # sign between thousands, taken out of numbers
    header: bool  # whether there is a line of names; without one columns are column_1, column_2 …
    skip: int  # lines before the header (without one: before the data)
    comment: str  # how lines begin that are left out
    encoding: str  # as Python names it: utf-8, cp1252, utf-16, shift-jis …
    missing: list[str | int | float]  # in a column of numbers, besides empty, NaN, NA, NULL, -, ?
    sheet: str  # of an Excel workbook; default the first


@dataclass(frozen=True)
class Dialect:
    """How the fields of a file are written, and where they begin. Lines count from 1, as an editor counts them."""

    separator: str
    decimal: str
    thousands: str
    comments: tuple[str, ...]
    names: tuple[str, ...]
    units: tuple[str, ...]
    header_line: int | None
    first_line: int

    def words(self) -> str:
        """In a line."""
        separator = {"\t": "tab", " ": "blanks"}.get(self.separator, f"'{self.separator}'")
        said = [
            f"separator {separator}" if len(self.names) > 1 else "one column",
            "decimal comma" if self.decimal == "," else "decimal point",
        ]
        said += [f"thousands '{self.thousands}'"] if self.thousands else []
        said += [f"header in line {self.header_line}" if self.header_line else "no header"]
        said += ["a line of units"] if any(self.units) else []
        return ", ".join(said + [f"comments {comment}" for comment in self.comments])


def tidy(name: str) -> str:
    """A column's name, without blanks around it and with composed accents (NFC)."""
    return unicodedata.normalize("NFC", name.replace("\ufeff", "")).strip()


def recognise(lines: Sequence[str], wanted: Collection[str], reading: Reading, where: str) -> Dialect:
    """The dialect of a file from its first lines.

    The separator is the one that divides lines into equally many fields and gives the columns wanted, or else values
    that look like values. The header is the line that has the columns wanted, all or some; else the last before lines
    of values, with as many fields as they have.

    Args:
        lines: the first lines.
        wanted: names of columns that are asked for.
        reading: what the user says; it is believed.
        where: the file, for messages.

    Raises:
        SSLKitError: no fields, or numbers that can be read in two ways.
    """
    names_wanted = frozenset(map(tidy, wanted))
    said = re.fullmatch(r"\"?sep=(.)\"?", lines[0].strip(), re.I) if lines else None
    skip = reading.get("skip", 1 if said else 0)
    separator = reading.get("separator", said[1] if said else None)
    comments = (reading["comment"],) if reading.get("comment") else _comments(lines[skip:])
    numbered = [
        (number, line)
        for number, line in enumerate(lines[skip:], skip + 1)
        if line.strip() and not line.lstrip().startswith(comments or ("\0",))
    ]
    if not numbered:
        raise SSLKitError(f"{where} is empty: a line of names and lines of values are needed.")
    spoken = [
        (number, line.lstrip()[len(c) :].lstrip("#%/ "))
        for number, line in enumerate(lines[skip:], skip + 1)
        for c in comments
        if line.lstrip().startswith(c)
    ]
    tabs = {line.count("\t") for _, line in numbered}
    believed = (
        SEPARATORS[:-1] if len(tabs) == 1 and tabs != {0} else SEPARATORS
    )  # two tabs are an empty field
    tried = [NAMED.get(separator, separator)] if separator else believed
    rows = max((_Rows(numbered, spoken, one, names_wanted) for one in tried), key=lambda rows: rows.rank)
    header, first = rows.header(reading.get("header"), where)
    names = [tidy(cell) for cell in header[1]] if header else []
    names = _names(names, rows.width)
    units = rows.units(header[0] if header else None, first)
    cells = [cell for number, row in rows.rows if number >= first for cell in row]
    decimal, thousands = number_signs(cells, reading.get("decimal"), reading.get("thousands", ""), where)
    return Dialect(
        rows.separator,
        decimal,
        thousands,
        comments,
        tuple(names),
        units,
        header[0] if header else None,
        first,
    )


def fields(line: str, separator: str) -> list[str]:
    """The fields of one line."""
    if separator == " ":
        line, separator = blanks_to_tabs(line.strip()), "\t"
    return [
        cell.strip() for row in csv.reader([line], delimiter=separator, skipinitialspace=True) for cell in row
    ]


def blanks_to_tabs(line: str) -> str:
    """Runs of blanks outside quotes become one tab."""
    return re.sub(r"(\"[^\"]*\")|[ \t]+", lambda found: found[1] or "\t", line)


class _Rows:
    """Lines divided by one separator."""

    def __init__(
        self,
        numbered: Sequence[tuple[int, str]],
        spoken: Sequence[tuple[int, str]],
        separator: str,
        wanted: frozenset[str],
    ) -> None:
        self.separator, self.wanted = separator, wanted
        self.rows = [(number, fields(line, separator)) for number, line in numbered]
        self.spoken = [(number, fields(line, separator)) for number, line in spoken]
        late = self.rows[-max(2, len(self.rows) // 3) :]
        counts = Counter(len(cells) for _, cells in late)
        self.width = max(counts, key=lambda width: (counts[width], width))
        whole = [cells for _, cells in late if len(cells) == self.width]
        values = [is_value(cell) or cell in MISSING for cells in whole for cell in cells]
        self.values = [
            _mostly([cells[column] for cells in whole if cells[column] not in MISSING])
            for column in range(self.width)
        ]
        sure = [len(cells) for _, cells in late[: -1 if len(late) > 2 else None]]  # the last may be cut off
        lines = [cells for _, cells in [*self.rows, *self.spoken]]
        found = [len(wanted & {tidy(cell) for cell in cells}) for cells in lines]
        hits = max(found)
        header = len([cell for cell in lines[found.index(hits)] if cell]) if hits else self.width
        fits = (header == self.width) + 0.5 * (header == self.width - 1)  # row names, or blanks within stamps
        consistent = self.width > 1 and sure.count(self.width) >= 0.9 * len(sure)
        share = round(sum(values) / max(1, len(values)), 1)
        self.rank = (
            hits,
            consistent,
            fits,
            share,
            -SEPARATORS.index(separator) if separator in SEPARATORS else 0,
        )

    def header(self, given: bool | None, where: str) -> tuple[tuple[int, list[str]] | None, int]:
        """The line of names, None where there is none, and the line where data begin."""
        fitting = [row for row in self.rows if self._fits(row[1])]
        if given is not None:
            if not given:
                return None, self.rows[0][0]
            return self.rows[0], self.rows[1][0] if len(self.rows) > 1 else self.rows[0][0] + 1
        data = next((number for number, cells in fitting if self._is_data(cells)), None)
        lines = [*self.rows, *self.spoken]
        asked = [row for row in lines if self.wanted and self.wanted <= {tidy(cell) for cell in row[1]}]
        some = {name.casefold() for name in self.wanted}
        asked = asked or [row for row in lines if some & {tidy(cell).casefold() for cell in row[1]}]
        if asked:
            return asked[0], self._below(asked[0][0])
        if data is None:  # text alone, or nothing below the names
            return fitting[0], self._below(fitting[0][0])
        before = [row for row in fitting if row[0] < data]
        named = [row for row in before if not _is_units(row[1])] or before
        named = named or [row for row in self.spoken if row[0] < data and self._fits(row[1])]
        return (named[-1], self._below(named[-1][0])) if named else (None, data)

    def units(self, header: int | None, first: int) -> tuple[str, ...]:
        """The cells of a line between names and values, where they look like units."""
        between = [cells for number, cells in self.rows if header is not None and header < number < first]
        return tuple(between[0]) if between and _is_units(between[0]) else ()

    def _fits(self, cells: list[str]) -> bool:
        return len(cells) in (self.width, self.width - 1, self.width + 1) and sum(map(bool, cells)) > (
            self.width > 2
        )

    def _below(self, header: int) -> int:
        """Where data begin: below the names, and below units or words without a single value in a table of values."""
        after = [row for row in self.rows if row[0] > header]
        text = 2 * sum(self.values) < self.width  # one word among numbers of people is no line of units
        below = (
            number
            for number, cells in after
            if self._values(cells) != 0.0 or not any(self.values) or (text and not _is_units(cells))
        )
        return next(below, header + 1)

    def _is_data(self, cells: list[str]) -> bool:
        return self._values(cells) >= 0.5

    def _values(self, cells: list[str]) -> float:
        """The share of cells that are values, of those in columns of values; -1 where all of them are empty."""
        checked = [
            is_value(cell)
            for cell, value in zip(cells, self.values, strict=False)
            if value and cell not in MISSING
        ]
        return sum(checked) / len(checked) if checked else -1.0


def is_value(cell: str) -> bool:
    """A number or a stamp, in any dialect."""
    return bool(NUMBER.fullmatch(cell) or (STAMP.fullmatch(cell) and OF_STAMPS.search(cell)))


def _mostly(cells: list[str]) -> bool:
    return bool(cells) and sum(map(is_value, cells)) >= 0.8 * len(cells)


def _is_units(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(UNIT.fullmatch(cell) for cell in filled)


def _comments(lines: Sequence[str]) -> tuple[str, ...]:
    filled = [line.lstrip() for line in lines if line.strip()]
    begin = {mark: [line.startswith(mark) for line in filled] for mark in COMMENTS}
    return tuple(
        mark
        for mark, is_comment in begin.items()
        if any(is_comment) and (2 * sum(is_comment) < len(filled) or not is_comment[-1])
    )


def _names(names: list[str], width: int) -> list[str]:
    """As many names as there are fields; ``""`` for a separator at the end of lines."""
    if not names:
        return [f"column_{number + 1}" for number in range(width)]
    while len(names) > width and not names[-1]:
        names = names[:-1]
    return names
