"""Stands for the rooms that the calls hand their work to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WITH_CONFIG = {  # call → who gets the work, and the folder by default
    "compare": ("sslkit.comparison.compare.compare", "runs/tiny"),
    "ablate": ("sslkit.comparison.ablate.ablate", "runs/tiny-ablation"),
    "preview": ("sslkit.previews.write_preview", "runs/tiny-preview"),
    "pretrain": ("sslkit.running.single.pretrain_alone", "runs/tiny-pretrain/simclr-seed0"),
}


class Spy:
    """Stands for the function that a call hands its work to, and keeps the arguments."""

    def __init__(self) -> None:
        self.arguments: list[Any] = []

    def __call__(self, *arguments: Any, **more: Any) -> Path:
        self.arguments = [*arguments, *more.values()]
        return Path("report.html")

    def folder(self) -> Path:
        (found,) = [argument for argument in self.arguments if isinstance(argument, Path)]
        return found

    def views(self) -> str:
        experiments = [item for a in self.arguments for item in getattr(a, "experiments", [a])]
        (experiment,) = [item for item in experiments if hasattr(item, "views")]
        return experiment.views.pipelines[0][0].name
