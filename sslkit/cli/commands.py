"""What groups of commands are given to add theirs to, and the options that several share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

Command = Callable[[argparse.Namespace], int | None]  # returns an exit status; None is 0


class Commands:
    """The commands of a parser; each one takes ``--plugin-path``."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
        self._common = argparse.ArgumentParser(add_help=False)
        self._common.add_argument(
            "--plugin-path",
            action="append",
            default=[],
            metavar="PATH",
            help="a plugin file or a folder of them (repeatable)",
        )

    def add(self, name: str, command: Command, text: str) -> argparse.ArgumentParser:
        """A command and its line in the help; arguments are added to what is returned."""
        parser = self._commands.add_parser(name, parents=[self._common], help=text, description=text)
        parser.set_defaults(command=command, name=name, together=False)
        return parser

    def add_with_config(self, name: str, command: Command, text: str) -> argparse.ArgumentParser:
        """A command that takes a config and overrides."""
        parser = self.add(name, command, text)
        parser.add_argument("config", type=Path, help="a YAML file, or a carried config's name")
        parser.add_argument("overrides", nargs="*", metavar="a.b=c", help="settings that replace the file's")
        return parser


def add_out(parser: argparse.ArgumentParser, words: str) -> None:
    """``--out``, described by ``words``."""
    parser.add_argument("--out", type=Path, metavar="DIR", help=words)


def add_force(parser: argparse.ArgumentParser) -> None:
    """``--force``."""
    parser.add_argument(
        "--force",
        action="store_true",
        help="replace a file that is there and is none that this command writes",
    )


def add_pool(parser: argparse.ArgumentParser) -> None:
    """``--pool``."""
    parser.add_argument(
        "--pool",
        choices=("local", "ray"),
        default="local",
        help="where the runs go: processes of this machine (default), or a Ray cluster",
    )
