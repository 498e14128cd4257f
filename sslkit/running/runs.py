"""The runs of a comparison: one method under one seed on one data set, each with a folder of its own."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import sslkit
from sslkit.assembly import Prepared
from sslkit.config import Experiment, label_of
from sslkit.deploy.encoder import Encoder
from sslkit.errors import SSLKitError
from sslkit.evaluation.geometry import collapse_alarms, projection_alarms
from sslkit.files import make_folder, remove_leftovers, write_json, write_npz
from sslkit.records import Result, RunFacts, read_record
from sslkit.running.collapse import collapse_advice
from sslkit.running.evaluate import Measurements, evaluate_encoder, make_judge
from sslkit.running.memory import peak_memory_mb, reset_peak_memory
from sslkit.running.validation_only import without_test
from sslkit.statistics.audit.calibration import probabilities
from sslkit.training.callbacks.metrics_log import MetricsLog
from sslkit.training.callbacks.monitor import Monitor
from sslkit.training.callbacks.progress import Progress
from sslkit.training.callbacks.stop import StopOnSignal
from sslkit.training.distributed import Processes
from sslkit.training.trainer import Trainer
from sslkit.types import ComponentSpec, ReportProgress

MAP_SAMPLES = 1000
TIMES_MONITORED = 10


@dataclass(frozen=True)
class Run:
    """One method under one seed. A trial of tuning is ``judged_on_validation``, without the test part."""

    spec: ComponentSpec
    seed: int
    judged_on_validation: bool = False

    @property
    def method(self) -> str:
        return label_of(self.spec)

    @property
    def folder_name(self) -> str:
        return f"{self.method}-seed{self.seed}"


def runs_of(experiment: Experiment) -> list[Run]:
    """Objectives first, seed by seed, so that a comparison cut short has whole pairs."""
    specs = (*experiment.objectives, *experiment.baselines)
    return [Run(spec, seed) for seed in experiment.seeds for spec in specs]


def read_result(folder: Path) -> dict[str, Any] | None:
    """The result that the run left, if there is a whole one."""
    try:
        return read_record(folder / "result.json", Result)
    except SSLKitError:
        return None


def execute(prepared: Prepared, run: Run, folder: Path, report: ReportProgress) -> None:
    """Train where it is an objective, evaluate, and write ``result.json`` last."""
    prepared = without_test(prepared, run.seed) if run.judged_on_validation else prepared
    if run.spec.kind == "objective":
        trainer, encoder = pretrain_run(prepared, run, folder, report)
        report(1, 1, "evaluating")
        advice = collapse_advice(prepared, run.spec, trainer.objective)
        measured = evaluate_encoder(prepared, encoder, run.seed, advice)
        measured.alarms += projection_alarms(float(trainer.logs.get("projection_std", 1.0)), advice)
        write_map(prepared, measured, folder)
        write_result(prepared, run, folder, measured, cost(trainer))
    else:
        started = time.monotonic()
        rows = prepared.registry.build(run.spec).run(prepared, run.seed, report)
        measured = Measurements(rows, predictions=getattr(rows, "predictions", None))
        write_result(prepared, run, folder, measured, {"seconds": time.monotonic() - started})


def pretrain_run(
    prepared: Prepared, run: Run, folder: Path, report: ReportProgress, processes: Processes | None = None
) -> tuple[Trainer, Encoder]:
    """Train to the end (from the checkpoint where there is one) and write the encoder."""
    processes = processes or Processes()
    make_folder(folder)
    reset_peak_memory(prepared.device.type)
    trainer = prepared.trainer(run.spec, run.seed, folder / "checkpoint.pt", processes=processes)
    facts = {"objective": run.spec.to_plain(), "seed": run.seed, "sslkit": sslkit.__version__}
    encoder = prepared.encoder(trainer.objective.backbone, **facts)
    trainer.callbacks.append(StopOnSignal())
    if processes.first:
        training = prepared.experiment.training
        log = MetricsLog(folder / "metrics.jsonl", training.log_every, training.tensorboard)
        every = training.monitor_every or max(1, trainer.total_steps // TIMES_MONITORED)
        advice = collapse_advice(prepared, run.spec, trainer.objective)
        monitor = Monitor(
            make_judge(prepared, encoder, run.seed), log, every, partial(_alarms, encoder.out_dim, advice)
        )
        trainer.callbacks += [log, monitor, Progress(report, monitor.words)]
        remove_leftovers(folder)
        identity = prepared.identity(run.spec, run.seed, processes.world)
        description = {"config": prepared.experiment.to_plain(), **facts, "identity": identity}
        _refuse_another(folder, identity)
        write_json(folder / "run.json", RunFacts.marked(description))
    trainer.run()
    if processes.first:
        encoder.save(folder)
    return trainer, encoder


def mark_run(folder: Path, warnings: list[str]) -> None:
    """Keep with a run what speaks against trusting it."""
    found = read_record(folder / "run.json", RunFacts)
    write_json(folder / "run.json", {**found, "warnings": [*found.get("warnings", []), *warnings]})


def _alarms(dim: int, advice: str, figures: Mapping[str, float], logs: Mapping[str, Any]) -> list[str]:
    """What is wrong in the middle of training."""
    return collapse_alarms(figures, dim, advice) + projection_alarms(
        float(logs.get("projection_std", 1.0)), advice
    )


def _refuse_another(folder: Path, identity: str) -> None:
    """A run of another config, data, seed or number of processes is not trained over."""
    try:
        found = read_record(folder / "run.json", RunFacts)["identity"]
    except (SSLKitError, KeyError, TypeError):
        return  # none yet, or a damaged one, which is written anew
    if found != identity:
        raise SSLKitError(
            f"{folder} holds a run of another config, data, seed or number of processes. Choose another folder with "
            "--out."
        )


def former_result(folder: Path) -> dict[str, Any]:
    """The ``cost`` and ``alarms`` of an earlier ``result.json``; empty where there is none."""
    try:
        found = read_record(folder / "result.json", Result)
        return {"cost": dict(found["cost"]), "alarms": [str(text) for text in found["alarms"]]}
    except (SSLKitError, KeyError, TypeError, ValueError):
        return {"cost": {}, "alarms": []}


def cost(trainer: Trainer) -> dict[str, float]:
    """What training took."""
    seen = trainer.step * trainer.loader.order.batch_size
    return {
        "seconds": trainer.seconds,
        "samples_per_second": seen / max(trainer.seconds, 1e-9),
        "peak_memory_mb": peak_memory_mb(trainer.device.type),
        "parameters": sum(p.numel() for p in trainer.objective.backbone.parameters()),
        "steps": trainer.step,
        "samples_seen": seen,
    }


def write_map(prepared: Prepared, measured: Measurements, folder: Path) -> None:
    """Test features for the report's map; the first seed's are enough."""
    y = prepared.splits.test.y
    index = np.linspace(0, len(y) - 1, min(MAP_SAMPLES, len(y))).astype(int)
    arrays = {"features": measured.test_features[index], "y": y[index]}
    write_npz(folder / "map.npz", arrays)


def write_predictions(prepared: Prepared, measured: Measurements, folder: Path) -> None:
    """``predictions.npz``: class probabilities of the test part behind the main figure, for the audit."""
    found, test = measured.predictions, prepared.splits.test
    if found is None:
        return
    arrays = {
        "scores": probabilities(found.scores).astype(np.float32),
        "labels": test.y[found.index],
        "evaluator": np.array(found.evaluator),
        "labels_per_class": np.array(str(found.labels_per_class)),
    }
    if test.groups is not None:
        arrays["groups"] = test.groups[found.index]
    write_npz(folder / "predictions.npz", arrays)


def write_result(
    prepared: Prepared, run: Run, folder: Path, measured: Measurements, costs: dict[str, float]
) -> None:
    """The predictions, and the run's last file: where it stands, the run is done."""
    write_predictions(prepared, measured, folder)
    result = {
        "data": prepared.experiment.name,
        "objective": run.method,
        "seed": run.seed,
        "rows": measured.rows,
        "cost": costs,
        "geometry": measured.geometry,
        "alarms": measured.alarms,
    }
    write_json(folder / "result.json", Result.marked(result))
