"""The program from Python, one call each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sslkit.config import Experiment, Study, load_study
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry

if TYPE_CHECKING:
    import numpy as np

    from sslkit.comparison.reproduce import Reproduction
    from sslkit.deploy.encoder import Encoder
    from sslkit.running.runs import Report, Run


def compare(
    config: str | Path,
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    plugin_paths: Sequence[str] = (),
    workers: int | None = None,
    quiet: bool = False,
    pool: str = "local",
) -> Path:
    """Compare the config's objectives and baselines; returns the report's path.

    Args:
        config: a YAML file.
        overrides: ``a.b=c``, as on the command line.
        out: folder of the results; default ``runs/NAME``. A folder that holds part of this comparison is continued.
        plugin_paths: plugin files or folders.
        workers: processes; default by the machine.
        quiet: print nothing.
        pool: ``local``, or ``ray`` for a Ray cluster.

    Raises:
        SSLKitError: whatever the user can mend, in one message.
    """
    from sslkit.comparison.compare import compare as run

    paths = tuple(str(path) for path in plugin_paths)
    study = load_study(config, overrides, load_registry(paths)[0])
    return run(study, Path(out) if out else Path("runs") / study.name, paths, workers, quiet, pool=pool)


def ablate(
    config: str | Path,
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    plugin_paths: Sequence[str] = (),
    workers: int | None = None,
    quiet: bool = False,
    pool: str = "local",
) -> Path:
    """What each augmentation of the config is worth to each objective; returns the report's path.

    Trains with all of them, without each, and with each alone, and compares under the same seeds.

    Args:
        config: a YAML file.
        overrides: ``a.b=c``, as on the command line.
        out: folder of the results; default ``runs/NAME-ablation``. A folder that holds part of them is continued.
        plugin_paths: plugin files or folders.
        workers: processes; default by the machine.
        quiet: print nothing.
        pool: ``local``, or ``ray`` for a Ray cluster.

    Raises:
        SSLKitError: whatever the user can mend, in one message.
    """
    from sslkit.comparison.ablate import ablate as run

    paths = tuple(str(path) for path in plugin_paths)
    study = load_study(config, overrides, load_registry(paths)[0])
    folder = Path(out) if out else Path("runs") / f"{study.name}-ablation"
    return run(study, folder, paths, workers, quiet, pool)


def pretrain(
    config: str | Path,
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    plugin_paths: Sequence[str] = (),
    report: Report | None = None,
) -> Path:
    """Pre-train the config's first objective under its first seed; returns the run's folder with the encoder.

    Under ``torchrun`` the processes train together. Run again, it continues where it stopped.
    """
    from sslkit.assembly import prepare
    from sslkit.files import only_one
    from sslkit.running.runs import Run, pretrain_run
    from sslkit.training.distributed import process_group

    registry, _ = load_registry(tuple(str(path) for path in plugin_paths))
    study = load_study(config, overrides, registry)
    experiment = only_experiment(study)
    run = Run(experiment.objectives[0], experiment.seeds[0])
    folder = Path(out) if out else Path("runs") / f"{study.name}-pretrain" / run.folder_name
    with (
        process_group(experiment.training.device) as processes,
        only_one(folder) if processes.first else nullcontext(),
    ):
        prepared = prepare(experiment, registry, processes.local_rank, guarded=processes.first)
        pretrain_run(prepared, run, folder, report or _silent, processes)
    return folder


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


def preview(
    config: str | Path,
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    plugin_paths: Sequence[str] = (),
    report: Report | None = None,
) -> tuple[Path, list[dict[str, Any]]]:
    """One HTML page that shows what the config's augmentations do to samples of its data; trains nothing.

    Args:
        config: a YAML file.
        overrides: ``a.b=c``, as on the command line.
        out: folder of the page; default ``runs/NAME-preview``.
        plugin_paths: plugin files or folders.
        report: told how far it is (data sets done, in all, words).

    Returns:
        The page's path and, for each data set, what it shows.

    Raises:
        SSLKitError: whatever the user can mend, in one message.
    """
    from sslkit.previews import write_preview

    registry, _ = load_registry(tuple(str(path) for path in plugin_paths))
    study = load_study(config, overrides, registry)
    folder = Path(out) if out else Path("runs") / f"{study.name}-preview"
    return write_preview(study, registry, folder, report or _silent)


def evaluate(
    run: str | Path, plugin_paths: Sequence[str] = (), report: Report | None = None
) -> tuple[Path, list[dict[str, Any]]]:
    """Judge the encoder of a run again, on the data and by the evaluators of its config.

    Returns:
        The file ``result.json`` and its rows.
    """
    from sslkit.assembly import prepare
    from sslkit.evaluation.geometry import PROJECTION_ALARM
    from sslkit.files import only_one
    from sslkit.running.collapse import collapse_advice
    from sslkit.running.evaluate import evaluate_encoder
    from sslkit.running.runs import former_result, write_map, write_result

    folder = Path(run)
    registry, _ = load_registry(tuple(str(path) for path in plugin_paths))
    experiment, one = _read_run(folder, registry)
    (report or _silent)(0, 1, "preparing")
    prepared = prepare(experiment, registry)
    encoder = load_encoder(folder, plugin_paths).to(prepared.device)
    if encoder.card.get("data_digest") != prepared.data_digest:
        raise SSLKitError(f"{folder}: the data are no longer those that the encoder was trained on.")
    with only_one(folder):
        before = former_result(folder)
        advice = collapse_advice(prepared, one.spec, prepared.objective(one.spec, one.seed))
        verdict = evaluate_encoder(prepared, encoder, one.seed, advice)
        verdict.alarms += [text for text in before["alarms"] if text.startswith(PROJECTION_ALARM)]
        write_map(prepared, verdict, folder)
        write_result(prepared, one, folder, verdict, before["cost"])
    return folder / "result.json", [dict(row) for row in verdict.rows]


def _read_run(folder: Path, registry: Any) -> tuple[Experiment, Run]:
    from sslkit.config import parse_study
    from sslkit.deploy.embed import read_run
    from sslkit.running.runs import Run

    content = read_run(folder)
    plain = {key: value for key, value in content["config"].items() if key != "name"}
    experiment = only_experiment(parse_study(plain, [], registry, source=str(folder / "run.json")))
    experiment = replace(experiment, name=content["config"]["name"])
    spec = registry.check("objective", content["objective"], "objective", [])
    if spec is None:
        raise SSLKitError(f"{folder / 'run.json'}: its objective {content['objective']} is not known here.")
    return experiment, Run(spec, content["seed"])


def reproduce(
    run: str | Path,
    out: str | Path | None = None,
    runs: str = "*",
    tolerance: float | None = None,
    plugin_paths: Sequence[str] = (),
    quiet: bool = False,
    pool: str = "local",
) -> Reproduction:
    """Repeat a comparison from its manifest into a folder of its own, and compare every figure.

    Args:
        run: the folder of a comparison.
        out: of the repetition; default ``RUN-reproduced``.
        runs: which runs to repeat, a pattern as file names have them: ``byol-seed0``, ``watch/*``; default all.
        tolerance: what figures may differ by; default 0 with the same versions on the same kind of machine, else 0.01.
        plugin_paths: besides the plugin files that the manifest names.
        quiet: print nothing.
        pool: ``local``, or ``ray`` for a Ray cluster.

    Raises:
        SSLKitError: whatever the user can mend, in one message.
    """
    from sslkit.comparison.reproduce import reproduce as repeat

    folder = Path(run)
    again = Path(out) if out else folder.with_name(f"{folder.name}-reproduced")
    paths = tuple(str(path) for path in plugin_paths)
    return repeat(folder, again, runs, tolerance, paths, quiet, pool)


def load_encoder(run: str | Path, plugin_paths: Sequence[str] = ()) -> Encoder:
    """The encoder that a run left: a module in evaluation mode that takes raw batches as the data source gives them.

    Nothing is unpickled.

    Args:
        run: a folder with ``encoder.safetensors`` and ``encoder.json``.
        plugin_paths: of the plugins that its backbone or front end comes from.
    """
    from sslkit.deploy.encoder import load_encoder as load

    return load(run, load_registry(tuple(str(path) for path in plugin_paths))[0])


def embed(
    run: str | Path, data: str | Path, plugin_paths: Sequence[str] = (), batch_size: int = 256
) -> dict[str, np.ndarray]:
    """Features of new samples, by part.

    Args:
        run: the folder of a run.
        data: a ``.npz`` or folder of ``.npy`` as the source ``arrays`` reads it (X_train, X_test …), one ``.npy`` of
            samples, or files of the kind that the run's own data source reads (a folder of images or sound, a table).
        plugin_paths: of the plugins that the encoder needs.
        batch_size: samples at a time.

    Returns:
        ``features`` of a single array, else ``features_train``, ``features_test`` with ``y_train`` and ``y_test``
        (-1 where unknown) and the ``class_names`` that they number.
    """
    from sslkit.deploy.embed import embed_path

    registry, _ = load_registry(tuple(str(path) for path in plugin_paths))
    return embed_path(load_encoder(run, plugin_paths), Path(run), Path(data), registry, batch_size)


def _silent(done: int, total: int, words: str) -> None:
    """Report nothing."""
