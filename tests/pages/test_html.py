"""Templates escape what they are given and refuse misspelt names; style and script come as they are."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

import sslkit
from sslkit.pages.html import asset, html_templates

FOLDER = Path(sslkit.__file__).parent


@pytest.mark.parametrize("package", ["report", "previews"])
def test_every_template_of_a_package_compiles(package: str) -> None:
    environment = html_templates(f"sslkit.{package}")
    names = environment.list_templates(extensions=["jinja"])
    assert names == sorted(path.name for path in (FOLDER / package / "templates").glob("*.jinja"))
    for name in names:
        if ".md." not in name:  # cards are Markdown, with filters of their own
            environment.get_template(name)


def test_text_is_escaped_and_a_misspelt_name_is_an_error() -> None:
    environment = html_templates("sslkit.report")
    assert environment.from_string("{{ x }}").render(x="<b>&") == "&lt;b&gt;&amp;"
    with pytest.raises(jinja2.UndefinedError, match="nme"):
        environment.from_string("{{ page.nme }}").render(page={"name": "x"})


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_style_and_script_are_not_escaped(name: str) -> None:
    text = (FOLDER / "pages" / name).read_text(encoding="utf-8")
    assert html_templates("sslkit.report").from_string("{{ x }}").render(x=asset(name)) == text
    assert asset("templates/preview.css", "sslkit.previews").startswith(".augmentation")


def test_neither_style_nor_script_ends_its_own_element() -> None:
    assert "</style" not in asset("page.css") + asset("templates/preview.css", "sslkit.previews")
    assert "</script" not in asset("page.js")
