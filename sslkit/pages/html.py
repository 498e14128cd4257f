"""Templates, style and script of a page that is one file."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def html_templates(package: str) -> Environment:
    """The folder ``templates`` of a package; all that is put in is escaped, and a misspelt name is an error."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader(package),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )


def asset(name: str, package: str = "sslkit.pages") -> Markup:
    """A style or script file of a package, to stand in a page as it is."""
    from markupsafe import Markup

    return Markup(files(package).joinpath(name).read_text(encoding="utf-8"))
