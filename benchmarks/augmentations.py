"""Augmentations beside their peers: samples a second, one system after the other in turn.

    python benchmarks/augmentations.py
    python benchmarks/augmentations.py --only images/recipe sensors/time-warp --json figures.json

By default one thread and CPU time, which other load disturbs least; with --threads 2 wall time. Every registered
augmentation runs at p = 1 with its default settings; recipes make two views of each sample, and both count. Peers do
the same work at the same settings where they can, from decoded samples of their own kind (PIL images, numpy windows).
sslkit runs with the allocator setting of its training, peers with the system's. Images 3×32×32 uint8, windows of 6
channels, clips of one second at 16 kHz.
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
SYSTEMS = {
    "images": {
        OURS: "ours:entrants",
        "lightly": "peers_images:lightly",
        "torchvision (PIL)": "peers_images:torchvision",
        "kornia": "peers_images:kornia",
    },
    "sensors": {
        OURS: "ours:entrants",
        "numpy": "peers_sensors:per_sample_numpy",
        "tsaug": "peers_sensors:tsaug",
    },
    "audio": {
        OURS: "ours:entrants",
        "torchaudio": "peers_audio:torchaudio",
        "per sample": "peers_audio:per_sample",
        "torch-audiomentations": "peers_audio:torch_audiomentations",
    },
}


def goal(contest: str, ours: str, other: str) -> float | None:
    """The ratio to reach, where there is a goal."""
    if other == "lightly":
        return 16.0 if "matrix" in ours else 8.0
    if other == "numpy" and not contest.startswith("recipe"):
        return 80.0 if contest in ("time-warp", "magnitude-warp") else 4.0
    return {("recipe byol-a", "per sample"): 6.0, ("front end log-mel", "torchaudio"): 2.0}.get(
        (contest, other)
    )


def run_group(
    group: str, options: argparse.Namespace, console: Console
) -> tuple[list[Result], list[Ratio], list[str]]:
    """All chosen contests of a modality; and what could not be measured, in words."""
    settings: dict[str, Any] = {
        "group": group,
        "batch_size": options.batch_size,
        "window_length": options.window_length,
    }
    workers = {
        name: Worker(name, source, settings, options.threads) for name, source in SYSTEMS[group].items()
    }
    results: list[Result] = []
    found: list[Ratio] = []
    notes: list[str] = []
    try:
        offers = _offers(workers, notes)
        for contest in offers[OURS]:
            if not chosen(f"{group}/{contest}", options.only):
                continue
            entrants = [
                Entrant(workers[name], variant)
                for name, offer in offers.items()
                for variant in offer.get(contest, [])
            ]
            console.print(f"[dim]{group}/{contest}: {', '.join(entrant.label for entrant in entrants)}[/]")
            entrants, failures = warm_up(contest, entrants, options.seconds / 2)
            notes += failures
            if not entrants:
                continue
            result = compete(contest, entrants, options.repeats, options.seconds, clock(options))
            results.append(result)
            found += ratios(result, entrants, goal, lambda entrant: entrant.worker.system == OURS)
        for name, offer in offers.items():
            notes += [
                f"{name}'s {contest} has no counterpart here" for contest in offer.keys() - offers[OURS]
            ]
    finally:
        for worker in workers.values():
            worker.close()
    return results, found, notes


def _offers(workers: dict[str, Worker], notes: list[str]) -> dict[str, dict[str, list[str]]]:
    """What each system can do; a peer that is not installed is said to be missing."""
    offers = {}
    for name, worker in workers.items():
        try:
            offers[name] = worker.contests()
        except ImportError as error:
            notes.append(not_installed(name, error))
    return offers


def main() -> None:
    parser = contest_options(__doc__, repeats=7, seconds=0.25)
    parser.add_argument("--window-length", type=int, default=128, help="of sensor windows")
    options = parser.parse_args()
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = str(options.threads)  # before the workers start
    groups = [group for group in SYSTEMS if any_chosen(group, SYSTEMS, options.only)]
    if not groups:
        parser.error(f"--only {' '.join(options.only)}: names start with {', '.join(SYSTEMS)}")
    console = make_console()
    facts = environment({**vars(options), "json": str(options.json)})
    print_environment(console, facts)
    results: list[Result] = []
    found: list[Ratio] = []
    for group in groups:
        measured, compared, notes = run_group(group, options, console)
        clock = "CPU second, one thread" if options.threads == 1 else f"second, {options.threads} threads"
        console.print(table(f"{group}, batch {options.batch_size}", f"samples / {clock}", measured, compared))
        for note in notes:
            console.print(f"[yellow]{note}[/]")
        results += measured
        found += compared
    thrown = sum(result.thrown_away for result in results)
    console.print(f"{thrown} rounds thrown away: other processes took more than a quarter of a core.")
    if options.json:
        write_json(options.json, facts, results, found)


if __name__ == "__main__":
    main()
