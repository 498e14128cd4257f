"""The encoder that a run leaves is the one that was trained and judged."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

import sslkit
from sslkit.assembly import prepare
from sslkit.config import load_study
from sslkit.plugins import load_registry
from sslkit.testing import tiny_study


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny study with a run of BYOL, which has a second network that is not to be kept."""
    folder = tmp_path_factory.mktemp("pipeline")
    sslkit.pretrain(tiny_study(folder), ["objectives=[byol]", "budget.steps=4"], folder / "run")
    sslkit.evaluate(folder / "run")
    return folder


def test_its_weights_are_the_online_network_s_of_the_last_step(trained):
    state = torch.load(trained / "run" / "checkpoint.pt", weights_only=True)["objective"]
    encoder = sslkit.load_encoder(trained / "run")
    found = encoder.backbone.state_dict()
    assert found and all(torch.equal(found[name], state[f"backbone.{name}"]) for name in found)


def test_its_statistics_are_the_training_part_s(trained):
    """Mean and deviation by numpy, of the training part without the validation part that was cut from it."""
    registry, _ = load_registry()
    (experiment,) = load_study(trained / "tiny.yaml", [], registry).experiments
    part = prepare(experiment, registry).splits.train
    x = part.x[np.arange(len(part))].numpy().astype(np.float64)
    found = {name: value.flatten().numpy() for name, value in encoder_statistics(trained).items()}
    np.testing.assert_allclose(found["mean"], x.mean((0, 2)), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found["std"], x.std((0, 2)), rtol=1e-3)


def encoder_statistics(folder: Path) -> dict[str, torch.Tensor]:
    return sslkit.load_encoder(folder / "run").frontend.state_dict()


def test_features_of_the_test_part_are_those_that_were_judged(trained):
    """To the bit: ``map.npz`` was written by ``evaluate``, with the very features it judged."""
    found = sslkit.embed(trained / "run", trained / "signals.npz")
    test = found["part"] == "test"
    with np.load(trained / "run" / "map.npz") as judged:
        assert np.array_equal(found["features"][test], judged["features"])
        assert found["label"][test].tolist() == [["slow", "fast"][y] for y in judged["y"]]
    assert (found["part"] == "train").sum() == 32


def test_features_are_those_of_the_training_pipeline(trained):
    """Built anew from the config and the checkpoint, without the encoder's files."""
    registry, _ = load_registry()
    overrides = ["objectives=[byol]", "budget.steps=4"]
    (experiment,) = load_study(trained / "tiny.yaml", overrides, registry).experiments
    prepared = prepare(experiment, registry)
    objective = prepared.objective(experiment.objectives[0], experiment.seeds[0])
    objective.load_state_dict(torch.load(trained / "run" / "checkpoint.pt", weights_only=True)["objective"])
    test = prepared.splits.test
    raw = test.x[np.arange(len(test))]
    with torch.no_grad():
        expected = objective.eval().backbone(prepared.frontend(raw.float()))
    found = sslkit.embed(trained / "run", trained / "signals.npz")
    assert np.array_equal(found["features"][found["part"] == "test"], expected.numpy())


def test_what_its_card_says_of_reading_is_what_a_copy_needs(trained, tmp_path):
    """The card and the weights are enough: the run's config stays at home."""
    for name in ("encoder.json", "encoder.safetensors"):
        (tmp_path / name).write_bytes((trained / "run" / name).read_bytes())
    assert json.loads((tmp_path / "encoder.json").read_text(encoding="utf-8"))["reading"] == {
        "source": "arrays"
    }
    found, own = (sslkit.embed(folder, trained / "signals.npz") for folder in (tmp_path, trained / "run"))
    assert np.array_equal(found["features"], own["features"])


def test_its_card_says_how_it_was_trained(trained):
    card = sslkit.load_encoder(trained / "run").card
    registry, _ = load_registry()
    (experiment,) = load_study(trained / "tiny.yaml", [], registry).experiments
    assert card["class_names"] == ["slow", "fast"] and card["objective"]["name"] == "byol"
    assert (card["seed"], card["sslkit"]) == (0, sslkit.__version__)
    assert card["data_digest"] == prepare(experiment, registry).data_digest
