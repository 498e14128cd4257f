"""The plugin enters as a stranger's would: by its file."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from sslkit.config import parse_study
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from sslkit.testing import check_augmentation
from sslkit.types import Augmentation, ComponentSpec, SampleSpec

PLUGIN = Path(__file__).parents[2] / "plugins" / "belt_wobble.py"


def build(**settings: float) -> Augmentation:
    registry, plugins = load_registry((str(PLUGIN),))
    assert [plugin.status for plugin in plugins if plugin.name == "belt_wobble"] == ["loaded"]
    return registry.build(ComponentSpec("augmentation", "belt-wobble", settings))


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 17, 40)])
def test_contract(shape: tuple[int, ...]) -> None:
    check_augmentation(build(amplitude=0.2), SampleSpec("image", shape))


def test_rows_move_as_the_wave_says() -> None:
    wobble = build(amplitude=0.3, periods=3.0)
    x = torch.rand(4, 2, 11, 20, generator=torch.Generator().manual_seed(1))
    moved = wobble.apply(x, torch.Generator().manual_seed(0))
    amplitude, periods, phase = torch.rand(3, 4, generator=torch.Generator().manual_seed(0)).double().numpy()
    columns = np.arange(20)
    for image in range(4):
        for row in range(11):
            angle = 3.0 * periods[image] * row / 10 * 2 * math.pi + 2 * math.pi * phase[image]
            shift = 0.3 * 20 * amplitude[image] * math.sin(angle)
            for channel in range(2):
                expected = np.interp(columns - shift, columns, x[image, channel, row].double().numpy())
                np.testing.assert_allclose(moved[image, channel, row].numpy(), expected, atol=1e-5)


def test_no_amplitude_changes_nothing() -> None:
    x = torch.rand(3, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    assert torch.equal(build(amplitude=0.0).apply(x, torch.Generator().manual_seed(0)), x)


def test_refuses_what_is_no_image() -> None:
    with pytest.raises(SSLKitError, match="takes images"):
        build().check(SampleSpec("image", (32, 32)))


def test_a_config_uses_it_and_its_settings_are_checked() -> None:
    registry, _ = load_registry((str(PLUGIN),))
    views = [{"name": "belt-wobble", "amplitude": 0.1, "p": 1.0}, "horizontal-flip"]
    (experiment,) = parse_study({"data": "mnist5k", "views": views}, [], registry).experiments
    assert experiment.views.pipelines is not None
    assert experiment.views.pipelines[0][0].settings == {"amplitude": 0.1, "p": 1.0}
    with pytest.raises(SSLKitError, match=r"(?s)views\[0\].amplitude.*less than or equal to 1"):
        parse_study({"data": "mnist5k", "views": [{"name": "belt-wobble", "amplitude": 3.0}]}, [], registry)
