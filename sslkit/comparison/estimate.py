"""What a config would run: shapes, parameters, steps, time and memory, from a few real steps on a throw-away copy."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from torch import Tensor

from sslkit.assembly import Prepared, PreparedCache, prepare
from sslkit.assembly.account import print_account, print_read
from sslkit.comparison.tune import check_tuning
from sslkit.config import Experiment, Study, label_of
from sslkit.errors import SSLKitError
from sslkit.registry import Registry
from sslkit.running.evaluate import require_labels
from sslkit.running.memory import peak_memory_mb, reset_peak_memory
from sslkit.running.plan import plan
from sslkit.running.pools import choose_pool
from sslkit.types import ComponentSpec

if TYPE_CHECKING:
    from sslkit.training.trainer import Trainer

MEASURED_STEPS = 3


@dataclass(frozen=True)
class Estimate:
    """Of one objective under one seed."""

    parameters: int
    seconds: float
    memory_mb: float


def print_estimates(study: Study, registry: Registry, console: Console) -> None:
    """Say what was read and what would run, or why a comparison would refuse it. Nothing is written."""
    check_tuning(study)
    cache = PreparedCache()
    prepared = [_prepare(experiment, registry, cache, console) for experiment in study.experiments]
    planned = [item for item in plan(prepared, Path()) if item.is_own]
    workers, threads = choose_pool("local").resources(
        study.workers, study.threads, len(planned), prepared[0].device.type
    )
    torch.set_num_threads(threads)
    total = tuning = 0.0
    for item in prepared:
        name = item.experiment.name
        estimates = [(spec, estimate(item, spec)) for spec in item.experiment.objectives]
        console.print(_table(item, estimates))
        print_account(item, console)
        for warning in item.warnings:
            console.print(f"[yellow]warning[/] {escape(f'{name}: {warning}')}")
        seconds = {label_of(spec): one.seconds for spec, one in estimates}
        if item.experiment.tuning:
            trials, tuned = item.experiment.tuning.trials, item.experiment.tuning.ranges
            tuning += trials * sum(seconds.get(method, 0.0) for method in tuned)
            console.print(
                escape(f"{name}: before that, {trials} trials each of {', '.join(tuned)}, on validation")
            )
        total += sum(seconds.get(one.run.method, 0.0) for one in planned if one.owner == name)
    refused = [reason for item in prepared if (reason := _refusal(item))]
    for reason in refused:
        console.print(f"[yellow]good for pretrain alone; compare refuses it:[/] {escape(reason)}")
    console.print(
        (f"tuning: pre-training about {_duration(tuning / workers)}. " if tuning else "")
        + ("" if refused else "the config is good. ")
        + f"{len(planned)} runs on {workers} processes of {threads} threads; pre-training about "
        f"{_duration(total / workers)} in all, evaluation and baselines besides."
    )


def _prepare(experiment: Experiment, registry: Registry, cache: PreparedCache, console: Console) -> Prepared:
    """Where the data do not fit the config or leak, what was read of them is said before the error is raised."""
    try:
        return prepare(experiment, registry, cache=cache, guarded=True)
    except SSLKitError:
        if (read := cache.was_read(experiment)) is not None:
            print_read(experiment.name, *read, console)
        raise


def _refusal(prepared: Prepared) -> str:
    """Why the encoders could not be judged; empty where they can."""
    try:
        require_labels(prepared)
    except SSLKitError as error:
        return str(error)
    return ""


class _Clock:
    """A callback that reads the time after each step, once the device has finished it."""

    def __init__(self) -> None:
        self.moments: list[float] = []

    def on_start(self, trainer: Trainer) -> None:
        pass

    def on_step(self, trainer: Trainer, logs: dict[str, Tensor | float]) -> None:
        float(logs["loss"])  # waits for it
        self.moments.append(time.monotonic())

    def on_end(self, trainer: Trainer) -> None:
        pass


def estimate(prepared: Prepared, spec: ComponentSpec) -> Estimate:
    """Time a few steps of a copy that is thrown away."""
    reset_peak_memory(prepared.device.type)
    trainer = prepared.trainer(spec, prepared.experiment.seeds[0])
    trainer.plan = replace(trainer.plan, total_steps=MEASURED_STEPS + 1)
    clock = _Clock()
    trainer.callbacks = [clock]
    trainer.run()
    step = float(np.median(np.diff(clock.moments)))
    parameters = sum(p.numel() for p in trainer.objective.parameters() if p.requires_grad)
    return Estimate(parameters, step * prepared.total_steps, peak_memory_mb(prepared.device.type))


def _table(prepared: Prepared, estimates: list[tuple[ComponentSpec, Estimate]]) -> Table:
    experiment, splits, spec = prepared.experiment, prepared.splits, prepared.dataset.spec
    assert experiment.frontend is not None and experiment.backbone is not None
    table = Table(title=escape(experiment.name), show_header=False)
    views = experiment.views.recipe.name if experiment.views.recipe else "own pipelines"
    parts = f"{len(splits.train)} train, {len(splits.validation)} validation, {len(splits.test)} test (by {splits.by})"
    table.add_row(
        "data", f"{experiment.data.name}: {spec.modality}, shape {spec.shape}, {prepared.n_classes} classes"
    )
    table.add_row("parts", parts)
    table.add_row("front end", f"{experiment.frontend.name} → {tuple(prepared.frontend.out_spec.shape)}")
    table.add_row("views", views)
    table.add_row("backbone", f"{experiment.backbone.name} → {prepared.backbone(0).out_dim} features")
    table.add_row(
        "budget",
        f"{prepared.total_steps} steps of {experiment.training.batch_size} samples, seeds {list(experiment.seeds)}",
    )
    for objective, one in estimates:
        size, memory = f"{one.parameters:,} trainable parameters", f"{one.memory_mb:,.0f} MB"
        words = f"{size}, about {_duration(one.seconds)} a seed, {memory}"
        table.add_row(label_of(objective), words)
    return table


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
