"""What every sensor augmentation promises, whatever it does."""

from typing import Any

import pytest
import torch

from sslkit.assembly.strength import at_strength
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.time_shift import TimeShift
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from sslkit.types import ComponentSpec, SampleSpec

FIXED = {"negate", "time-flip"}  # draw nothing but whether they act
SENSORS = [
    entry.name
    for entry in load_registry()[0].entries("augmentation")
    if entry.component.__module__.startswith("sslkit.augment.sensors.")
]


def build(name, channels=6):
    entry: Any = load_registry()[0].entry("augmentation", name)
    if name == "mains-hum":
        hum = entry.component()
        hum.check(SampleSpec("sensor", (channels, 128), rate_hz=1000.0))
        return hum
    return entry.component(groups=[[0, 1, 2]]) if name == "rotation" and channels % 3 else entry.component()


def test_all_are_here():
    assert len(SENSORS) == 27
    assert {"jitter", "rotation", "time-warp", "band-stop", "time-shift"} <= set(SENSORS)


@pytest.mark.parametrize("name", SENSORS)
@pytest.mark.parametrize("shape", [(5, 6, 128), (4, 40, 97), (1, 3, 41), (2, 6, 2001)], ids=str)
def test_shape_type_input_and_determinism(name, shape):
    x = torch.randn(shape)
    before = x.clone()
    augmentation = build(name, shape[1])
    augmentation.check(SampleSpec("sensor", shape[1:], rate_hz=1000.0))
    first = augmentation(x, torch.Generator().manual_seed(3))
    second = augmentation(x, torch.Generator().manual_seed(3))
    assert first.shape == x.shape and first.dtype == x.dtype
    assert first.isfinite().all()
    assert torch.equal(x, before)
    assert torch.equal(first, second)


@pytest.mark.parametrize("name", sorted(set(SENSORS) - FIXED))
def test_every_sample_has_its_own_draw(name):
    x = torch.randn(1, 6, 128).expand(16, 6, 128)
    out = build(name).apply(x, torch.Generator().manual_seed(0))
    distinct = torch.unique(out.flatten(1), dim=0)
    assert len(distinct) >= 3  # some have few choices: the places of a slice, the channels to drop, bits


@pytest.mark.parametrize("name", SENSORS)
def test_probability_zero_changes_nothing(name):
    augmentation = build(name)
    augmentation.p = 0.0
    x = torch.randn(4, 6, 128)
    assert torch.equal(augmentation(x, torch.Generator().manual_seed(0)), x)


@pytest.mark.parametrize("name", SENSORS)
def test_bfloat16(name):
    x = torch.randn(4, 6, 128)
    augmentation = build(name)
    half = augmentation.apply(x.bfloat16(), torch.Generator().manual_seed(0))
    assert half.dtype == torch.bfloat16
    if name not in ("jitter", "noise-snr"):  # whose noise is drawn in the input's type
        full = augmentation.apply(x, torch.Generator().manual_seed(0))
        assert (half.float() - full).abs().nanmean() < 0.05


@pytest.mark.parametrize("name", sorted(set(SENSORS) - {"time-shift"}))
def test_pictures_are_refused(name):
    with pytest.raises(SSLKitError, match="takes windows"):
        build(name).check(SampleSpec("sensor", (1, 64, 96)))


@pytest.mark.parametrize(
    "name",
    ["permutation", "time-warp", "magnitude-warp", "window-warp", "amplitude-perturbation", "band-stop"],
)
def test_short_windows_are_refused_in_words(name):
    augmentation = build(name)
    shortest = augmentation.shortest()
    augmentation.check(SampleSpec("sensor", (6, shortest)))
    assert augmentation.apply(torch.randn(3, 6, shortest), torch.Generator()).isfinite().all()
    with pytest.raises(SSLKitError, match=f"{name} needs windows of at least {shortest} samples"):
        augmentation.check(SampleSpec("sensor", (6, shortest - 1)))


def test_stages():
    rotation, shift = build("rotation"), build("time-shift")
    assert (rotation.stage, shift.stage) == ("raw", "raw")
    assert all(build(n).stage == "features" for n in SENSORS if n not in ("rotation", "time-shift"))
    assert isinstance(shift, TimeShift) and isinstance(rotation, SensorAugmentation)


@pytest.mark.parametrize("name", sorted(set(SENSORS) - {"drop-outs"}))
def test_missing_values_stay_missing_and_do_not_spread(name):
    x = torch.randn(64, 6, 128)
    x[::2, 1, 40:56] = torch.nan
    out = build(name).apply(x, torch.Generator().manual_seed(0))
    assert not out[1::2].isnan().any()
    missing = out[::2].isnan().float().mean((0, 2))
    moved = name in ("crop-resize", "window-slice", "window-warp", "time-warp", "clock-jitter")
    if name == "channel-shuffle":
        assert missing.sum() == pytest.approx(16 / 128)
    elif name == "rotation":  # a moment of which one axis misses
        torch.testing.assert_close(missing, torch.tensor([1.0, 1, 1, 0, 0, 0]) / 8)
    else:
        assert missing[[0, 2, 3, 4, 5]].sum() == 0
        assert abs(missing[1] - 1 / 8) < (0.08 if moved else 1e-6)


@pytest.mark.parametrize("name", SENSORS)
@pytest.mark.parametrize("strength", [0.01, 0.5, 2.0, 100.0])
def test_every_strength_is_valid_and_a_small_one_changes_little(name, strength):
    registry = load_registry()[0]
    spec = at_strength(registry, ComponentSpec("augmentation", name), strength)
    assert spec is not None
    problems: list = []
    checked = registry.check("augmentation", spec.to_plain(), name, problems)
    assert problems == [] and checked is not None
    augmentation = registry.build(checked)
    augmentation.check(SampleSpec("sensor", (6, 128), rate_hz=1000.0))
    time = torch.arange(128)
    x = torch.sin(time * 0.3 + torch.arange(6.0)[:, None]).expand(40, 6, 128)
    out = augmentation(x, torch.Generator().manual_seed(0))
    assert out.isfinite().all()
    if strength == 0.01:
        assert (out - x).square().mean() < 0.02
