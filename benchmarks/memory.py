"""Peak memory, CPU time and time to the first step of each command, for sets of 0.1 to 40 GB that stay on the disk.

    python benchmarks/memory.py --folder /somewhere/with/sparse/files [--gigabytes 0.1 1 10 40]

The sets are sparse: 200 stretches hold random windows, the rest are holes that read as zeros and take no room.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import yaml

CHANNELS, LENGTH, STRETCHES, BLOCK = 6, 512, 200, 64
COMMANDS = ("check", "preview", "pretrain", "compare")


@dataclass
class Measured:
    """One call: seconds, the largest sum of the resident memory of its processes, and when a step was first logged."""

    wall: float
    cpu: float
    peak: float
    first_step: float | None


def make_set(gigabytes: float, folder: Path) -> Path:
    """A folder of arrays with a config beside it; returns the config."""
    data = folder / f"{gigabytes:g}GB"
    data.mkdir(parents=True, exist_ok=True)
    count = int(gigabytes * 1e9 / (CHANNELS * LENGTH * 4))
    random = np.random.default_rng(0)
    with (data / "X_train.npy").open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (count, CHANNELS, LENGTH)}
        np.lib.format.write_array_header_1_0(file, header)
        start = file.tell()
        file.truncate(start + count * CHANNELS * LENGTH * 4)
        block = random.normal(size=(BLOCK, CHANNELS, LENGTH)).astype(np.float32)
        for row in range(0, count - BLOCK, max(BLOCK, count // STRETCHES)):
            file.seek(start + row * CHANNELS * LENGTH * 4)
            file.write((block + random.normal()).astype(np.float32).tobytes())
    np.save(data / "y_train.npy", np.arange(count) // 8 % 4)
    np.save(data / "groups_train.npy", np.arange(count) * 20 // count)
    config = {
        "name": data.name,
        "data": {"name": "arrays", "path": str(data), "rate_hz": 50, "constant_channels": "keep"},
        "backbone": {"name": "resnet1d", "width": 16},
        "objectives": ["byol"],
        "baselines": ["random"],
        "guards": {"leaks": "warn"},  # zeros are copies of one another
        "budget": {"steps": 10},
        "training": {"batch_size": 64, "log_every": 1, "device": "cpu"},
        "evaluation": {"labels_per_class": [10], "draws": 1},
        "evaluators": ["knn"],
        "seeds": [0],
        "workers": 1,
    }
    path = folder / f"{data.name}.yaml"
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return path


def measure(command: str, config: Path, out: Path) -> Measured:
    """Run it, looking at its processes twenty times a second."""
    line = [sys.executable, "-m", "sslkit", command, str(config)]
    line += [] if command == "check" else ["--out", str(out)]
    started, peak, cpu, first = time.monotonic(), 0, 0.0, None
    process = psutil.Popen(line, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            family = [process, *process.children(recursive=True)]
            peak = max(peak, sum(one.memory_info().rss for one in family))
            cpu = max(cpu, sum(sum(one.cpu_times()[:2]) for one in family))
        except psutil.Error:
            pass  # one of them has just ended
        if first is None and any(file.stat().st_size for file in out.rglob("metrics.jsonl")):
            first = time.monotonic() - started
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{' '.join(line)} ended with status {process.returncode}")
    return Measured(time.monotonic() - started, cpu, peak / 1e9, first)


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--gigabytes", type=float, nargs="+", default=[0.1, 1, 10, 40])
    parser.add_argument("--commands", nargs="+", choices=COMMANDS, default=COMMANDS)
    options = parser.parse_args()
    print("| set | command | peak, GB | CPU, s | wall, s | first step after, s |")
    print("| --- | --- | --- | --- | --- | --- |")
    for gigabytes in options.gigabytes:
        config = make_set(gigabytes, options.folder)
        for command in options.commands:
            out = options.folder / f"{gigabytes:g}-{command}-{time.time_ns()}"
            found = measure(command, config, out)
            step = "" if found.first_step is None else f"{found.first_step:.0f}"
            figures = f"{found.peak:.2f} | {found.cpu:.0f} | {found.wall:.0f} | {step}"
            print(f"| {gigabytes:g} GB | {command} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
