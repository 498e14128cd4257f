"""How a preview is called. What it shows is tested in ``tests/previews``."""

from __future__ import annotations

import sslkit
from sslkit.testing import tiny_study


def test_the_page_is_where_it_says_and_progress_is_told(tmp_path):
    told: list[tuple[int, int, str]] = []
    page, sections = sslkit.preview(
        tiny_study(tmp_path), out=tmp_path / "page", report=lambda *words: told.append(words)
    )
    assert page == tmp_path / "page" / "preview.html" and page.is_file()
    assert [section["name"] for section in sections] == ["tiny"]
    assert told[0][:2] == (0, 1) and any("jitter" in words for _, _, words in told)
