"""From words on the command line to an exit status."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

from sslkit.cli.endings import ending_of
from sslkit.cli.parser import make_parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; exit with 2 and one message on what the user can mend, with 130 when stopped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names that the terminal cannot show are no reason to stop
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit status.

    Raises:
        SystemExit: the words are no command of ours (status 2), or asked for help (status 0).
    """
    options = _parse(arguments)
    try:
        _refuse_torchrun(options)
        return options.command(options) or 0
    except BaseException as error:
        ending = ending_of(error)
        if ending is None:
            raise
        ending.tell(error)
        return ending.status


def _refuse_torchrun(options: argparse.Namespace) -> None:
    if not options.together and os.environ.get("WORLD_SIZE", "1") != "1":
        from sslkit.training.distributed import refuse_torchrun

        refuse_torchrun(options.name)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    """As argparse does, and overrides (``a.b=c``) behind an option too."""
    parser = make_parser()
    options, rest = parser.parse_known_args(arguments)
    if not hasattr(options, "overrides") or any(text.startswith("-") or "=" not in text for text in rest):
        return parser.parse_args(arguments)  # says what it does not know, and exits with 2
    options.overrides += rest  # argparse takes no positional arguments behind an option
    return options
