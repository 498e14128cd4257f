"""Whole training steps against their limit: the same step on views that were made before.

    python benchmarks/training_step.py

For BYOL and SimCLR, on 3×32×32 images and 6×128 sensor windows: samples/s of a full step (indexing the data, views,
forward, backward, optimiser, target) and of the same step on one fixed list of views. Both are measured in alternating
blocks, and the median ratio is printed: what share of the limit data and augmentation leave.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from sslkit.build import prepare
from sslkit.config import parse_study
from sslkit.plugins import load_registry
from sslkit.training.trainer import Trainer

SHAPES = {"images 3×32×32": (3, 32, 32), "sensors 6×128": (6, 128)}


def write_data(name: str, path: Path, count: int = 2048) -> None:
    """Random samples: their contents do not matter for speed."""
    random = np.random.default_rng(0)
    shape = SHAPES[name]
    if len(shape) == 3:
        x = random.integers(0, 256, (count, *shape[1:], shape[0]), dtype=np.uint8)
    else:
        x = random.normal(size=(count, *shape)).astype(np.float32)
    y = np.arange(count) % 2
    half = count // 4
    np.savez(path, X_train=x, y_train=y, X_test=x[:half], y_test=y[:half])


def trainers(
    name: str, batch_size: int, threads: int, folder: Path, backbone: str | None
) -> list[tuple[str, Trainer]]:
    """One trainer an objective, on data of that shape, with the modality's default views."""
    path = folder / "data.npz"
    write_data(name, path)
    registry, _ = load_registry()
    head = {"hidden_dim": 512, "out_dim": 128}
    byol = {
        "name": "byol",
        "projector": {"name": "byol-mlp", **head},
        "predictor": {"name": "byol-mlp", **head},
    }
    plain = {
        "data": {"name": "arrays", "path": str(path)},
        "objectives": [byol, {"name": "simclr", "projector": {"name": "simclr-mlp", **head}}],
        "backbone": backbone,
        "training": {"batch_size": batch_size, "threads": threads},
        "budget": {"steps": 100_000},
    }
    (experiment,) = parse_study(plain, [], registry).experiments
    prepared = prepare(experiment, registry)
    return [
        (label, prepared.trainer(spec, 0))
        for label, spec in zip(experiment.labels, experiment.objectives, strict=True)
    ]


def block(step: Callable[[], object], steps: int, device: torch.device) -> float:
    """Seconds of a step, over a block of them."""
    if device.type == "cuda":
        torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(steps):
        step()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return (time.perf_counter() - start) / steps


def measure(trainer: Trainer, blocks: int, steps: int) -> tuple[float, float, float]:
    """Median seconds of a full step and of the limit, and the median of their paired ratios."""
    trainer.objective.train()
    batches = trainer.loader.batches(0, (blocks + 1) * steps + 1)
    fixed = trainer.views(next(batches), 0)
    make_views = trainer.views

    def full() -> None:
        trainer.views = make_views
        trainer._optimise(trainer.objective, next(batches))

    def limit() -> None:
        trainer.views = lambda *_: fixed  # type: ignore[assignment]
        trainer._optimise(trainer.objective, fixed[0])

    block(full, steps, trainer.device), block(limit, steps, trainer.device)  # warm up
    pairs = [(block(full, steps, trainer.device), block(limit, steps, trainer.device)) for _ in range(blocks)]
    batches.close()
    ratio = statistics.median(b / a for a, b in pairs)
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), ratio


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--blocks", type=int, default=9)
    parser.add_argument("--steps", type=int, default=4, help="steps a block")
    parser.add_argument("--backbone", help="for images, e.g. resnet18; default: the modality's")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    where = (
        torch.cuda.get_device_name()
        if torch.cuda.is_available()
        else f"{platform.machine()} CPU, {options.threads} threads"
    )
    print(f"torch {torch.__version__}, {where}, batch {options.batch_size}\n")
    print("| data | objective | full step, samples/s | limit, samples/s | share of the limit |")
    print("| --- | --- | --- | --- | --- |")
    for name in SHAPES:
        backbone = options.backbone if name.startswith("images") else None
        with TemporaryDirectory() as folder:
            for label, trainer in trainers(name, options.batch_size, options.threads, Path(folder), backbone):
                full, limit, ratio = measure(trainer, options.blocks, options.steps)
                rates = f"{options.batch_size / full:,.0f} | {options.batch_size / limit:,.0f}"
                print(f"| {name} | {label} | {rates} | {100 * ratio:.0f} % |", flush=True)


if __name__ == "__main__":
    main()
