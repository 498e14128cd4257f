"""The README's first screen is short, and its lines of Python run as they stand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.documents import BLOCK, ROOT, read

README = read(ROOT / "README.md")


def test_the_readme_fits_a_few_screens_and_begins_with_what_it_is() -> None:
    lines = README.splitlines()
    assert len(lines) <= 90
    picture = next(number for number, line in enumerate(lines) if line.startswith("!["))
    start = lines.index("## Start")
    assert picture < start < 12 and README.count("![") == 1
    assert not any(line.startswith("|") for line in lines)  # tables of reference stand in docs/


@pytest.mark.slow
def test_its_python_runs(tmp_path: Path) -> None:
    (text,) = [block for _, info, block in BLOCK.findall(README) if info.strip() == "python"]
    assert 8 <= len([line for line in text.splitlines() if line.strip()]) <= 12
    (tmp_path / "first.py").write_text(f"{text}\n    print(tuple(features.shape))\n", encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "first.py"], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=1500
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.rstrip().endswith("(8, 192)")
    assert (tmp_path / "runs" / "one-seed" / "report.html").stat().st_size
    assert (tmp_path / "runs" / "encoder" / "encoder.safetensors").stat().st_size
