"""The parser, to which each group adds its commands."""

from __future__ import annotations

import argparse

from sslkit.cli import comparing, components, encoders, environment, previewing
from sslkit.cli.commands import Commands

GROUPS = (comparing, encoders, previewing, components, environment)


def make_parser() -> argparse.ArgumentParser:
    """A parser of all commands; what it returns has the chosen one as ``command``."""
    parser = argparse.ArgumentParser(
        prog="sslkit", description="Self-supervised learning on images, sensors and audio, compared fairly."
    )
    commands = Commands(parser)
    for group in GROUPS:
        group.add_commands(commands)
    return parser
