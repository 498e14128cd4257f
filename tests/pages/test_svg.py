"""Figures inside a page: ids, colours, text."""

from __future__ import annotations

import re

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter, canvas


def draw(svg: SvgWriter) -> str:
    style = method_styles(["byol"])["byol"]
    with canvas(3, 2) as (figure, (axes,)):
        axes.plot([0, 1, 2], [1, 3, 2], color=style.colour, marker=style.marker)
        axes.imshow([[0.0, 1.0]], aspect="auto")
        axes.set_title("<angle> & more")
        return svg.write(figure, 'label "quoted" <b>')


def test_two_figures_share_no_id_and_keep_their_references() -> None:
    svg = SvgWriter()
    first, second = draw(svg), draw(svg)
    ids = [set(re.findall(r' id="([^"]+)"', text)) for text in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for text, own in zip((first, second), ids, strict=True):
        used = set(re.findall(r'(?:href="|url\()#([^")]+)', text))
        assert used
        assert used <= own
    assert re.sub(r"f2\b", "f1", second) == first


def test_colours_follow_the_page_and_text_is_text() -> None:
    text = draw(SvgWriter())
    assert "#010" not in text
    assert "var(--m0)" in text
    assert "var(--ink)" in text
    assert "&lt;angle&gt; &amp; more" in text
    assert "font-family" not in text
    assert "<metadata" not in text
    assert "://" not in text
    assert 'aria-label="label &quot;quoted&quot; &lt;b&gt;"' in text


def test_equal_markers_share_one_style() -> None:
    with canvas(3, 2) as (figure, (axes,)):
        axes.scatter(range(50), range(50), color=method_styles(["byol"])["byol"].colour)
        text = SvgWriter().write(figure, "dots")
    assert len(re.findall(r"<use ", text)) >= 50
    assert len(re.findall(r"<use [^>]*style=", text)) < 20  # those of the axes' ticks


def test_coordinates_are_rounded_and_rows_share_their_axis() -> None:
    with canvas(3, 4, rows=2) as (figure, (upper, lower)):
        upper.plot([0, 1.23456], [0, 1])
        assert upper.get_shared_x_axes().joined(upper, lower)
        text = SvgWriter().write(figure, "lines")
    points = re.findall(r' d="([^"]*)"', text)
    assert points and not any(re.search(r"\.\d\d", path) for path in points)
