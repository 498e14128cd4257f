"""One encoder: made, judged again, loaded, used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sslkit.api.job import Job, registry_with, silent
from sslkit.types import ReportProgress

if TYPE_CHECKING:
    import numpy as np

    from sslkit.deploy.encoder import Encoder


def pretrain(
    config: str | Path,
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    plugin_paths: Sequence[str | Path] = (),
    report: ReportProgress | None = None,
    quiet: bool = True,
) -> Path:
    """Pre-train the config's first objective under its first seed; returns the run's folder with the encoder.

    Under ``torchrun`` the processes train together. Run again, it continues where it stopped.

    Args:
        config: a YAML file, of one data set and without a grid.
        overrides: ``a.b=c``, as on the command line.
        out: the run's folder; default ``runs/NAME-pretrain/OBJECTIVE-seedS``.
        plugin_paths: plugin files or folders.
        report: told how far it is (steps done, in all, words).
        quiet: do not print what was read of the data.

    Raises:
        SSLKitError: whatever the user can mend, in one message.

    >>> import tempfile
    >>> import sslkit
    >>> from sslkit.testing import tiny_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = sslkit.pretrain(tiny_study(folder), ["budget.steps=3"], out=f"{folder}/run")
    ...     print(*sorted(path.name for path in run.glob("encoder.*")))
    encoder.json encoder.safetensors
    """
    from sslkit.running.single import first_run, only_experiment, pretrain_alone

    job = Job.begin(config, overrides, out, plugin_paths, "-pretrain")
    experiment = only_experiment(job.study)
    folder = job.folder if out else job.folder / first_run(experiment).folder_name
    pretrain_alone(experiment, job.registry, folder, report or silent, quiet)
    return folder


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

    >>> import tempfile
    >>> import sslkit
    >>> from sslkit.testing import tiny_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = sslkit.pretrain(tiny_study(folder), out=f"{folder}/run")
    ...     path, rows = sslkit.evaluate(run)
    >>> path.name, rows[0]["evaluator"], rows[0]["metric"]
    ('result.json', 'knn', 'accuracy')
    """
    from sslkit.running.single import evaluate_again

    folder = Path(run)
    return folder / "result.json", evaluate_again(folder, registry_with(plugin_paths), report or silent)


def load_encoder(run: str | Path, plugin_paths: Sequence[str | Path] = ()) -> Encoder:
    """The encoder that a run left: a module in evaluation mode that takes raw batches as the data source gives them.

    Nothing is unpickled.

    Args:
        run: a folder with ``encoder.safetensors`` and ``encoder.json``.
        plugin_paths: of the plugins that its backbone or front end comes from.

    Raises:
        SSLKitError: files that are missing, damaged or not of sslkit, or a plugin that is not there.

    >>> import tempfile
    >>> import torch
    >>> import sslkit
    >>> from sslkit.testing import tiny_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     encoder = sslkit.load_encoder(sslkit.pretrain(tiny_study(folder), out=f"{folder}/run"))
    >>> encoder(torch.zeros(2, 3, 33)).shape == (2, encoder.out_dim)
    True
    """
    from sslkit.deploy.encoder import load_encoder as load

    return load(run, registry_with(plugin_paths))


def embed(
    run: str | Path,
    data: str | Path,
    plugin_paths: Sequence[str | Path] = (),
    batch_size: int = 256,
    settings: Mapping[str, Any] | None = None,
    quiet: bool = True,
) -> dict[str, np.ndarray]:
    """Features of new samples, with where each comes from.

    Only what the network needs is asked of the files: labels, groups and times are taken where they are there. How
    they are read (the mode and depth of pictures, what is taken off a channel, units of stamps) is as in training.

    Args:
        run: the folder of a run.
        data: arrays (``.npy``, ``.npz`` or a folder of ``.npy``: X_train, X_test …, X, or the only one), or whatever
            the modality's data sources read, wherever the encoder was trained from: one file, a folder, or a list.
        plugin_paths: of the plugins that the encoder needs.
        batch_size: samples at a time.
        settings: of the data source for these files, e.g. ``{"clips": "all"}``, ``{"stride": 32}``.
        quiet: do not print what was read.

    Returns:
        Columns as long as there are samples: ``path``; ``row`` (as an editor counts the lines of a text; from 0 in an
        array) or ``second`` where the sample begins; ``part`` of arrays with several; ``label`` and ``group`` by name
        where there are any; ``features`` ``(N, D)`` float32.

    Raises:
        SSLKitError: no encoder, or samples that it does not take.

    >>> import tempfile
    >>> import numpy as np
    >>> import sslkit
    >>> from sslkit.testing import tiny_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = sslkit.pretrain(tiny_study(folder), out=f"{folder}/run")
    ...     np.save(f"{folder}/new.npy", np.zeros((5, 3, 33), np.float32))
    ...     features = sslkit.embed(run, f"{folder}/new.npy")["features"]
    >>> features.shape[0], features.dtype
    (5, dtype('float32'))
    """
    from rich.console import Console

    from sslkit.assembly.account import print_facts, print_notes
    from sslkit.deploy.embed import embed_files
    from sslkit.foreign import given_path

    columns, found = embed_files(
        Path(run), given_path(data), registry_with(plugin_paths), batch_size, settings
    )
    console = Console(quiet=quiet, highlight=False)
    print_facts(found.facts, console)
    print_notes(Path(data).name, found.notes, console)
    return columns
