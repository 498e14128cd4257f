"""The command line. Heavy imports wait until a command needs them."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sslkit.errors import MOST_SHOWN, SSLKitError

if TYPE_CHECKING:
    from rich.console import Console

CHANGED, USER_ERROR, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; exit with 2 and one message on what the user can mend, with 130 when stopped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names that the terminal cannot show are no reason to stop
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit status."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if not hasattr(options, "overrides") or any(text.startswith("-") or "=" not in text for text in rest):
        options = parser.parse_args(arguments)  # says what it does not know, and exits with 2
    else:
        options.overrides += rest  # argparse takes no positional arguments behind an option
    try:
        return options.command(options) or 0
    except SSLKitError as error:
        print(f"error: {error}", file=sys.stderr)
        return USER_ERROR
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"error: {error}. Is there space, and may it be read and written?", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED
    except MemoryError as error:
        print(f"error: out of memory: {error}. Use smaller samples or batches.", file=sys.stderr)
        return USER_ERROR
    except Exception as error:
        if type(error).__name__ not in ("Interrupted", "Stopped"):
            raise
        print("stopped; what was reached is saved. Run the same command again to go on.", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sslkit", description="Self-supervised learning on images, sensors and audio, compared fairly."
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--plugin-path",
        action="append",
        default=[],
        metavar="PATH",
        help="a plugin file or a folder of them (repeatable)",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, function: Any, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[common], help=text, description=text)
        command.set_defaults(command=function)
        return command

    def add_pool(command: argparse.ArgumentParser) -> None:
        command.add_argument(
            "--pool",
            choices=("local", "ray"),
            default="local",
            help="where the runs go: processes of this machine (default), or a Ray cluster",
        )

    for name, function, folder, text in (
        ("compare", _compare, "runs/NAME", "run a comparison: train, evaluate, table, report"),
        ("pretrain", _pretrain, "runs/NAME-pretrain", "pre-train the first objective under the first seed"),
        (
            "ablate",
            _ablate,
            "runs/NAME-ablation",
            "compare training with all augmentations, without each, and with each alone",
        ),
        (
            "preview",
            _preview,
            "runs/NAME-preview",
            "show what the augmentations do to your data, as one page",
        ),
        ("check", _check, "", "validate a config and say what would run; trains nothing"),
    ):
        command = add(name, function, text)
        command.add_argument("config", type=Path, help="a YAML file")
        command.add_argument("overrides", nargs="*", metavar="a.b=c", help="settings that replace the file's")
        if name != "check":
            command.add_argument(
                "--out", type=Path, metavar="DIR", help=f"folder of the results (default {folder})"
            )
        if name in ("compare", "ablate"):
            command.add_argument(
                "--workers", type=int, metavar="N", help="processes (default: by the machine)"
            )
            add_pool(command)
    command = add("reproduce", _reproduce, "repeat a comparison from its manifest and compare the figures")
    command.add_argument("run", type=Path, help="the folder of a comparison")
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the repetition (default RUN-reproduced)"
    )
    command.add_argument(
        "--runs",
        "--cells",  # its name before 0.2
        default="*",
        metavar="PATTERN",
        help="which runs, e.g. 'byol-seed0' or 'watch/*' (default all)",
    )
    command.add_argument(
        "--tolerance",
        type=float,
        metavar="X",
        help="what figures may differ by (default 0 with the same versions and machine, else 0.01)",
    )
    add_pool(command)
    add("evaluate", _evaluate, "judge the encoder of a run again").add_argument("run", type=Path)
    command = add("embed", _embed, "features of new samples by a run's encoder")
    command.add_argument("run", type=Path)
    command.add_argument("data", type=Path, help=".npz, .npy, or files as the run's data source reads them")
    command.add_argument("-o", "--output", type=Path, default=Path("features.npz"), metavar="FILE")
    add("report", _report, "write a comparison's report again").add_argument("folder", type=Path)
    add("list", _list, "components, all or of one kind").add_argument("kind", nargs="?")
    command = add("show", _show, "a component's description and settings")
    command.add_argument("kind")
    command.add_argument("name")
    add("plugins", _plugins, "plugins that were found, and what became of them")
    add("schema", _schema, "a JSON schema of configs, for editors")
    return parser


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _compare(options: argparse.Namespace) -> None:
    from sslkit import api

    _run_and_tell(api.compare, options)


def _ablate(options: argparse.Namespace) -> None:
    from sslkit import api

    _run_and_tell(api.ablate, options)


def _run_and_tell(job: Callable[..., Path], options: argparse.Namespace) -> None:
    from sslkit.report.terminal.tables import print_table

    if options.workers is not None and options.workers < 1:
        raise SSLKitError("--workers: at least 1.")
    report = job(
        options.config,
        options.overrides,
        options.out,
        options.plugin_path,
        options.workers,
        pool=options.pool,
    )
    print_table(report.parent, _console())
    print(f"report: {report}")


def _pretrain(options: argparse.Namespace) -> None:
    from sslkit import api

    with _bar("pre-training") as report:
        folder = api.pretrain(options.config, options.overrides, options.out, options.plugin_path, report)
    print(f"encoder: {folder}")


def _preview(options: argparse.Namespace) -> None:
    from rich.markup import escape
    from rich.table import Table

    from sslkit import api

    with _bar("preview") as report:
        page, sections = api.preview(
            options.config, options.overrides, options.out, options.plugin_path, report
        )
    for section in sections:
        table = Table("augmentation", "stage", "settings", "what it does", title=escape(section["name"]))
        for card in section["cards"]:
            words = ("\n".join(card["settings"]), card["summary"])
            table.add_row(card["name"], card["stage"], *map(escape, words))
        _console().print(table)
    print(f"preview: {page}")


def _reproduce(options: argparse.Namespace) -> int:
    from sslkit import api

    if options.tolerance is not None and not options.tolerance >= 0:
        raise SSLKitError("--tolerance: 0 or more.")
    found = api.reproduce(
        options.run,
        options.out,
        options.runs,
        options.tolerance,
        options.plugin_path,
        pool=options.pool,
    )
    for words in found.differences:
        print(f"differs: {words}")
    for change in found.contradictions[:MOST_SHOWN]:
        print(f"results.csv and result.json of {options.run} disagree: {change}")
    for change in found.changes[:MOST_SHOWN]:
        print(f"changed: {change}")
    if len(found.changes) > MOST_SHOWN:
        print(f"and {len(found.changes) - MOST_SHOWN} more")
    within = "equal to the bit" if found.tolerance == 0 else f"the same within {found.tolerance:g}"
    if found.same:
        print(f"reproduced: all {found.compared} figures are {within}.")
        return 0
    print(
        f"NOT reproduced: {len(found.changes)} of {found.compared} figures are not {within}"
        + (f"; {len(found.contradictions)} were edited or damaged." if found.contradictions else ".")
    )
    return CHANGED


def _evaluate(options: argparse.Namespace) -> None:
    from rich.table import Table

    from sslkit import api

    with _bar("evaluating") as report:
        path, rows = api.evaluate(options.run, options.plugin_path, report)
    table = Table("evaluator", "labels per class", "draw", "metric", "value")
    for row in rows:
        table.add_row(
            *(str(row[key]) for key in ("evaluator", "labels_per_class", "draw", "metric")),
            f"{row['value']:.4f}",
        )
    _console().print(table)
    print(f"result: {path}")


class _bar:  # noqa: N801
    """A progress bar for one job; on anything but a terminal it is silent."""

    def __init__(self, title: str) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
        self.progress = Progress(*columns, TextColumn("{task.fields[words]}"), transient=True)
        self.bar, self.alarmed = self.progress.add_task(title, words=""), False

    def __enter__(self) -> Any:
        self.progress.start()
        return self._report

    def _report(self, done: int, total: int, words: str) -> None:
        from sslkit.training.callbacks.monitor import ALARM

        words, _, alarm = words.partition(ALARM)
        if alarm and not self.alarmed:
            self.alarmed = True
            print(f"alarm, {done} of {total} steps: {alarm}", file=sys.stderr)
        self.progress.update(self.bar, completed=done, total=total, words=words)

    def __exit__(self, *error: object) -> None:
        self.progress.stop()


def _embed(options: argparse.Namespace) -> None:
    import numpy as np

    from sslkit import api
    from sslkit.files import write_npz

    features: dict[str, np.ndarray] = api.embed(options.run, options.data, options.plugin_path)
    write_npz(options.output, features)
    shapes = ", ".join(f"{name} {array.shape}" for name, array in features.items())
    print(f"{options.output}: {shapes}")


def _report(options: argparse.Namespace) -> None:
    from sslkit.report import write_report
    from sslkit.running.manifest import read_manifest

    read_manifest(options.folder)
    print(f"report: {write_report(options.folder, tuple(options.plugin_path))}")


def _check(options: argparse.Namespace) -> None:
    from sslkit.comparison.estimate import print_estimates
    from sslkit.config import load_study
    from sslkit.plugins import load_registry

    registry, _ = load_registry(tuple(options.plugin_path))
    print_estimates(load_study(options.config, options.overrides, registry), registry, _console())


def _list(options: argparse.Namespace) -> None:
    from rich.table import Table

    from sslkit.errors import did_you_mean
    from sslkit.plugins import load_registry
    from sslkit.registry import KINDS

    if options.kind is not None and options.kind not in KINDS:
        raise SSLKitError(f"there is no kind '{options.kind}'. {did_you_mean(options.kind, KINDS)}")
    registry, _ = load_registry(tuple(options.plugin_path))
    table = Table("kind", "name", "what it is", box=None, pad_edge=False)
    for kind in [options.kind] if options.kind else KINDS:
        for entry in registry.entries(kind):
            origin = "" if entry.source == "sslkit" else f" [plugin {entry.source}]"
            table.add_row(kind, entry.name, (entry.summary + origin).replace("[", r"\["))
    _console().print(table)


def _show(options: argparse.Namespace) -> None:
    import inspect

    from rich.markup import escape
    from rich.table import Table

    from sslkit.errors import did_you_mean
    from sslkit.plugins import load_registry
    from sslkit.registry import KINDS, REQUIRED

    if options.kind not in KINDS:
        raise SSLKitError(f"there is no kind '{options.kind}'. {did_you_mean(options.kind, KINDS)}")
    registry, _ = load_registry(tuple(options.plugin_path))
    entry = registry.entry(options.kind, options.name)
    console = _console()
    console.print(
        f"[bold]{entry.kind} {entry.name}[/]  ({entry.component.__name__}, from {escape(entry.source)})\n"
    )
    print(inspect.getdoc(entry.component) or "")
    table = Table("setting", "type", "default", box=None, pad_edge=False)
    for setting in entry.settings.values():
        default = "needed" if setting.default is REQUIRED else _default_words(setting.default)
        table.add_row(setting.name, escape(setting.type_name()), escape(default))
    console.print("\n[bold]settings[/]")
    console.print(table if entry.settings else "none")


def _default_words(default: Any) -> str:
    if hasattr(default, "func"):  # a partial of a head
        inner = ", ".join(f"{key}={value}" for key, value in default.keywords.items())
        return f"{default.func.__name__}({inner})"
    return default.__name__ if isinstance(default, type) else repr(default)


def _plugins(options: argparse.Namespace) -> None:
    from rich.markup import escape
    from rich.table import Table

    from sslkit.plugins import load_registry

    _, plugins = load_registry(tuple(options.plugin_path))
    if not plugins:
        print("no plugins: none is installed, and no --plugin-path or SSLKIT_PLUGIN_PATH is given.")
        return
    table = Table("name", "version", "source", "components", "status", box=None, pad_edge=False)
    for plugin in plugins:
        table.add_row(
            *map(
                escape,
                (plugin.name, plugin.version, plugin.source, ", ".join(plugin.components), plugin.status),
            )
        )
    _console().print(table)


def _schema(options: argparse.Namespace) -> None:
    import json

    from sslkit.config.schema import config_schema
    from sslkit.plugins import load_registry

    print(json.dumps(config_schema(load_registry(tuple(options.plugin_path))[0]), indent=2))
