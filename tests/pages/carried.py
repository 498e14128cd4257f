"""What a drawn chart or a table carries: its numbers, and the words in its SVG."""

from __future__ import annotations

import base64
import csv
import gzip
import html
import io
import re


def carried_rows(element: str) -> list[dict[str, str]]:
    """The rows of the only CSV file in a piece of HTML."""
    (packed,) = re.findall(r'data-numbers="([^"]+)"', element)
    text = gzip.decompress(base64.b64decode(packed)).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def svg_texts(element: str) -> list[str]:
    """All words in its pictures, in the order in which they were drawn."""
    return [html.unescape(text) for text in re.findall(r">([^<>]+)</text>", element)]
