"""Reads a page with the standard library's parser: is it well-formed, and what do its tables say?"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "input", "link"}


@dataclass
class Table:
    """A table: its classes and its body's rows of ``(text, classes, bold)``."""

    classes: str
    section: str
    rows: list[list[tuple[str, str, bool]]] = field(default_factory=list)


class PageParser(HTMLParser):
    """Checks that tags balance and collects ids, links and tables."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tables: list[Table] = []
        self.words: list[str] = []
        self._section, self._in_body = "", False
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in values.items()]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self._section = values.get("id", "")
        if tag == "table":
            self.tables.append(Table(values.get("class", ""), self._section))
        if tag == "tbody":
            self._in_body = True
        if self._in_body and tag == "tr":
            self.tables[-1].rows.append([])
        if self._in_body and tag in ("td", "th"):
            self.tables[-1].rows[-1].append(("", values.get("class", ""), False))
        if self._in_body and tag == "b":
            text, classes, _ = self.tables[-1].rows[-1][-1]
            self.tables[-1].rows[-1][-1] = (text, classes, True)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-3:]} at {self.getpos()}")
        else:
            self.open.pop()
        if tag == "tbody":
            self._in_body = False

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("style", "script"):
            return
        self.words.append(data)
        if self._in_body and self.tables[-1].rows and self.tables[-1].rows[-1]:
            text, classes, bold = self.tables[-1].rows[-1][-1]
            self.tables[-1].rows[-1][-1] = (f"{text} {data}".strip(), classes, bold)

    @property
    def text(self) -> str:
        """All that a reader reads, spaces made plain."""
        return " ".join(" ".join(self.words).split())
