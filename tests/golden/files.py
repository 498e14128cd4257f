"""The golden files and what is in them."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
GOLDEN = HERE / "golden.json"
RESULTS = HERE / "results"  # results.csv of each study
RESULTS_BEFORE = HERE / "results_before"  # a finished comparison that the old program left
STOPPED_BEFORE = HERE / "stopped_before"  # a pre-training that the old program was stopped in
NEEDED = (  # by report, evaluate, embed and reproduce; the report and checkpoints are not
    "manifest.json",
    "results.csv",
    "spec.json",
    "views.npz",
    "run.json",
    "result.json",
    "metrics.jsonl",
    "map.npz",
    "predictions.npz",
    "encoder.json",
    "encoder.safetensors",
)


@cache
def read_golden() -> dict[str, Any]:
    """``golden.json``."""
    return dict(json.loads(GOLDEN.read_text()))


def write_golden(content: dict[str, Any]) -> None:
    """A line a fact: long lists of numbers in one line, so that a change shows in a diff."""
    text = json.dumps(content, indent=1, ensure_ascii=False)
    text = re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text)
    text = re.sub(r"\{\s+(\"step\"[^][{}]*?)\s+\}", lambda found: f"{{{' '.join(found[1].split())}}}", text)
    GOLDEN.write_text(text + "\n")


def verdict_of(run: Path) -> str:
    """The sentences of the report's verdict, which follow from ``results.csv`` alone."""
    page = (run / "report.html").read_text(encoding="utf-8")
    page = re.sub(r"<(style|script|svg).*?</\1>", "", page, flags=re.DOTALL)
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    return text.partition(" Verdict ")[2].partition(" One run cost")[0]
