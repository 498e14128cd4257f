"""The main job: every method on the same data under the same seeds, then the table and the report."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape

from sslkit.assembly import Prepared, PreparedCache, prepare
from sslkit.assembly.account import print_notes
from sslkit.comparison.tune import check_tuning, tune
from sslkit.config import Study
from sslkit.errors import SSLKitError
from sslkit.files import only_one, write_json
from sslkit.plugins import Plugin, load_registry
from sslkit.running.display import Display
from sslkit.running.evaluate import check_labels
from sslkit.running.examples import write_examples
from sslkit.running.manifest import finish, keep_or_refuse, make_manifest
from sslkit.running.plan import Planned, plan, shared_runs
from sslkit.running.pools import Pool, Stopped, Task, choose_pool
from sslkit.running.results import finished_results, write_results
from sslkit.running.runs import read_result


def compare(
    study: Study,
    folder: Path,
    plugin_paths: tuple[str, ...] = (),
    workers: int | None = None,
    quiet: bool = False,
    only: Callable[[str, str], bool] | None = None,
    threads: int | None = None,
    expected: Mapping[str, str] | None = None,
    pool: str = "local",
) -> Path:
    """Run what is not done yet, and write results, manifest and report into ``folder``.

    Args:
        study: what to run.
        folder: of the results.
        plugin_paths: plugin files or folders.
        workers: processes; default by the study, then by the machine.
        quiet: print nothing.
        only: (member, run's folder name) → whether to run it; default all.
        threads: of each process; default by the study, then by the machine.
        expected: member → fingerprint that its data must have.
        pool: where the runs go: ``local`` or ``ray``.

    Returns:
        The report's path.

    Raises:
        SSLKitError: data or components that cannot be used (before any training), a folder of another config, or runs
            that failed (after all others are finished and reported).
        Stopped: the user stopped it; the same call resumes.
    """
    console, chosen_pool = Console(quiet=quiet), choose_pool(pool)
    check_tuning(study)
    registry, plugins = load_registry(plugin_paths)
    with console.status("reading and checking the data"):
        cache = PreparedCache()
        prepared = [
            prepare(experiment, registry, cache=cache, guarded=True) for experiment in study.experiments
        ]
        del cache
    study = replace(study, experiments=tuple(item.experiment for item in prepared))
    for item in prepared:
        name = item.experiment.name
        if (expected or {}).get(name, item.fingerprint) != item.fingerprint:
            raise SSLKitError(
                f"{name}: the data are no longer those of the first run (their fingerprint differs)."
            )
    warnings: dict[str, list[str]] = {}
    for item in prepared:
        check_labels(item)
        print_notes(item, console)
        for warning in item.warnings:
            warnings.setdefault(warning, []).append(item.experiment.name)
    for warning, names in warnings.items():
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        console.print(f"[yellow]warning[/] {escape(f'{names[0]}{others}: {warning}')}", highlight=False)
    with only_one(folder), chosen_pool:
        return _run(
            study,
            prepared,
            folder,
            plugins,
            plugin_paths,
            workers or study.workers,
            console,
            chosen_pool,
            only,
            threads,
        )


def _run(
    study: Study,
    prepared: list[Prepared],
    folder: Path,
    plugins: tuple[Plugin, ...],
    plugin_paths: tuple[str, ...],
    workers: int | None,
    console: Console,
    pool: Pool,
    only: Callable[[str, str], bool] | None = None,
    threads: int | None = None,
) -> Path:
    from sslkit.report import write_report

    planned = plan(prepared, folder)  # by the config's own settings
    own_runs = sum(item.own for item in planned)
    workers, threads = pool.resources(workers, _threads(study) or threads, own_runs, prepared[0].device.type)
    manifest = make_manifest(
        study, prepared, plugins, {"pool": pool.name, "workers": workers, "threads": threads}
    )
    manifest = keep_or_refuse(folder, manifest)
    write_json(folder / "manifest.json", manifest)
    for item in prepared:
        write_examples(item, folder / item.experiment.name)

    def run(tasks: list[Task], finished: int = 0) -> dict[str, str]:
        """Run tasks to their end; returns why some failed, by title."""
        display = Display(tasks, finished, console)
        with Live(
            Group(display.progress, display.total), console=console, refresh_per_second=4, transient=True
        ):
            pool.run_tasks(tasks, workers, threads, plugin_paths, display)
        return display.failures

    started = time.monotonic()
    try:
        tuned, records = tune(prepared, folder, run)
        planned = plan(tuned, folder) if records else planned
        for member, record in records.items():
            manifest["members"][member]["tuning"] = record
        for member, runs in shared_runs(planned).items():
            manifest["members"][member]["shared"] = runs
        write_json(folder / "manifest.json", manifest)
        prepared.clear()  # the workers hold the data from here on
        del tuned
        wanted = [task for task in _tasks(planned) if only is None or _is_wanted(only, task, planned)]
        tasks = [task for task in wanted if read_result(task.folder) is None]
        failures = run(tasks, len(wanted) - len(tasks))
    finally:
        write_results(finished_results(planned), folder / "results.csv")
        complete = all(read_result(task.folder) is not None for task in _tasks(planned))
        finish(folder, manifest, time.monotonic() - started, complete)
    report = write_report(folder, plugin_paths)
    if failures:
        listed = "\n".join(f"  {title}: {reason}" for title, reason in failures.items())
        count = "1 run" if len(failures) == 1 else f"{len(failures)} runs"
        raise SSLKitError(f"{count} failed, the others are in {report}:\n{listed}")
    return report


def _is_wanted(only: Callable[[str, str], bool], task: Task, planned: list[Planned]) -> bool:
    """A run is wanted for any member in whose results it stands."""
    return any(
        only(item.experiment.name, item.run.folder_name) for item in planned if item.folder == task.folder
    )


def _tasks(planned: list[Planned]) -> list[Task]:
    return [Task(item.experiment, item.run, item.folder) for item in planned if item.own]


def _threads(study: Study) -> int | None:
    given = {experiment.training.threads for experiment in study.experiments} - {None}
    return max(given) if given else None  # type: ignore[type-var]


__all__ = ["Stopped", "compare"]
