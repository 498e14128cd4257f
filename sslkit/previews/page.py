"""The page of a study: one section a data set, in one file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

import sslkit
from sslkit.assembly import prepare
from sslkit.config import Experiment, Study
from sslkit.files import make_folder, write_text
from sslkit.outputs import require_own_folder
from sslkit.pages.html import asset, html_templates
from sslkit.pages.svg import SvgWriter
from sslkit.previews.augmentations import STRENGTHS
from sslkit.previews.section import PreviewSection
from sslkit.registry import Registry
from sslkit.types import ReportProgress

FILE = "preview.html"


@torch.no_grad()
def write_preview(
    study: Study, registry: Registry, folder: Path, tell: ReportProgress
) -> tuple[Path, list[dict[str, Any]]]:
    """``preview.html`` in the folder; the page loads nothing from elsewhere, and has the same bytes every time.

    Args:
        study: one data set or several.
        registry: with its components.
        folder: made where it is missing.
        tell: progress, as (data sets done, all, words).

    Returns:
        The page's path, and what it shows of each data set.

    Raises:
        SSLKitError: data, augmentations or a folder that cannot be used.
    """
    require_own_folder(folder, FILE)
    make_folder(folder)
    svg, sections = SvgWriter(), []
    experiments = _different(study.experiments)
    for number, experiment in enumerate(experiments):

        def words(text: str, number: int = number) -> None:
            tell(number, len(experiments), text)

        words(f"{experiment.name}: data")
        prepared = prepare(experiment, registry, judged=False)
        sections.append(PreviewSection(prepared, number + 1, svg, words).content())
    write_text(folder / FILE, _render({"name": study.name, "sections": sections}))
    return folder / FILE, sections


def _different(experiments: Sequence[Experiment]) -> list[Experiment]:
    """Of a grid's points that vary nothing that is shown here (a learning rate), the first."""
    found: dict[object, Experiment] = {}
    for one in experiments:
        plain = one.to_plain()
        shown = [plain[key] for key in ("data", "splits", "views", "frontend", "seeds")]
        found.setdefault(json.dumps([one.variant.of if one.variant else one.name, shown]), one)
    return list(found.values())


def _render(page: dict[str, Any]) -> str:
    template = html_templates("sslkit.previews").get_template("preview.html.jinja")
    css = asset("page.css") + asset("templates/preview.css", "sslkit.previews")
    strengths = ", ".join(f"{strength:g}" for strength in STRENGTHS)
    return template.render(page=page, css=css, strengths=strengths, version=sslkit.__version__)
