"""The command that says where we are: env."""

from __future__ import annotations

import argparse

from sslkit.cli.commands import Commands


def add_commands(commands: Commands) -> None:
    """Add it to a parser."""
    commands.add("env", env, "versions, devices and plugins, as one block to paste into an issue")


def env(options: argparse.Namespace) -> None:
    """Print the block."""
    from sslkit import api

    print(api.describe_environment(options.plugin_path))
