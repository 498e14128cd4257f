"""What there is to choose from, on the terminal."""

from __future__ import annotations

import json

import pytest

from sslkit.cli import run
from sslkit.config.carried import carried_configs, read_carried
from sslkit.plugins import load_registry
from sslkit.registry import KINDS

PLUGIN = '''
import sslkit


class Echo(sslkit.Augmentation):
    """Adds an echo [of itself].

    Args:
        delay: in samples.
        kind_of: how.
    """

    modalities = ("audio",)

    def __init__(self, delay: int, kind_of: str = "a[b]") -> None:
        self.delay = delay

    def apply(self, x, generator):
        return x


@sslkit.hookimpl
def sslkit_register(registry):
    registry.add("echo", Echo)
'''


@pytest.fixture
def plugin(tmp_path):
    path = tmp_path / "echoing.py"
    path.write_text(PLUGIN, encoding="utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    """A terminal on which no line is broken."""
    monkeypatch.setenv("COLUMNS", "400")


def test_list_has_every_component_and_carried_config(capsys):
    assert run(["list"]) == 0
    listed = {tuple(line.split()[:2]) for line in capsys.readouterr().out.splitlines()[1:]}
    registry, _ = load_registry()
    components = {(entry.kind, entry.name) for entry in registry.entries()}
    assert listed == components | {("config", name) for name in carried_configs()}
    assert {kind for kind, _ in listed} == {*KINDS, "config"}


def test_a_carried_config_is_shown_as_it_can_be_saved(capsys):
    assert run(["list", "config"]) == 0
    listed = capsys.readouterr().out
    assert "quickstart" in listed and "on real images" in listed and "resnet1d" not in listed
    assert run(["show", "config", "quickstart"]) == 0
    assert capsys.readouterr().out == read_carried("quickstart")


def test_list_of_a_kind_has_that_kind_only_and_says_whose_it_is(plugin, capsys):
    assert run(["list", "augmentation", "--plugin-path", plugin]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert {line.split()[0] for line in lines} == {"augmentation"}
    (own,) = [line for line in lines if "[plugin" in line]
    assert own.split()[1] == "echo" and own.rstrip().endswith("Adds an echo [of itself]. [plugin echoing]")


@pytest.mark.parametrize("words", [["list", "backbones"], ["show", "backbones", "resnet1d"]])
def test_an_unknown_kind_is_refused_with_the_nearest(words, capsys):
    assert run(words) == 2
    assert capsys.readouterr().err == "error: there is no kind 'backbones'. Did you mean 'backbone'?\n"


def test_show_has_the_description_and_every_setting(plugin, capsys):
    assert run(["show", "augmentation", "echo", "--plugin-path", plugin]) == 0
    out = capsys.readouterr().out
    assert "augmentation echo  (Echo, from echoing)" in out and "delay: in samples." in out
    table = {line.split()[0]: line.split()[1:] for line in out.split("settings\n")[1].splitlines()}
    assert table["delay"] == ["int", "needed"]
    assert table["kind_of"] == ["str", "'a[b]'"]
    assert table["p"][-1] == "1.0"


def test_show_writes_the_default_of_a_head_as_one_would(capsys):
    assert run(["show", "objective", "byol"]) == 0
    out = capsys.readouterr().out
    projector = next(line for line in out.splitlines() if line.startswith("projector"))
    assert projector.split()[1] == "head" and "partial" not in projector and "function" not in projector


def test_show_of_a_component_without_settings_says_so(capsys):
    assert run(["show", "modality", "image"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("settings\nnone")


def test_plugins_that_work_and_that_do_not(plugin, tmp_path, capsys):
    (tmp_path / "broken.py").write_text("raise RuntimeError('[bold]out of order[/]')\n", encoding="utf-8")
    assert run(["plugins", "--plugin-path", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    broken, works = (next(line for line in lines if line.startswith(n)) for n in ("broken", "echoing"))
    assert broken.rstrip().endswith("RuntimeError: [bold]out of order[/]")
    assert "augmentation echo" in works and works.rstrip().endswith("loaded")


def test_no_plugins(capsys, monkeypatch):
    monkeypatch.setattr("sslkit.plugins.load_registry", lambda paths: (load_registry()[0], ()))
    assert run(["plugins"]) == 0
    assert capsys.readouterr().out.startswith("no plugins: none is installed")


def test_the_schema_is_json_and_knows_the_plugin(plugin, capsys):
    assert run(["schema", "--plugin-path", plugin]) == 0
    out = capsys.readouterr().out
    assert json.loads(out)["properties"]["objectives"]
    assert '"echo"' in out
