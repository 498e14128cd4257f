"""Views of sensor windows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from sslkit.hookspecs import hookimpl
from sslkit.types import NonNegative, Recipe, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

AXIS_PATTERNS = (r"(?<![a-z0-9])[xyz](?![a-z0-9])", "[xyz]$", "^[xyz]")


class SensorDefault(Recipe):
    """Views for any sensor windows: gain, noise, speed, a crop; rotation where names tell three axes.

    Takes nothing away that might matter: no permutation, no flips, no mixing of channels that are not x, y,
    z of one sensor.

    Args:
        strength: 0 changes nothing, 1 is mild (the papers' values, rotation by 15 degrees), 2 strong.
    """

    modalities = ("sensor",)

    def __init__(self, strength: NonNegative = 1.0) -> None:
        self.strength = strength

    def pipelines(self, spec: SampleSpec) -> list[list[dict[str, Any]]]:
        s = self.strength
        return [
            [
                *_rotation(axis_triples(spec.channels), 15.0 * s),
                {"name": "crop-resize", "scale": [max(0.1, 1.0 - 0.3 * s), 1.0]},
                *_warp(spec, 0.2 * s),
                {"name": "scaling", "sigma": 0.1 * s},
                {"name": "jitter", "sigma": 0.05 * s},
            ]
        ]


class HAR(Recipe):
    """Views for worn accelerometers and gyroscopes: rotation, scaling, a change of speed, permutation, noise.

    Rotation turns the channels named x, y, z of one sensor, or consecutive triples where channels have no
    names; all by the same angle, as sensors in one case are. Tang et al. 2020 found rotation and scaling
    the best for SimCLR; permutation and jitter are TS-TCC's strong view.

    Args:
        strength: 0 changes nothing, 1 is the papers' values but for the angle.
        degrees: the largest angle of the rotation at strength 1. The papers turn by any (180), which takes
            the direction of gravity away. That is right where a sensor may be worn in any way, and costs
            accuracy where it is always worn alike: on people of the ``watch`` data left out of training,
            SimCLR's linear probe was right in 80 % at 30 degrees, 76 % at 0 and 65 % at 180 (one seed).

    Source: Tang et al. 2020; Um et al. 2017; Eldele et al. 2021 (TS-TCC).
    """

    modalities = ("sensor",)

    def __init__(
        self, strength: NonNegative = 1.0, degrees: Annotated[float, Field(ge=0, le=180)] = 30.0
    ) -> None:
        self.strength, self.degrees = strength, degrees

    def pipelines(self, spec: SampleSpec) -> list[list[dict[str, Any]]]:
        s = self.strength
        channels = spec.shape[0]
        triples = axis_triples(spec.channels)
        if not spec.channels and channels % 3 == 0:
            triples = [[first, first + 1, first + 2] for first in range(0, channels, 3)]
        return [
            [
                *_rotation(triples, self.degrees * s),
                {"name": "scaling", "sigma": 0.1 * s},
                *_warp(spec, 0.2 * s),
                *_permutation(spec, min(1.0, 0.5 * s)),
                {"name": "jitter", "sigma": 0.05 * s},
            ]
        ]


class Vibration(Recipe):
    """Views for machine vibration (kHz): another moment, mounting and noise at the same frequencies.

    No time warp: the frequencies of a bearing's fault are what tells it from others. Crops change them by
    at most 5 % at strength 1, less than a drive's speed changes.

    Args:
        strength: 0 changes nothing but the moment, 1 is moderate.
    """

    modalities = ("sensor",)

    def __init__(self, strength: NonNegative = 1.0) -> None:
        self.strength = strength

    def pipelines(self, spec: SampleSpec) -> list[list[dict[str, Any]]]:
        s = self.strength
        return [
            [
                {"name": "time-shift", "fraction": 0.5},
                {"name": "crop-resize", "scale": [max(0.1, 1.0 - 0.05 * s), 1.0]},
                {"name": "phase-shift", "p": min(1.0, 0.5 * s)},
                {"name": "amplitude-perturbation", "sigma": 0.2 * s},
                {"name": "band-stop", "width": [0.0, min(1.0, 0.15 * s)], "p": min(1.0, 0.5 * s)},
                {"name": "scaling", "sigma": 0.2 * s},
                {"name": "jitter", "sigma": 0.1 * s},
            ]
        ]


def axis_triples(channels: Sequence[str]) -> list[list[int]]:
    """Indices of channels named x, y, z of one sensor (``acc_x acc_y acc_z``), in any order or letter case.

    The axis is a letter x, y or z that stands alone in the name, or else its last or its first letter; the
    sensor is the rest of the name.
    """
    sensors: dict[str, dict[str, int]] = {}
    for index, channel in enumerate(channels):
        name = channel.lower()
        found = next((match for pattern in AXIS_PATTERNS if (match := re.search(pattern, name))), None)
        if found:
            sensor = f"{name[: found.start()]}*{name[found.end() :]}"
            sensors.setdefault(sensor, {})[found.group()] = index
    return [[axes["x"], axes["y"], axes["z"]] for axes in sensors.values() if len(axes) == 3]


def _rotation(triples: list[list[int]], degrees: float) -> list[dict[str, Any]]:
    if not triples:
        return []
    return [{"name": "rotation", "groups": triples, "degrees": min(180.0, degrees), "together": True}]


def _warp(spec: SampleSpec, sigma: float) -> list[dict[str, Any]]:
    """Left out where the window is shorter than its knots."""
    return [{"name": "time-warp", "sigma": sigma}] if spec.shape[-1] >= 6 else []


def _permutation(spec: SampleSpec, probability: float) -> list[dict[str, Any]]:
    """Segments of at least 10 samples, fewer in short windows."""
    shortest = min(10, spec.shape[-1] // 8)
    if shortest < 1:
        return []
    return [{"name": "permutation", "segments": 4, "min_length": shortest, "p": probability}]


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("sensor-default", SensorDefault)
    registry.add("har", HAR)
    registry.add("vibration", Vibration)
