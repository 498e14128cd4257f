"""What groups add their commands to."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from sslkit.cli.commands import Commands, add_out, add_pool


def test_a_group_adds_a_command_of_its_own():
    parser = argparse.ArgumentParser()
    commands = Commands(parser)
    added = commands.add_with_config("dance", lambda options: 7, "move")
    add_out(added, "where")
    add_pool(added)
    options = parser.parse_args(["dance", "c.yaml", "a=b", "--out", "x", "--pool", "ray"])
    assert (options.config, options.overrides, options.out) == (Path("c.yaml"), ["a=b"], Path("x"))
    assert (options.pool, options.command(options)) == ("ray", 7)


def test_a_parser_without_a_command_is_not_enough(capsys):
    parser = argparse.ArgumentParser()
    Commands(parser).add("dance", lambda options: 0, "move")
    with pytest.raises(SystemExit) as exit_of:
        parser.parse_args([])
    assert exit_of.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


def test_the_options_say_what_they_are(capsys):
    parser = argparse.ArgumentParser()
    added = Commands(parser).add("dance", lambda options: 0, "move")
    add_out(added, "where to")
    with pytest.raises(SystemExit):
        parser.parse_args(["dance", "--help"])
    said = capsys.readouterr().out
    assert "move" in said and "--out DIR" in said and "where to" in said and "--plugin-path PATH" in said
