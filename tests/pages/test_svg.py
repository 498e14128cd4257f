"""Figures inside a page: ids, colours, text."""

from __future__ import annotations

import re

from sslkit.pages.palette import class_styles, method_styles
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


def test_styles_are_all_different() -> None:
    styles = method_styles(["a", "b", "c", "d", "e", "random", "handcrafted", "supervised"])
    assert len({style.colour for style in styles.values()}) == 8
    assert len({(style.marker, style.line) for style in styles.values()}) == 8
    assert len(set(class_styles(64))) == 64
