"""The program from Python, one call each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sslkit.config import Study, load_study
from sslkit.plugins import load_registry
from sslkit.registry import Registry
from sslkit.types import ReportProgress

if TYPE_CHECKING:
    import numpy as np

    from sslkit.comparison.reproduce import Reproduction
    from sslkit.deploy.encoder import Encoder


def compare(
    config: str | Path,
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    plugin_paths: Sequence[str | Path] = (),
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

    job = _Job.begin(config, overrides, out, plugin_paths)
    return run(job.study, job.folder, job.plugin_paths, workers, quiet, pool=pool)


def ablate(
    config: str | Path,
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    plugin_paths: Sequence[str | Path] = (),
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

    job = _Job.begin(config, overrides, out, plugin_paths, "-ablation")
    return run(job.study, job.folder, job.plugin_paths, workers, quiet, pool)


def pretrain(
    config: str | Path,
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    plugin_paths: Sequence[str | Path] = (),
    report: ReportProgress | None = None,
) -> Path:
    """Pre-train the config's first objective under its first seed; returns the run's folder with the encoder.

    Under ``torchrun`` the processes train together. Run again, it continues where it stopped.

    Args:
        config: a YAML file, of one data set and without a grid.
        overrides: ``a.b=c``, as on the command line.
        out: the run's folder; default ``runs/NAME-pretrain/OBJECTIVE-seedS``.
        plugin_paths: plugin files or folders.
        report: told how far it is (steps done, in all, words).

    Raises:
        SSLKitError: whatever the user can mend, in one message.
    """
    from sslkit.running.single import first_run, only_experiment, pretrain_alone

    job = _Job.begin(config, overrides, out, plugin_paths, "-pretrain")
    experiment = only_experiment(job.study)
    folder = job.folder if out else job.folder / first_run(experiment).folder_name
    pretrain_alone(experiment, job.registry, folder, report or _silent)
    return folder


def preview(
    config: str | Path,
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    plugin_paths: Sequence[str | Path] = (),
    report: ReportProgress | None = None,
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

    job = _Job.begin(config, overrides, out, plugin_paths, "-preview")
    return write_preview(job.study, job.registry, job.folder, report or _silent)


def evaluate(
    run: str | Path, plugin_paths: Sequence[str | Path] = (), report: ReportProgress | None = None
) -> tuple[Path, list[Mapping[str, Any]]]:
    """Judge the encoder of a run again, on the data and by the evaluators of its config.

    Args:
        run: the folder of a run.
        plugin_paths: plugin files or folders.
        report: told how far it is (done, in all, words).

    Returns:
        The file ``result.json`` and its rows: evaluator, labels_per_class, draw, metric, value.

    Raises:
        SSLKitError: whatever the user can mend, in one message.
    """
    from sslkit.running.single import evaluate_again

    folder, (registry, _) = Path(run), load_registry(_texts(plugin_paths))
    return folder / "result.json", evaluate_again(folder, registry, report or _silent)


def reproduce(
    run: str | Path,
    out: str | Path | None = None,
    runs: str = "*",
    tolerance: float | None = None,
    plugin_paths: Sequence[str | Path] = (),
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
    return repeat(folder, again, runs, tolerance, _texts(plugin_paths), quiet, pool)


def load_encoder(run: str | Path, plugin_paths: Sequence[str | Path] = ()) -> Encoder:
    """The encoder that a run left: a module in evaluation mode that takes raw batches as the data source gives them.

    Nothing is unpickled.

    Args:
        run: a folder with ``encoder.safetensors`` and ``encoder.json``.
        plugin_paths: of the plugins that its backbone or front end comes from.

    Raises:
        SSLKitError: files that are missing, damaged or not of sslkit, or a plugin that is not there.
    """
    from sslkit.deploy.encoder import load_encoder as load

    registry, _ = load_registry(_texts(plugin_paths))
    return load(run, registry)


def embed(
    run: str | Path, data: str | Path, plugin_paths: Sequence[str | Path] = (), batch_size: int = 256
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

    Raises:
        SSLKitError: no encoder, or samples that it does not take.
    """
    from sslkit.deploy.embed import embed_files

    registry, _ = load_registry(_texts(plugin_paths))
    return embed_files(Path(run), Path(data), registry, batch_size)


def describe_environment(plugin_paths: Sequence[str | Path] = ()) -> str:
    """Versions, devices and plugins, a line each: a block to paste into an issue.

    What cannot be found out (a missing package, a broken driver or plugin) is said in its line and never raised.

    Args:
        plugin_paths: plugin files or folders.
    """
    from sslkit.environment import describe_environment as describe

    return describe(_texts(plugin_paths))


@dataclass(frozen=True)
class _Job:
    """What all calls with a config begin with: components, what the config says, and the folder of what comes of it."""

    registry: Registry
    study: Study
    folder: Path
    plugin_paths: tuple[str, ...]

    @classmethod
    def begin(
        cls,
        config: str | Path,
        overrides: Sequence[str],
        out: str | Path | None,
        plugin_paths: Sequence[str | Path],
        suffix: str = "",
    ) -> _Job:
        """Find plugins and read the config; the folder is ``out``, by default ``runs/NAME`` with the suffix.

        Raises:
            SSLKitError: all that is wrong with the config, in one message.
        """
        paths = _texts(plugin_paths)
        registry, _ = load_registry(paths)
        study = load_study(config, overrides, registry)
        return cls(registry, study, Path(out) if out else Path("runs") / f"{study.name}{suffix}", paths)


def _texts(paths: Sequence[str | Path]) -> tuple[str, ...]:
    return tuple(str(path) for path in paths)


def _silent(done: int, total: int, words: str) -> None:
    """Report nothing."""
