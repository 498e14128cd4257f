"""The encoder that a run leaves: what users keep."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import safetensors.torch
import torch

from sslkit.deploy.encoder import Encoder, load_encoder
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from tests.deploy import encoders
from tests.deploy.encoders import FACTS, SPECS, make_encoder, raw_samples

OLD_CARD = """{
  "format": "sslkit encoder 1",
  "sample": {"modality": "sensor", "shape": [3, 33], "rate_hz": 50.0, "channels": ["x", "y", "z"], "scale": 1.0,
             "missing": false},
  "frontend": {"name": "standardise"},
  "backbone": {"name": "resnet1d", "width": 4},
  "out_dim": 32,
  "class_names": ["no", "yes"],
  "data_digest": "0123",
  "objective": {"name": "byol", "tau": 0.9},
  "seed": 0,
  "sslkit": "0.1.0"
}
"""


SAMPLE: dict[str, Any] = json.loads(OLD_CARD)["sample"]


def load(folder: Path) -> Encoder:
    return load_encoder(folder, load_registry()[0])


def change_card(folder: Path, **changes: Any) -> None:
    card = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
    (folder / "encoder.json").write_text(json.dumps({**card, **changes}), encoding="utf-8")


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A folder with an encoder of sensor windows."""
    make_encoder("sensor").save(tmp_path / "run")
    return tmp_path / "run"


# There and back ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SPECS)
def test_there_and_back_to_the_bit(kind, tmp_path):
    encoder = make_encoder(kind)
    encoder.save(tmp_path)
    loaded = load(tmp_path)
    before, after = encoder.state_dict(), loaded.state_dict()
    assert list(before) == list(after) and len(before) > 5
    for name in before:
        assert before[name].dtype == after[name].dtype and torch.equal(before[name], after[name]), name
    raw = raw_samples(encoder.spec, 7)
    with torch.no_grad():
        assert torch.equal(loaded(raw), encoder(raw))
    assert loaded.spec == encoder.spec and loaded.out_dim == encoder.out_dim


def test_the_file_holds_the_weights_and_nothing_else(saved):
    """Read by another reader of the format, which knows no torch."""
    tensors = safetensors.numpy.load_file(saved / "encoder.safetensors")
    expected = make_encoder("sensor").state_dict()
    assert tensors.keys() == expected.keys()
    assert all(np.array_equal(tensors[name], expected[name].numpy()) for name in tensors)
    assert sorted(path.name for path in saved.iterdir()) == ["encoder.json", "encoder.safetensors"]


def test_what_was_loaded_can_be_kept_again(saved, tmp_path):
    load(saved).save(tmp_path / "copy")
    for name in ("encoder.json", "encoder.safetensors"):
        assert (tmp_path / "copy" / name).read_bytes() == (saved / name).read_bytes()


def test_a_fine_tuned_encoder_is_kept_with_a_card_of_its_own_weights(saved):
    encoder = load(saved)
    with torch.no_grad():
        next(encoder.backbone.parameters()).mul_(2)
    encoder.save(saved)
    assert torch.equal(next(load(saved).parameters()), next(encoder.parameters()))


def test_loading_leaves_the_global_generator_and_gradients_alone(saved):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    with torch.random.fork_rng():
        encoder = load(saved)
    assert torch.equal(torch.rand(3), expected)
    assert not encoder.training and all(parameter.requires_grad for parameter in encoder.parameters())


# The card ----------------------------------------------------------------------------------------------------------


def test_the_card_says_all_that_it_takes(saved):
    card = json.loads((saved / "encoder.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((saved / "encoder.safetensors").read_bytes()).hexdigest()
    assert card == {
        "format": "sslkit encoder 1",
        "sample": {
            "modality": "sensor",
            "shape": [3, 33],
            "rate_hz": 50.0,
            "channels": ["x", "y", "z"],
            "scale": 1.0,
            "missing": False,
        },
        "frontend": {"name": "standardise"},
        "backbone": {"name": "resnet1d", "width": 4},
        "out_dim": 32,
        **FACTS,
        "weights_sha256": digest,
    }
    assert load(saved).card == card


def test_a_card_of_0_1_is_read_and_written_as_one_of_today(tmp_path):
    encoder = make_encoder("sensor")
    (tmp_path / "encoder.json").write_text(OLD_CARD, encoding="utf-8")
    safetensors.torch.save_file(encoder.state_dict(), tmp_path / "encoder.safetensors")
    loaded = load(tmp_path)
    raw = raw_samples(encoder.spec, 5)
    with torch.no_grad():
        assert torch.equal(loaded(raw), encoder(raw))
    assert loaded.card["objective"] == {"name": "byol", "tau": 0.9}
    loaded.save(tmp_path / "new")
    assert load(tmp_path / "new").card["objective"] == {"name": "byol", "tau": 0.9}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is not an encoder's card"),
        ("[]", "is not an encoder's card"),
        ('{"format": "sslkit encoder 9"}', "Update sslkit"),
        ('{"format": "sslkit encoder 1"}', "sample: Field required; frontend: Field required"),
    ],
)
def test_what_is_no_card_is_refused(content, words, saved):
    (saved / "encoder.json").write_text(content, encoding="utf-8")
    with pytest.raises(SSLKitError) as caught:
        load(saved)
    assert words in str(caught.value) and str(saved / "encoder.json") in str(caught.value)


@pytest.mark.parametrize("key", ["sample", "frontend", "backbone"])
def test_a_card_without_a_part_is_refused(key, saved):
    card = json.loads((saved / "encoder.json").read_text(encoding="utf-8"))
    del card[key]
    (saved / "encoder.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(SSLKitError, match=f"{key}: Field required"):
        load(saved)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"backbone": {"name": "resnet1dd"}}, "Did you mean 'resnet1d'?"),
        ({"backbone": {"name": "resnet1d", "width": 0}}, "backbone.width: input should be greater"),
        ({"backbone": {"name": "small-conv"}}, "small-conv"),
        ({"frontend": 3}, "frontend.str: Input should be a valid string"),
        (
            {"backbone": {"name": "resnet1d", "width": 8}},
            "does not fit its card: backbone.stem.0.weight has the shape (4, 3, 7)",
        ),
        ({"backbone": {"name": "resnet1d", "width": 20_000}}, "and the card says (20000, 3, 7)"),
        ({"sample": {**SAMPLE, "shape": [10**9, 10**9]}}, "and the card says (4, 1000000000, 7)"),
        (
            {"sample": {**SAMPLE, "shape": [10**9], "rate_hz": 1e9}, "frontend": "log-mel"},
            "is longer than the",
        ),
        (
            {
                "sample": {**SAMPLE, "shape": [10**5], "rate_hz": 1e4},
                "frontend": {"name": "log-mel", "n_mels": 10**6},
            },
            "1000000 bands",
        ),
    ],
)
def test_a_card_that_names_another_network_is_refused(changes, words, saved):
    change_card(saved, **changes)
    with pytest.raises(SSLKitError) as caught:
        load(saved)
    assert words in str(caught.value)


# Files that are not what they were -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["encoder.json", "encoder.safetensors"])
def test_a_missing_file_is_named(name, saved):
    (saved / name).unlink()
    with pytest.raises(SSLKitError) as caught:
        load(saved)
    assert f"{saved / name}: " in str(caught.value)


@pytest.mark.parametrize("length", [0, 4, 7, 100, -1, -1000])
def test_a_truncated_file_is_refused(length, saved):
    path = saved / "encoder.safetensors"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(SSLKitError, match="not a readable safetensors file"):
        load(saved)


@pytest.mark.parametrize("place", [-1, -5000, 4000])
def test_a_single_changed_bit_is_found(place, saved):
    content = bytearray((saved / "encoder.safetensors").read_bytes())
    content[place] ^= 1
    (saved / "encoder.safetensors").write_bytes(content)
    with pytest.raises(SSLKitError):
        load(saved)


def test_the_weights_of_another_run_are_found(saved, tmp_path):
    make_encoder("sensor", seed=1).save(tmp_path / "other")
    (saved / "encoder.safetensors").write_bytes((tmp_path / "other" / "encoder.safetensors").read_bytes())
    with pytest.raises(SSLKitError, match="is damaged, or of another run"):
        load(saved)


@pytest.mark.parametrize("change", ["add", "leave out", "reshape"])
def test_weights_of_another_network_are_refused(change, saved):
    tensors = dict(make_encoder("sensor").state_dict())
    name = next(iter(tensors))
    if change == "leave out":
        del tensors[name]
    else:
        tensors["another" if change == "add" else name] = torch.zeros(5)
    safetensors.torch.save_file(tensors, saved / "encoder.safetensors")
    with pytest.raises(SSLKitError, match="does not fit its card"):
        load(saved)


def test_a_pickle_is_not_unpickled(saved, tmp_path):
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "trap",))

    torch.save(Trap(), saved / "encoder.safetensors")
    with pytest.raises(SSLKitError, match="not a readable safetensors file"):
        load(saved)
    assert not (tmp_path / "trap").exists()


PLUGIN = '''
import torch
import sslkit


class Averages(sslkit.Backbone):
    """Each channel's mean."""

    sample_ndim = 2

    def __init__(self, shape: tuple[int, ...], width: sslkit.Count = 5) -> None:
        super().__init__()
        self.out_dim = width
        self.layer = torch.nn.Linear(shape[0], width)

    def forward(self, x):
        return self.layer(x.mean(-1))


@sslkit.hookimpl
def sslkit_register(registry):
    registry.add("averages", Averages)
'''


def test_an_encoder_of_a_plugin_needs_the_plugin(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(PLUGIN, encoding="utf-8")
    (tmp_path / "broken.py").write_text("raise RuntimeError('out of order')\n", encoding="utf-8")
    monkeypatch.setitem(encoders.COMPONENTS, "sensor", ("standardise", {}, "averages", {"width": 6}))
    registry, _ = load_registry((str(tmp_path / "mine.py"),))
    encoder = make_encoder("sensor", registry=registry)
    encoder.save(tmp_path / "run")
    with pytest.raises(SSLKitError, match="there is no backbone 'averages'") as caught:
        load(tmp_path / "run")
    assert str(tmp_path / "run" / "encoder.json") in str(caught.value)
    with pytest.raises(
        SSLKitError, match=r"there is no backbone 'averages'.*broken: RuntimeError: out of order"
    ):
        load_encoder(tmp_path / "run", load_registry((str(tmp_path / "broken.py"),))[0])
    raw = raw_samples(encoder.spec, 4)
    with torch.no_grad():
        assert torch.equal(load_encoder(tmp_path / "run", registry)(raw), encoder(raw))
