"""What all calls begin with: plugins, config, folder."""

from __future__ import annotations

from pathlib import Path

import pytest

import sslkit
from sslkit.api.job import Job, path_texts, registry_with, silent
from sslkit.errors import ConfigError
from sslkit.testing import tiny_study
from tests.api.spy import WITH_CONFIG, Spy

PLUGIN = '''
import sslkit


class Twist(sslkit.Augmentation):
    """Turns it round."""

    def apply(self, x, generator):
        return x.flip(-1)


@sslkit.hookimpl
def sslkit_register(registry):
    registry.add("twist", Twist)
'''


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    path = tmp_path / "twisting.py"
    path.write_text(PLUGIN, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", WITH_CONFIG)
def test_calls_with_a_config_read_it_and_choose_the_folder(name, tmp_path, plugin, monkeypatch):
    target, default = WITH_CONFIG[name]
    spy, config = Spy(), tiny_study(tmp_path)
    monkeypatch.setattr(target, spy)
    call = getattr(sslkit, name)
    call(config)
    assert (spy.folder(), spy.views()) == (Path(default), "jitter")
    call(str(config), ["views=[{name: twist}]", "name=other"], plugin_paths=[plugin])
    assert (spy.folder(), spy.views()) == (Path(default.replace("tiny", "other")), "twist")
    call(config, (), str(tmp_path / "out"))
    assert spy.folder() == tmp_path / "out"


@pytest.mark.parametrize("name", WITH_CONFIG)
def test_every_mistake_of_a_config_is_one_message(name, tmp_path):
    with pytest.raises(ConfigError) as caught:
        getattr(sslkit, name)(tiny_study(tmp_path), ["budget.steps=0", "backbone=resnet1dd"])
    assert {problem.path for problem in caught.value.problems} == {"budget.steps", "backbone"}


def test_a_job_says_where_it_works(tmp_path):
    job = Job.begin(tiny_study(tmp_path), [], None, [], "-suffix")
    assert (job.folder, job.plugin_paths, job.study.name) == (Path("runs/tiny-suffix"), (), "tiny")
    assert "simclr" in job.registry.names("objective")


def test_plugins_are_found_by_paths_and_texts(plugin):
    assert path_texts([plugin, "a"]) == (str(plugin), "a")
    assert "twist" in registry_with([plugin]).names("augmentation")
    assert "twist" not in registry_with([]).names("augmentation")


def test_a_plugin_path_that_is_not_there_is_said(tmp_path):
    with pytest.raises(sslkit.SSLKitError, match="there is no such file or folder"):
        registry_with([tmp_path / "none.py"])


def test_silence(capsys):
    silent(1, 2, "words")
    assert capsys.readouterr() == ("", "")
