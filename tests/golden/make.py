"""Makes the golden files, by the program that ``PYTHONPATH`` names; the tests then hold the program here to them.

    PYTHONPATH=../before python tests/golden/make.py

where ``../before`` is a checkout of the commit that is the reference (``git worktree add ../before 234bd7b``).
Whoever changes results on purpose makes them anew with ``PYTHONPATH=.`` and says so in the commit.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import sslkit  # before the path below: the program of PYTHONPATH

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))  # for tests.golden, which is always this one

from tests.golden import configs, measuring, stopping  # noqa: E402
from tests.golden.data import data_digests  # noqa: E402
from tests.golden.environment import draws, environment  # noqa: E402
from tests.golden.files import NEEDED, RESULTS, RESULTS_BEFORE, STOPPED_BEFORE, verdict_of, write_golden  # noqa: E402


def main() -> None:
    """Make everything anew."""
    print(f"by the program in {Path(sslkit.__file__).parent}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pretrainings = {
            title: _pretraining(folder / title, config) for title, config in configs.PRETRAININGS.items()
        }
        pretrainings["stopped"] = _pretraining(folder / "whole", configs.STOPPED)
        _keep(
            stopping.stopped_run(folder / "stopped"),
            STOPPED_BEFORE,
            ("checkpoint.pt", "run.json", "metrics.jsonl"),
        )
        for title, config in configs.STUDIES.items():
            RESULTS.mkdir(exist_ok=True)
            shutil.copy(measuring.compare(folder / title, config) / "results.csv", RESULTS / f"{title}.csv")
        before = _results_before(folder / "before")
    write_golden(
        {
            "commit": _commit(),
            "environment": environment(),
            "draws": draws(),
            "data": data_digests(),
            "before": before,
            "pretrainings": pretrainings,
        }
    )


def _pretraining(folder: Path, config: configs.Config) -> measuring.Facts:
    run = measuring.pretrain(folder, config)
    return measuring.facts_of(run, folder / config["data"]["path"])


def _results_before(folder: Path) -> measuring.Facts:
    """Keep what later commands need of a finished comparison; returns its verdict and its encoders' features."""
    run = measuring.compare(folder, configs.BEFORE)
    _keep(run, RESULTS_BEFORE, NEEDED)
    encoders = sorted(path.parent.relative_to(run) for path in run.rglob("encoder.json"))
    features = {str(name): measuring.features_of(run / name, folder / "sensors.npz") for name in encoders}
    return {"verdict": verdict_of(run), "features": measuring.rounded(features)}


def _keep(run: Path, target: Path, names: tuple[str, ...]) -> None:
    shutil.rmtree(target, ignore_errors=True)
    for path in sorted(run.rglob("*")):
        if path.name in names:
            copy = target / path.relative_to(run)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)


def _commit() -> str:
    with suppress(OSError, subprocess.CalledProcessError):
        where = Path(sslkit.__file__).parent
        command = ["git", "-C", str(where), "describe", "--always", "--dirty", "--abbrev=12"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    return "unknown"


if __name__ == "__main__":
    main()
