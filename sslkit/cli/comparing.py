"""Commands that ask how methods compare: check, compare, ablate, reproduce, report."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from sslkit.cli.commands import Commands, add_out, add_pool
from sslkit.cli.console import make_console
from sslkit.cli.endings import CHANGED, DONE
from sslkit.errors import MOST_SHOWN, SSLKitError


def add_commands(commands: Commands) -> None:
    """Add them to a parser."""
    commands.add_with_config("check", check, "validate a config and say what would run; trains nothing")
    for name, command, folder, text in (
        ("compare", compare, "runs/NAME", "run a comparison: train, evaluate, table, report"),
        (
            "ablate",
            ablate,
            "runs/NAME-ablation",
            "compare training with all augmentations, without each, and with each alone",
        ),
    ):
        parser = commands.add_with_config(name, command, text)
        add_out(parser, f"folder of the results (default {folder})")
        parser.add_argument("--workers", type=int, metavar="N", help="processes (default: by the machine)")
        add_pool(parser)
    _add_reproduce(commands)
    report_parser = commands.add("report", report, "write a comparison's report again")
    report_parser.add_argument("folder", type=Path, help="the folder of a comparison")


def _add_reproduce(commands: Commands) -> None:
    parser = commands.add(
        "reproduce", reproduce, "repeat a comparison from its manifest and compare the figures"
    )
    parser.add_argument("run", type=Path, help="the folder of a comparison")
    add_out(parser, "folder of the repetition (default RUN-reproduced)")
    parser.add_argument(
        "--runs",
        "--cells",  # its name before 0.2
        default="*",
        metavar="PATTERN",
        help="which runs, e.g. 'byol-seed0' or 'watch/*' (default all)",
    )
    parser.add_argument(
        "--tolerance",
        type=float,
        metavar="X",
        help="what figures may differ by (default 0 with the same versions and machine, else 0.01)",
    )
    parser.add_argument(
        "--trust",
        action="store_true",
        help="run the plugin files that the manifest names; they run with your rights, so read them first",
    )
    add_pool(parser)


def check(options: argparse.Namespace) -> None:
    """Print what a config would run."""
    from sslkit.comparison.estimate import print_estimates
    from sslkit.config import load_study
    from sslkit.plugins import load_registry

    registry, _ = load_registry(tuple(options.plugin_path))
    print_estimates(load_study(options.config, options.overrides, registry), registry, make_console())


def compare(options: argparse.Namespace) -> None:
    """Run a comparison, and print its table."""
    from sslkit import api

    _run_and_print(api.compare, options)


def ablate(options: argparse.Namespace) -> None:
    """Run an ablation, and print its table."""
    from sslkit import api

    _run_and_print(api.ablate, options)


def _run_and_print(job: Callable[..., Path], options: argparse.Namespace) -> None:
    from sslkit.report.terminal.tables import print_table

    if options.workers is not None and options.workers < 1:
        raise SSLKitError("--workers: at least 1.")
    page = job(
        options.config,
        options.overrides,
        options.out,
        options.plugin_path,
        options.workers,
        pool=options.pool,
    )
    print_table(page.parent, make_console())
    print(f"report: {page}")


def reproduce(options: argparse.Namespace) -> int:
    """Repeat a comparison, and print what differs; 1 where a figure does."""
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
        trust=options.trust,
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
        return DONE
    print(
        f"NOT reproduced: {len(found.changes)} of {found.compared} figures are not {within}"
        + (f"; {len(found.contradictions)} were edited or damaged." if found.contradictions else ".")
    )
    return CHANGED


def report(options: argparse.Namespace) -> None:
    """Write a comparison's report again."""
    from sslkit.report import write_report
    from sslkit.running.manifest import read_manifest

    read_manifest(options.folder)
    print(f"report: {write_report(options.folder, tuple(options.plugin_path))}")
