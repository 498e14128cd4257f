"""Pre-training gives the losses, gradients, networks and features that the golden files hold."""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from tests.golden import configs, measuring
from tests.golden.checking import BFLOAT16, FLOAT32, Tolerances, problems
from tests.golden.commands import fresh_command
from tests.golden.data import data_digests
from tests.golden.environment import drawn_otherwise
from tests.golden.files import STOPPED_BEFORE, read_golden

OLDER = {  # another machine, as far as one can pretend: kernels of before 2013
    "ATEN_CPU_CAPABILITY": "default",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "OPENBLAS_CORETYPE": "Nehalem",
}
CASE = "sensors-byol-adamw"


def golden(title: str) -> measuring.Facts:
    return deepcopy(read_golden()["pretrainings"][title])


def allowed_for(config: configs.Config) -> Tolerances:
    return BFLOAT16 if config["training"].get("precision") == "bf16" else FLOAT32


def found(folder: Path, config: configs.Config, *overrides: str) -> measuring.Facts:
    run = measuring.pretrain(folder, config, overrides)
    return measuring.facts_of(run, folder / config["data"]["path"])


def config_drawn_alike(title: str) -> configs.Config:
    """The case's config; it is skipped where PyTorch draws other numbers for its network than the recorded one did."""
    config = configs.PRETRAININGS[title]
    if drawn := drawn_otherwise(config["backbone"]["name"]):
        pytest.skip(f"this PyTorch draws other numbers: {drawn}")
    return config


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> measuring.Facts:
    """This machine's own bits, whatever it is."""
    return found(tmp_path_factory.mktemp("own"), configs.PRETRAININGS[CASE])


def test_every_machine_makes_the_same_data() -> None:
    assert data_digests() == read_golden()["data"]


@pytest.mark.parametrize("title", configs.PRETRAININGS)
def test_pretraining_is_as_it_was(title: str, tmp_path: Path, exact: bool) -> None:
    config = config_drawn_alike(title)
    assert problems(golden(title), found(tmp_path, config), exact, allowed_for(config)) == []


def test_a_fresh_process_gives_the_same(tmp_path: Path, exact: bool) -> None:
    measuring.write_config(tmp_path, configs.PRETRAININGS[CASE])
    fresh_command(tmp_path, "pretrain", "config.yaml", "--out", "run")
    facts = measuring.facts_of(tmp_path / "run", tmp_path / "sensors.npz")
    assert problems(golden(CASE), facts, exact) == []


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() != "x86_64", reason="pretends to be an older x86")
@pytest.mark.parametrize("title", configs.PRETRAININGS)
def test_another_machine_is_within_the_tolerances(title: str, tmp_path: Path) -> None:
    config = config_drawn_alike(title)
    measuring.write_config(tmp_path, config)
    fresh_command(tmp_path, "pretrain", "config.yaml", "--out", "run", **OLDER)
    facts = measuring.facts_of(tmp_path / "run", tmp_path / config["data"]["path"])
    assert problems(golden(title), facts, False, allowed_for(config)) == []
    assert problems(golden(title), facts, True, allowed_for(config)) != []


def test_a_stopped_training_goes_on(tmp_path: Path, exact: bool) -> None:
    """From the checkpoint that the old program left half-way, to the end of a training that was never stopped."""
    shutil.copytree(STOPPED_BEFORE, tmp_path / "run")
    facts = found(tmp_path, configs.STOPPED)
    assert problems(golden("stopped"), facts, exact) == []
    before, after = (
        [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        for folder in (STOPPED_BEFORE, tmp_path / "run")
    )
    assert after[: len(before)] == before  # with the clock's figures: these steps were not made again
    assert before[-1]["step"] == configs.STOPPED_AFTER < after[-1]["step"]


@pytest.mark.parametrize(
    "change",
    ["optimizer.learning_rate=1.0001e-3", "objectives.0.tau=0.9000001", "training.accumulate=2", "seeds=[4]"],
)
def test_a_small_change_is_seen_where_bits_are_compared(
    change: str, own: measuring.Facts, tmp_path: Path
) -> None:
    changed = found(tmp_path, configs.PRETRAININGS[CASE], change)
    changed["identity"] = own["identity"]
    assert problems(own, own, exact=True) == []
    assert any("to the bit" in words for words in problems(own, changed, exact=True))


@pytest.mark.parametrize(
    "change",
    [
        "optimizer.learning_rate=1.1e-3",
        "objectives.0.tau=0.95",
        "views.degrees=60",
        "training.accumulate=2",
        "training.clip_norm=1",
        "seeds=[4]",
    ],
)
def test_a_change_is_seen_within_the_tolerances_too(change: str, tmp_path: Path) -> None:
    changed = found(tmp_path, configs.PRETRAININGS[CASE], change)
    changed["identity"] = golden(CASE)["identity"]
    assert problems(golden(CASE), changed, exact=False) != []


@pytest.mark.parametrize("part", ["steps", "networks", "optimiser", "features", "identity"])
def test_a_damaged_fact_is_seen(part: str) -> None:
    damage: dict[str, Callable[[measuring.Facts], None]] = {
        "steps": lambda facts: facts["steps"][2].update(loss=facts["steps"][2]["loss"] * 1.002),
        "networks": lambda facts: facts["networks"].pop("target_backbone"),
        "optimiser": lambda facts: facts["optimiser"]["tensors"].popitem(),
        "features": lambda facts: facts["features"]["values"][1].reverse(),
        "identity": lambda facts: facts.update(identity="another"),
    }
    damaged = golden(CASE)
    damage[part](damaged)
    assert problems(golden(CASE), damaged, exact=False) != []
