"""The main job: every method on the same data under the same seeds, then the table and the report."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape

from sslkit.assembly import Prepared, PreparedCache, prepare
from sslkit.assembly.account import print_notes, reading_notes
from sslkit.comparison.tune import check_tuning, tune
from sslkit.config import Study
from sslkit.data.watching import WatchedFiles
from sslkit.errors import SSLKitError
from sslkit.files import only_one, try_folder, write_json
from sslkit.plugins import load_registry
from sslkit.registry import Registry
from sslkit.running.display import Display
from sslkit.running.evaluate import require_labels
from sslkit.running.examples import write_examples
from sslkit.running.manifest import finish, keep_or_refuse, make_manifest
from sslkit.running.plan import PlannedRun, plan, shared_runs
from sslkit.running.pools import Pool, Task, choose_pool
from sslkit.running.results import finished_results, write_results
from sslkit.running.runs import read_result

Choice = Callable[[str, str], bool]  # (member, run's folder name) → whether to run it


def compare(
    study: Study,
    folder: Path,
    plugin_paths: tuple[str, ...] = (),
    workers: int | None = None,
    quiet: bool = False,
    only: Choice | None = None,
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
        only: which runs; default all.
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
        prepared = _prepare(study, registry, expected or {})
    _print_findings(prepared, console)
    study = replace(study, experiments=tuple(item.experiment for item in prepared))
    with only_one(folder), chosen_pool:
        planned = plan(prepared, folder)  # by the config's own settings: tuning changes no number of runs
        workers, threads = chosen_pool.resources(
            workers or study.workers,
            study.threads or threads,
            sum(item.is_own for item in planned),
            prepared[0].device.type,
        )
        resources = {"pool": chosen_pool.name, "workers": workers, "threads": threads}
        manifest = keep_or_refuse(folder, make_manifest(study, prepared, plugins, resources))
        comparison = _Comparison(folder, manifest, chosen_pool, workers, threads, plugin_paths, console)
        comparison.begin(prepared, planned)
        return comparison.complete(prepared, planned, only)


def _prepare(study: Study, registry: Registry, expected: Mapping[str, str]) -> list[Prepared]:
    """Every experiment, checked to be one that can be compared, on the data that are expected."""
    cache = PreparedCache()
    prepared = [prepare(experiment, registry, cache=cache, guarded=True) for experiment in study.experiments]
    for item in prepared:
        name = item.experiment.name
        if not item.is_of(expected.get(name, item.fingerprint)):
            raise SSLKitError(
                f"{name}: the data are no longer those of the first run (their fingerprint differs)."
            )
    for item in prepared:
        require_labels(item)
    return prepared


def _print_findings(prepared: Sequence[Prepared], console: Console) -> None:
    """Notes on what was read, and each warning once, however many members it is for."""
    warnings: dict[str, list[str]] = {}
    for item in prepared:
        print_notes(item.experiment.name, reading_notes(item), console)
        for warning in item.warnings:
            warnings.setdefault(warning, []).append(item.experiment.name)
    for warning, names in warnings.items():
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        console.print(f"[yellow]warning[/] {escape(f'{names[0]}{others}: {warning}')}", highlight=False)


def _watched(prepared: Sequence[Prepared]) -> list[tuple[list[str], WatchedFiles]]:
    """The files of each data source, with the members that read it: points of a grid share theirs."""
    sources: dict[str, list[Prepared]] = {}
    for item in prepared:
        sources.setdefault(str(item.experiment.data.to_plain()), []).append(item)
    return [([one.experiment.name for one in items], items[0].watched_files()) for items in sources.values()]


@dataclass(frozen=True)
class _Comparison:
    """A comparison at work in its folder: what it keeps in the manifest, and where its runs go."""

    folder: Path
    manifest: dict[str, Any]
    pool: Pool
    workers: int
    threads: int
    plugin_paths: tuple[str, ...]
    console: Console

    def begin(self, prepared: Sequence[Prepared], planned: Sequence[PlannedRun]) -> None:
        """Write what is known before any training."""
        self._write_manifest()
        try_folder(max((item.folder for item in planned), key=lambda path: len(str(path))))
        for item in prepared:
            write_examples(item, self.folder / item.experiment.name)

    def complete(self, prepared: list[Prepared], planned: list[PlannedRun], only: Choice | None) -> Path:
        """Run what is wanted and not done yet, and report; ``prepared`` is emptied when only workers need data."""
        started = time.monotonic()
        watched = _watched(prepared)
        try:
            planned = self._tune(prepared) or planned
            prepared.clear()
            wanted = [task for task in _tasks(planned) if only is None or _is_wanted(only, task, planned)]
            tasks = [task for task in wanted if read_result(task.folder) is None]
            self._record_shared(planned)
            failures = self._run_tasks(tasks, len(wanted) - len(tasks))
        finally:
            write_results(finished_results(planned), self.folder / "results.csv")
            self._mark_changes(watched)
            complete = all(read_result(task.folder) is not None for task in _tasks(planned))
            finish(self.folder, self.manifest, time.monotonic() - started, complete)
        return self._report(failures)

    def _mark_changes(self, watched: Sequence[tuple[list[str], WatchedFiles]]) -> None:
        """Data that changed meanwhile are said, and stand among the warnings of the members that have them."""
        for members, files in watched:
            for words in files.changes():
                for member in members:
                    self.manifest["members"][member]["warnings"].append(words)
                self.console.print(f"[yellow]warning[/] {escape(f'{members[0]}: {words}')}", highlight=False)

    def _tune(self, prepared: Sequence[Prepared]) -> list[PlannedRun]:
        """Choose the settings that are to be tuned; the runs with them, none where nothing was tuned."""
        tuned, records = tune(prepared, self.folder, self._run_tasks)
        for member, record in records.items():
            self.manifest["members"][member]["tuning"] = record
        return plan(tuned, self.folder) if records else []

    def _record_shared(self, planned: Sequence[PlannedRun]) -> None:
        for member, owners in shared_runs(planned).items():
            self.manifest["members"][member]["shared"] = owners
        self._write_manifest()

    def _write_manifest(self) -> None:
        write_json(self.folder / "manifest.json", self.manifest)

    def _run_tasks(self, tasks: list[Task], finished: int = 0) -> dict[str, str]:
        """Run tasks to their end; why some failed, by title. ``finished`` others were done before."""
        display = Display(tasks, finished, self.console)
        bars = Group(display.progress, display.total)
        with Live(bars, console=self.console, refresh_per_second=4, transient=True):
            self.pool.run_tasks(tasks, self.workers, self.threads, self.plugin_paths, display)
        return display.failures

    def _report(self, failures: Mapping[str, str]) -> Path:
        from sslkit.report import write_report

        page = write_report(self.folder, self.plugin_paths)
        if failures:
            listed = "\n".join(f"  {title}: {reason}" for title, reason in failures.items())
            count = "1 run" if len(failures) == 1 else f"{len(failures)} runs"
            raise SSLKitError(f"{count} failed, the others are in {page}:\n{listed}")
        return page


def _tasks(planned: Sequence[PlannedRun]) -> list[Task]:
    return [Task(item.experiment, item.run, item.folder) for item in planned if item.is_own]


def _is_wanted(only: Choice, task: Task, planned: Sequence[PlannedRun]) -> bool:
    """A run is wanted for any member in whose results it stands."""
    return any(
        only(item.experiment.name, item.run.folder_name) for item in planned if item.folder == task.folder
    )
