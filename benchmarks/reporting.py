"""What both benchmarks print: where they ran, tables of contests, and figures as JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from measuring import Entrant, Result
from rich.console import Console
from rich.table import Table

LIBRARIES = ["sslkit", "torch", "torchvision", "torchaudio", "numpy", "scipy", "pillow"]
PEERS = ["lightly", "kornia", "torch-audiomentations", "tsaug"]
Goal = Callable[[str, str, str], float | None]  # contest, our label, the other's label → the ratio to reach


@dataclass(frozen=True)
class Ratio:
    """How many times the other's rate ours is."""

    contest: str
    ours: str
    other: str
    ratio: float
    goal: float | None

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "met" if self.ratio >= self.goal else "missed"


def contest_options(description: str | None, repeats: int, seconds: float) -> argparse.ArgumentParser:
    """The options that both benchmarks have; ``repeats`` and ``seconds`` are their defaults."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", default=[], help="parts of contests' names, e.g. images or jitter"
    )
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--threads", type=int, default=1, help="above 1: wall time")
    parser.add_argument("--repeats", type=int, default=repeats, help="quiet rounds of each contest")
    parser.add_argument("--seconds", type=float, default=seconds, help="of each entrant in each round")
    parser.add_argument("--json", type=Path, help="write all figures there")
    return parser


def clock(options: argparse.Namespace) -> str:
    """What is measured: CPU time, which other load disturbs least, or wall time on several threads."""
    return "cpu" if options.threads == 1 else "wall"


def not_installed(peer: str, error: ImportError) -> str:
    """What is said of a peer that is not there."""
    return (
        f"{peer}: not compared with, not installed ({error}). "
        "python -m pip install -r benchmarks/requirements.txt"
    )


def environment(options: dict[str, Any]) -> dict[str, Any]:
    """Versions, the kind of machine, and what was asked for."""
    return {
        "machine": f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in LIBRARIES + PEERS},
        "seed": 0,
        "options": options,
    }


def make_console() -> Console:
    """As wide as the terminal; wide enough for a table where the output goes to a file."""
    return Console() if sys.stdout.isatty() else Console(width=120)


def print_environment(console: Console, facts: dict[str, Any]) -> None:
    console.print(f"{facts['machine']}; Python {facts['python']}; seed {facts['seed']}")
    console.print(", ".join(f"{name} {found}" for name, found in facts["versions"].items()))
    missing = [name for name, found in facts["versions"].items() if found == "not installed"]
    if missing:
        console.print(
            f"[yellow]Not installed, so not compared with: {', '.join(missing)} "
            "(python -m pip install -r benchmarks/requirements.txt)[/]"
        )


def chosen(name: str, only: list[str]) -> bool:
    """Whether a contest (``images/recipe byol``) is asked for: any part of its name is enough."""
    return not only or any(part in name for part in only)


def any_chosen(group: str, groups: Collection[str], only: list[str]) -> bool:
    """Whether some contest of the group may be asked for: by the group's name, or by parts without a group."""
    return not only or any(
        part.startswith(group) or ("/" not in part and part not in groups) for part in only
    )


def ratios(
    result: Result, entrants: list[Entrant], goal: Goal, is_ours: Callable[[Entrant], bool]
) -> list[Ratio]:
    """Each of ours against each of the others."""
    return [
        Ratio(
            result.contest,
            ours.label,
            other.label,
            result.ratio(ours.label, other.label),
            goal(result.contest, ours.label, other.label),
        )
        for other in entrants
        if not is_ours(other)
        for ours in entrants
        if is_ours(ours)
    ]


def table(title: str, unit: str, results: list[Result], found: list[Ratio]) -> Table:
    """A row an entrant; ratios beside the entrant that ours are compared with."""
    caption = "* too few quiet rounds: all counted" if any(result.disturbed for result in results) else None
    shown = Table(title=title, title_justify="left", caption=caption, caption_justify="left")
    for heading in ("what", "who"):
        shown.add_column(heading)
    for heading in (unit, "ours is", "goal"):
        shown.add_column(heading, justify="right")
    shown.add_column("")
    shown.add_column("ours")
    for result in results:
        note = " *" if result.disturbed else ""
        for row, label in enumerate(result.rates):
            against = [ratio for ratio in found if (ratio.contest, ratio.other) == (result.contest, label)]
            shown.add_row(
                result.contest + note if row == 0 else "",
                label,
                f"{result.rate(label):,.0f}",
                "\n".join(f"{ratio.ratio:.2f}×" for ratio in against),
                "\n".join(f"{ratio.goal:g}×" if ratio.goal else "" for ratio in against),
                "\n".join(ratio.verdict for ratio in against),
                "\n".join(ratio.ours.partition(", ")[2] for ratio in against),
            )
        shown.add_section()
    return shown


def write_json(path: Path, facts: dict[str, Any], results: list[Result], found: list[Ratio]) -> None:
    """All figures, every round's too."""
    figures = {
        **facts,
        "results": [asdict(result) for result in results],
        "ratios": [{**asdict(ratio), "verdict": ratio.verdict} for ratio in found],
    }
    path.write_text(json.dumps(figures, indent=1) + "\n")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    facts = dict(line.partition(":")[::2] for line in lines if ":" in line)
    named = {key.strip(): value.strip() for key, value in facts.items()}
    name, flags = named.get("model name", "unknown processor"), named.get("flags", "").split()
    instructions = [flag for flag in ("avx2", "avx512f", "avx512_bf16") if flag in flags]
    return f"{name} ({', '.join(instructions)})"
