"""The command that shows views before anything is trained: preview."""

from __future__ import annotations

import argparse

from sslkit.cli.commands import Commands, add_out
from sslkit.cli.console import make_console
from sslkit.cli.progress_bar import ProgressBar


def add_commands(commands: Commands) -> None:
    """Add it to a parser."""
    parser = commands.add_with_config(
        "preview", preview, "show what the augmentations do to your data, as one page"
    )
    add_out(parser, "folder of the results (default runs/NAME-preview)")


def preview(options: argparse.Namespace) -> None:
    """Write the page, and print a table of the augmentations."""
    from rich.markup import escape
    from rich.table import Table

    from sslkit import api

    with ProgressBar("preview") as bar:
        page, sections = api.preview(options.config, options.overrides, options.out, options.plugin_path, bar)
    for section in sections:
        table = Table("augmentation", "stage", "settings", "what it does", title=escape(section["name"]))
        for card in section["cards"]:
            words = ("\n".join(card["settings"]), card["summary"])
            table.add_row(card["name"], card["stage"], *map(escape, words))
        make_console().print(table)
    print(f"preview: {page}")
