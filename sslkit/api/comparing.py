"""Questions of how methods compare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sslkit.api.job import Job, path_texts

if TYPE_CHECKING:
    from sslkit.comparison.reproduce import Reproduction


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

    >>> import tempfile
    >>> import sslkit
    >>> from sslkit.testing import tiny_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     report = sslkit.compare(tiny_study(folder), ["seeds=[0, 1]"], out=f"{folder}/run", quiet=True)
    ...     print(report.name, len(list(report.parent.glob("tiny/*/result.json"))))
    report.html 4
    """
    from sslkit.comparison.compare import compare as run

    job = Job.begin(config, overrides, out, plugin_paths)
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

    >>> import tempfile
    >>> import sslkit
    >>> from sslkit.testing import tiny_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     report = sslkit.ablate(tiny_study(folder), out=f"{folder}/run", quiet=True)
    ...     print(*sorted(path.name for path in report.parent.iterdir() if path.is_dir()), sep=", ")
    all, only jitter, without jitter
    """
    from sslkit.comparison.ablate import ablate as run

    job = Job.begin(config, overrides, out, plugin_paths, "-ablation")
    return run(job.study, job.folder, job.plugin_paths, workers, quiet, pool)


def reproduce(
    run: str | Path,
    out: str | Path | None = None,
    runs: str = "*",
    tolerance: float | None = None,
    plugin_paths: Sequence[str | Path] = (),
    quiet: bool = False,
    pool: str = "local",
    trust: bool = False,
) -> Reproduction:
    """Repeat a comparison from its manifest into a folder of its own, and compare every figure.

    Args:
        run: the folder of a comparison.
        out: of the repetition; default ``RUN-reproduced``.
        runs: which runs to repeat, a pattern as file names have them: ``byol-seed0``, ``watch/*``; default all.
        tolerance: what figures may differ by; default 0 with the same versions on the same kind of machine, else 0.01.
        plugin_paths: files and folders of plugins. Files that the manifest names run only if they are among these.
        quiet: print nothing.
        pool: ``local``, or ``ray`` for a Ray cluster.
        trust: run the plugin files that the manifest names; read them first.

    Raises:
        SSLKitError: whatever the user can mend, in one message.

    >>> import tempfile
    >>> import sslkit
    >>> from sslkit.testing import tiny_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     report = sslkit.compare(tiny_study(folder), out=f"{folder}/run", quiet=True)
    ...     found = sslkit.reproduce(report.parent, runs="simclr-*", quiet=True)
    >>> found.same, found.tolerance, found.changes
    (True, 0.0, [])
    """
    from sslkit.comparison.reproduce import reproduce as repeat

    folder = Path(run)
    again = Path(out) if out else folder.with_name(f"{folder.name}-reproduced")
    return repeat(folder, again, runs, tolerance, path_texts(plugin_paths), quiet, pool, trust)
