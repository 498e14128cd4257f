"""Whole training steps: against their limit, and against the same training written with lightly.

    python benchmarks/training_step.py
    python benchmarks/training_step.py --only limit/images
    python benchmarks/training_step.py --device cuda

*Limit*: a full step (reading the batch, views, forward, backward, optimiser, target) against the same step on one list
of views made before, for images, sensor windows and clips under both objectives: what share of the limit data and
augmentation leave. *Lightly*: training on images with the same backbone, heads, optimiser, batch and recipe. Both run
on one thread and count CPU time (that of lightly's loader workers too); with --threads 2, wall time. *GPU*: the limit
in bf16 at batch 512 with and without torch.compile. ResNet-18 has batches of 64 on a CPU, the others of 256; heads are
512 → 128.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

from measuring import Entrant, Result, Worker, compete, warm_up
from reporting import (
    Ratio,
    any_chosen,
    chosen,
    clock,
    contest_options,
    environment,
    make_console,
    not_installed,
    print_environment,
    ratios,
    table,
    write_json,
)
from rich.console import Console

OURS = "sslkit"
GOALS = {"resnet18": 0.97, "small-conv": 0.93, "resnet1d": 0.95, "audio-conv": 0.95}
GPU_GOAL = 0.90


def limit_goal(contest: str, ours: str, other: str) -> float | None:
    """The share of the limit to reach on a CPU."""
    return next((goal for name, goal in GOALS.items() if name in contest), None)


def run(
    title: str, entrants: dict[str, list[Entrant]], options: argparse.Namespace, time: str, console: Console
) -> tuple[list[Result], list[Ratio]]:
    """Every chosen contest of a section, printed as a table."""
    results: list[Result] = []
    found: list[Ratio] = []
    notes: list[str] = []
    for contest, candidates in entrants.items():
        if not chosen(f"{title}/{contest}", options.only):
            continue
        console.print(f"[dim]{title}/{contest}[/]")
        able, failures = warm_up(contest, candidates, options.seconds / 2)
        notes += failures
        if not able:
            continue
        result = compete(contest, able, options.repeats, options.seconds, time)
        results.append(result)
        goal = {"limit": limit_goal, "gpu": lambda *_: GPU_GOAL}.get(title, lambda *_: None)
        found += ratios(result, able, goal, _is_ours)
    console.print(table(title, f"samples / {time} second", results, found))
    for note in notes:
        console.print(f"[yellow]{note}[/]")
    return results, found


def _is_ours(entrant: Entrant) -> bool:
    return entrant.worker.system == OURS and not entrant.variant.startswith("limit")


def limit_section(options: argparse.Namespace, console: Console) -> tuple[list[Result], list[Ratio]]:
    """On a CPU, in fp32."""
    settings = {
        "batch_size": options.batch_size,
        "device": "cpu",
        "precision": "fp32",
        "compiled": False,
        "threads": options.threads,
    }
    worker = Worker(OURS, "training_ours:limits", settings, options.threads)
    try:
        return run("limit", _entrants([worker]), options, clock(options), console)
    finally:
        worker.close()


def gpu_section(options: argparse.Namespace, console: Console) -> tuple[list[Result], list[Ratio]]:
    """In bf16, without and with torch.compile; said to be skipped where there is no GPU."""
    import torch

    if not torch.cuda.is_available():
        console.print("[yellow]gpu: skipped, torch finds no CUDA device on this machine.[/]")
        return [], []
    console.print(f"GPU: {torch.cuda.get_device_name()}, bf16, batch {options.gpu_batch_size}")
    results: list[Result] = []
    found: list[Ratio] = []
    for compiled in (False, True):
        settings = {
            "batch_size": options.gpu_batch_size,
            "device": "cuda",
            "precision": "bf16",
            "compiled": compiled,
            "threads": os.cpu_count() or 1,
        }
        worker = Worker(OURS, "training_ours:limits", settings, os.cpu_count() or 1)
        try:
            measured, compared = run("gpu", _entrants([worker]), options, "wall", console)
        finally:
            worker.close()
        results += measured
        found += compared
    return results, found


def lightly_section(options: argparse.Namespace, console: Console) -> tuple[list[Result], list[Ratio]]:
    """One thread and CPU time (the loader's workers count) or wall time, as the limit."""
    threads = options.threads
    settings: dict[str, Any] = {"batch_size": options.batch_size, "threads": threads}
    workers = [Worker(OURS, "training_ours:against_lightly", {**settings, "workers": 0}, threads)]
    for count in (0, 2):
        source = "training_lightly:entrants"
        workers.append(Worker(f"lightly, {count} workers", source, {**settings, "workers": count}, threads))
    try:
        return run("lightly", _entrants(workers), options, clock(options), console)
    except ImportError as error:
        console.print(f"[yellow]{not_installed('lightly', error)}[/]")
        return [], []
    finally:
        for worker in workers:
            worker.close()


def _entrants(workers: list[Worker]) -> dict[str, list[Entrant]]:
    offers = [(worker, worker.contests()) for worker in workers]
    return {
        contest: [Entrant(worker, variant) for worker, offer in offers for variant in offer.get(contest, [])]
        for contest in offers[0][1]
    }


def main() -> None:
    parser = contest_options(__doc__, repeats=5, seconds=2.0)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="cuda: the GPU section only")
    parser.add_argument("--gpu-batch-size", type=int, default=512)
    options = parser.parse_args()
    console = make_console()
    facts = environment({**vars(options), "json": str(options.json)})
    print_environment(console, facts)
    sections = {"limit": limit_section, "lightly": lightly_section, "gpu": gpu_section}
    names = ["gpu"] if options.device == "cuda" else list(sections)
    names = [name for name in names if any_chosen(name, sections, options.only)]
    if not names:
        parser.error(f"--only {' '.join(options.only)}: names start with {', '.join(sections)}")
    results: list[Result] = []
    found: list[Ratio] = []
    for name in names:
        measured, compared = sections[name](options, console)
        results += measured
        found += compared
    console.print(f"{sum(result.thrown_away for result in results)} disturbed rounds thrown away.")
    if options.json:
        write_json(options.json, facts, results, found)


if __name__ == "__main__":
    main()
