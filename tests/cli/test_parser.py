"""The parser knows every command of every group."""

from __future__ import annotations

import pytest

from sslkit.cli import make_parser
from sslkit.cli.parser import GROUPS

COMMANDS = {
    "check": ["c.yaml"],
    "compare": ["c.yaml"],
    "ablate": ["c.yaml"],
    "reproduce": ["run"],
    "report": ["folder"],
    "pretrain": ["c.yaml"],
    "evaluate": ["run"],
    "embed": ["run", "x.npy"],
    "export": ["run", "--weights", "timm"],
    "preview": ["c.yaml"],
    "list": [],
    "show": ["backbone", "resnet1d"],
    "plugins": [],
    "schema": [],
    "env": [],
}


def test_the_help_names_every_command_and_no_other(capsys):
    with pytest.raises(SystemExit) as exit_of:
        make_parser().parse_args(["--help"])
    assert exit_of.value.code == 0
    lines = capsys.readouterr().out.split("COMMAND\n")[1].splitlines()
    assert {line.split()[0] for line in lines if line.startswith("    ") and line[4] != " "} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_parses_takes_plugins_and_explains_itself(name, capsys):
    options = make_parser().parse_args([name, *COMMANDS[name], "--plugin-path", "a", "--plugin-path", "b"])
    assert options.plugin_path == ["a", "b"]
    assert options.command.__module__ in {group.__name__ for group in GROUPS}
    assert options.command.__doc__
    with pytest.raises(SystemExit) as exit_of:
        make_parser().parse_args([name, "--help"])
    assert exit_of.value.code == 0
    assert f"usage: sslkit {name}" in capsys.readouterr().out


def test_plugin_paths_of_one_call_are_not_those_of_the_next():
    make_parser().parse_args(["list", "--plugin-path", "a"])
    assert make_parser().parse_args(["list"]).plugin_path == []


def test_reproduce_takes_the_old_name_of_runs():
    parser = make_parser()
    assert parser.parse_args(["reproduce", "run"]).runs == "*"
    assert parser.parse_args(["reproduce", "run", "--runs", "a*"]).runs == "a*"
    assert parser.parse_args(["reproduce", "run", "--cells", "a*"]).runs == "a*"
