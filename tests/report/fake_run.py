"""Writes a folder like a comparison's: invented figures, real format. Run it for a page to look at."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

SAMPLES_OF_MAP = 420
BUDGETS = ("5", "10", "50", "all")
COLUMNS = ("data", "objective", "seed", "evaluator", "labels_per_class", "draw", "metric", "value")
CLOTHES = (
    "T-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
MOVES = ("walking", "stairs up", "stairs down", "sitting", "standing", "lying <b>flat</b>")
WORDS = tuple(
    f"{size} {thing}"
    for size in ("small", "middling", "large")
    for thing in ("bed", "bird", "cat", "dog", "happy", "house", "nine", "sheila", "tree", "wow")
)

Scores = dict[str, tuple[float, float]]  # method → accuracy with the fewest labels and with all
GOOD: Scores = {
    "byol": (0.74, 0.89),
    "simclr": (0.72, 0.86),
    "random": (0.55, 0.76),
    "handcrafted": (0.62, 0.83),
    "supervised": (0.60, 0.90),
}
LOST: Scores = {**GOOD, "byol": (0.61, 0.80), "simclr": (0.50, 0.70)}
EVEN: Scores = {**GOOD, "byol": (0.70, 0.86), "simclr": (0.70, 0.86)}


def write_fake_run(
    folder: Path, members: Sequence[str] = ("clothes", "watch", "words"), seeds: int = 3
) -> Path:
    """Up to three members: ``clothes`` even, ``watch`` lost and collapsed, ``words`` unfinished."""
    folder.mkdir(parents=True, exist_ok=True)
    makers = {"clothes": _clothes, "watch": _watch, "words": _words}
    facts = {name: makers[name](folder / name, seeds) for name in members}
    rows = [
        {
            "data": name,
            "objective": path.name.rpartition("-seed")[0],
            "seed": path.name.rpartition("-seed")[2],
            **row,
        }
        for name in members
        for path in sorted((folder / name).glob("*-seed*"))
        if (path / "result.json").is_file()
        for row in json.loads((path / "result.json").read_text(encoding="utf-8"))["rows"]
    ]
    with (folder / "results.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    (folder / "manifest.json").write_text(json.dumps(_manifest(folder.name, facts, seeds)), encoding="utf-8")
    return folder


def _manifest(name: str, members: dict[str, Any], seeds: int) -> dict[str, Any]:
    config = {
        "name": name,
        "seeds": seeds,
        "objectives": [{"name": "byol", "tau": 0.99}, {"name": "simclr", "temperature": 0.1}],
        "baselines": ["random", "handcrafted", {"name": "supervised", "steps": 640}],
        "note": "<script>alert('config')</script>",
        "budget": {"epochs": 40, "batch_size": 256},
    }
    return {
        "name": name,
        "config": dict.fromkeys(members, config),
        "versions": {"sslkit": "0.1.0", "torch": "2.11.0", "python": "3.12.3"},
        "plugins": [],
        "machine": {"cpu": "2 cores", "memory_gb": 8, "device": "cpu"},
        "commit": "0123abc",
        "started": "2026-01-05T09:00:00+00:00",
        "finished": "2026-01-05T09:21:04+00:00",
        "seconds": 1264.2,
        "seeds": {member: list(range(seeds)) for member in members},
        "members": members,
    }


def _facts(
    name: str, classes: Sequence[str], by: str, metric: str = "accuracy", notes: Sequence[str] = ()
) -> dict:
    return {
        "data": {"name": name, "fingerprint": "sha256:4f1c0de5a2", "notes": list(notes)},
        "splits": {"train": 4000, "validation": 500, "test": 1500, "by": by, "hash": "9b2d"},
        "classes": list(classes),
        "budget": {"steps": 640, "epochs": 40, "batch_size": 256},
        "primary_metric": metric,
        "baseline_objective": "simclr",
    }


def _clothes(folder: Path, seeds: int) -> dict[str, Any]:
    pictures = np.stack([_picture(index) for index in range(4)])
    _views(folder, pictures, [np.clip(pictures[..., ::-1] * 0.8 + 0.1, 0, 1), np.roll(pictures, 5, axis=2)])
    _spec(folder, "image", (3, 28, 28), None, CLOTHES)
    _runs(folder, EVEN, seeds, classes=10)
    return _facts("fashion", CLOTHES, "class", notes=["10,000 of the 60,000 pictures; MIT licence."])


def _watch(folder: Path, seeds: int) -> dict[str, Any]:
    time = np.arange(128) / 50
    signals = np.stack(
        [[np.sin(2 * np.pi * (1 + k) * time + c) * (1 + c / 3) for c in range(6)] for k in range(4)]
    )
    noise = np.random.default_rng(1).normal(size=signals.shape)
    _views(folder, signals, [signals * 1.2 + 0.1 * noise, signals[..., ::-1]])
    channels = ("acc x", "acc y", "acc z", "gyr x", "gyr y", "gyr z")
    _spec(folder, "sensor", (6, 128), 50.0, MOVES, channels)
    alarms = {
        ("simclr", 1): ["The encoder has collapsed: effective rank 1.3 of 128. Try a lower learning rate."]
    }
    _runs(folder, LOST, seeds, classes=6, alarms=alarms, metric="balanced_accuracy")
    return _facts(
        "watch", MOVES, "group", "balanced_accuracy", ["People of the test part are in no other part."]
    )


def _words(folder: Path, seeds: int) -> dict[str, Any]:
    rate = 8000
    time = np.arange(rate // 2) / rate
    clips = np.stack([0.4 * np.sin(2 * np.pi * (200 + 150 * k * time) * time) for k in range(4)])
    frames, bands = np.arange(50), np.arange(64)[:, None]
    peaks = [10 + 0.25 * (k + 1) * frames for k in range(4)]
    spectra = np.stack([np.exp(-((bands - peak) ** 2) / 20) for peak in peaks])[:, None]
    noise = 0.1 * np.random.default_rng(2).normal(size=spectra.shape)
    _views(folder, clips, [spectra[..., ::-1] + noise, 0.7 * spectra + noise], features=spectra + noise)
    _spec(folder, "audio", (rate // 2,), float(rate), WORDS)
    _runs(folder, GOOD, seeds, classes=30, unfinished=("simclr", seeds - 1))
    return _facts("spoken-words", WORDS, "group", notes=["Synthetic voices (espeak-ng)."])


def _picture(index: int) -> np.ndarray:
    y, x = np.mgrid[0:28, 0:28] / 27
    inside = (abs(x - 0.5) < 0.2 + 0.05 * index) & (abs(y - 0.5) < 0.4)
    return np.stack([inside * (0.3 + 0.7 * x), inside * y, inside * 0.6 + 0.1 * (1 - inside)])


def _views(folder: Path, decoded: np.ndarray, views: Sequence[np.ndarray], **more: np.ndarray) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {f"view_{index}": view.astype(np.float32) for index, view in enumerate(views, start=1)}
    arrays |= {name: array.astype(np.float32) for name, array in more.items()}
    np.savez(folder / "views.npz", decoded=decoded.astype(np.float32), **arrays)  # type: ignore[arg-type]


def _spec(
    folder: Path,
    modality: str,
    shape: tuple[int, ...],
    rate: float | None,
    classes: Sequence[str],
    channels: Sequence[str] = (),
) -> None:
    spec = {
        "modality": modality,
        "shape": shape,
        "rate_hz": rate,
        "channels": channels,
        "class_names": classes,
    }
    (folder / "spec.json").write_text(json.dumps({**spec, "feature_shape": shape}), encoding="utf-8")


def _runs(
    folder: Path,
    scores: Scores,
    seeds: int,
    classes: int,
    alarms: dict[tuple[str, int], list[str]] | None = None,
    unfinished: tuple[str, int] | None = None,
    metric: str = "accuracy",
) -> None:
    for number, (method, (few, everything)) in enumerate(scores.items()):
        for seed in range(seeds):
            random = np.random.default_rng([number, seed, classes])
            run = folder / f"{method}-seed{seed}"
            run.mkdir(parents=True)
            said = (alarms or {}).get((method, seed), [])
            trained = method in ("byol", "simclr", "supervised")
            if trained:
                _metrics(run, random, method, everything, bool(said), cut=(method, seed) == unfinished)
            if (method, seed) != unfinished:
                rows = _rows(random, method, few, everything - (0.3 if said else 0), metric)
                _result(run, random, method, seed, rows, said)
            if seed == 0 and method in ("byol", "simclr") and (method, seed) != unfinished:
                _map(run, random, classes, 4 * everything)


def _rows(random: np.random.Generator, method: str, few: float, everything: float, metric: str) -> list[dict]:
    rows = []
    shift = random.normal(0, 0.008)
    evaluators = ("end-to-end",) if method == "supervised" else ("linear", "knn")
    for evaluator in evaluators:
        for step, labels in enumerate(BUDGETS):
            for draw in range(1 if labels == "all" else 3):
                base = few + (everything - few) * step / 3 - (0.03 if evaluator == "knn" else 0)
                value = float(np.clip(base + shift + random.normal(0, 0.006), 0, 1))
                for name, less in (("accuracy", 0.0), ("balanced_accuracy", 0.01)):
                    rows.append(
                        {
                            "evaluator": evaluator,
                            "labels_per_class": labels,
                            "draw": draw,
                            "metric": name,
                            "value": value - (less if metric == "accuracy" else -less),
                        }
                    )
    return rows


def _result(
    run: Path, random: np.random.Generator, method: str, seed: int, rows: list[dict], alarms: list[str]
) -> None:
    trained = method in ("byol", "simclr", "supervised")
    geometry = {
        "feature_std": 0.04,
        "effective_rank": 1.3 if alarms else 61.0,
        "alignment": 0.2,
        "uniformity": -2.9,
    }
    rows = rows + [
        {"evaluator": "geometry", "labels_per_class": "all", "draw": 0, "metric": key, "value": value}
        for key, value in geometry.items()
        if method not in ("supervised", "handcrafted")
    ]
    cost = {"seconds": 0.4, "samples_per_second": None, "peak_memory_mb": 310.0, "parameters": 0}
    if trained:
        cost = {
            "seconds": 61.0 + random.normal(),
            "samples_per_second": 2600.0 + 20 * random.normal(),
            "peak_memory_mb": 812.5,
            "parameters": 1_234_567,
            "steps": 640,
            "samples_seen": 163_840,
        }
    result = {"data": run.parent.name, "objective": method, "seed": seed, "rows": rows, "cost": cost}
    (run / "result.json").write_text(
        json.dumps({**result, "geometry": geometry, "alarms": alarms}), encoding="utf-8"
    )


def _metrics(
    run: Path, random: np.random.Generator, method: str, final: float, collapsed: bool, cut: bool
) -> None:
    lines: list[dict[str, float]] = []
    steps = 250 if cut else 640
    for step in range(10, steps + 1, 10):
        progress = step / 640
        scale = 2.0 if method == "byol" else 5.5
        loss = scale * (0.25 + 0.75 * np.exp(-4 * progress)) + random.normal(0, 0.02 * scale)
        line = {"step": step, "epoch": step / 16, "seconds": step / 10, "loss": float(loss)}
        lines.append({**line, "learning_rate": 0.1 * (1 - progress), "samples_per_second": 2600.0})
        if step % 40 == 0 and method != "supervised":
            rank = 1.3 + 40 * np.exp(-9 * progress) if collapsed else 20 + 41 * progress + random.normal(0, 1)
            lines.append(
                {
                    "step": step,
                    "epoch": step / 16,
                    "seconds": step / 10,
                    "feature_std": 0.002 if collapsed and progress > 0.4 else 0.03 + 0.03 * progress,
                    "effective_rank": float(rank),
                    "alignment": 0.3,
                    "uniformity": -2.5,
                    "knn_accuracy": float(
                        final
                        + random.normal(0, 0.006)
                        - 0.25 * np.exp(-3 * progress)
                        - (0.4 * progress if collapsed else 0)
                    ),
                }
            )
    text = "\n".join(json.dumps(line) for line in lines)
    (run / "metrics.jsonl").write_text(text + ('\n{"step": 260, "lo' if cut else "\n"), encoding="utf-8")


def _map(run: Path, random: np.random.Generator, classes: int, apart: float) -> None:
    y = np.arange(SAMPLES_OF_MAP) % classes
    centres = random.normal(0, apart / 5, (classes, 32))
    features = centres[y] + random.normal(0, 1, (SAMPLES_OF_MAP, 32))
    np.savez(run / "map.npz", features=features.astype(np.float32), y=y)


if __name__ == "__main__":
    target = write_fake_run(Path(sys.argv[1]), seeds=int(sys.argv[2]) if len(sys.argv) > 2 else 3)
    sys.stdout.write(f"{target}\n")
