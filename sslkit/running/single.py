"""One run outside a comparison: pre-trained for its encoder, or judged again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from sslkit.assembly import prepare
from sslkit.assembly.account import print_account
from sslkit.config import Experiment, Study, parse_study
from sslkit.deploy.description import read_description
from sslkit.deploy.encoder import load_encoder
from sslkit.errors import SSLKitError
from sslkit.evaluation.geometry import PROJECTION_ALARM
from sslkit.files import only_one
from sslkit.outputs import require_own_folder
from sslkit.registry import Registry
from sslkit.running.collapse import collapse_advice
from sslkit.running.evaluate import evaluate_encoder
from sslkit.running.runs import Run, former_result, mark_run, pretrain_run, write_map, write_result
from sslkit.training.distributed import process_group
from sslkit.types import ReportProgress


def only_experiment(study: Study) -> Experiment:
    """The study's one experiment.

    Raises:
        SSLKitError: it is a suite.
    """
    if len(study.experiments) != 1:
        names = ", ".join(experiment.name for experiment in study.experiments)
        raise SSLKitError(
            f"{study.name} has several members ({names[:200]}); this command takes a config of one, without a grid."
        )
    return study.experiments[0]


def first_run(experiment: Experiment) -> Run:
    """The first objective under the first seed."""
    return Run(experiment.objectives[0], experiment.seeds[0])


def pretrain_alone(
    experiment: Experiment, registry: Registry, folder: Path, report: ReportProgress, quiet: bool = True
) -> None:
    """Pre-train the experiment's first run into ``folder``; under ``torchrun`` the processes train together.

    Unless ``quiet``, says what was read of the data before it trains.

    Raises:
        SSLKitError: data or components that cannot be used, or a folder that holds another run.
        Interrupted: the user stopped it; the same call resumes.
    """
    with (
        process_group(experiment.training.device) as processes,
        only_one(folder) if processes.first else nullcontext(),
    ):
        prepared = prepare(experiment, registry, processes.local_rank, guarded=processes.first, judged=False)
        if processes.first:
            require_own_folder(folder, "run.json")
            print_account(prepared, Console(quiet=quiet, highlight=False))
        watched = prepared.watched_files() if processes.first else None
        pretrain_run(prepared, first_run(experiment), folder, report, processes)
        if watched and (changes := watched.changes()):
            mark_run(folder, changes)
            Console(stderr=True, highlight=False).print(f"[yellow]warning[/] {escape(changes[0])}")


def evaluate_again(folder: Path, registry: Registry, report: ReportProgress) -> list[Mapping[str, Any]]:
    """Judge the encoder in a run's folder by the evaluators of its config; writes ``result.json``, returns its rows.

    Cost, and the alarms of training that the encoder alone does not show, stay those of the former result.

    Raises:
        SSLKitError: no run, no encoder, or data that are no longer those that it was trained on.
    """
    experiment, run = read_run(folder, registry)
    report(0, 1, "preparing")
    prepared = prepare(experiment, registry)
    encoder = load_encoder(folder, registry).to(prepared.device)
    if not prepared.is_of(encoder.card.get("data_digest")):
        raise SSLKitError(f"{folder}: the data are no longer those that the encoder was trained on.")
    with only_one(folder):
        before = former_result(folder)
        advice = collapse_advice(prepared, run.spec, prepared.objective(run.spec, run.seed))
        measured = evaluate_encoder(prepared, encoder, run.seed, advice)
        measured.alarms += [text for text in before["alarms"] if text.startswith(PROJECTION_ALARM)]
        write_map(prepared, measured, folder)
        write_result(prepared, run, folder, measured, before["cost"])
    return list(measured.rows)


def read_run(folder: Path, registry: Registry) -> tuple[Experiment, Run]:
    """What a run's ``run.json`` describes, as objects.

    Raises:
        SSLKitError: no run, or one that is not understood here.
    """
    description = read_description(folder)
    plain = {key: value for key, value in description["config"].items() if key != "name"}
    source = str(folder / "run.json")
    experiment = only_experiment(parse_study(plain, [], registry, source=source, recorded=True))
    experiment = replace(experiment, name=description["config"]["name"])
    spec = registry.check("objective", description["objective"], "objective", [])
    if spec is None:
        raise SSLKitError(
            f"{folder / 'run.json'}: its objective {description['objective']} is not known here."
        )
    return experiment, Run(spec, description["seed"])
