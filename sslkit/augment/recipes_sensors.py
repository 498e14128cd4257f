"""Views of sensor windows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from sslkit.hookspecs import hookimpl
from sslkit.types import Recipe, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

AXIS_PATTERNS = (r"(?<![a-z0-9])[xyz](?![a-z0-9])", "[xyz]$", "^[xyz]")


class SensorDefault(Recipe):
    """Views for any sensor windows: gain, noise, speed, a crop; rotation where names tell three axes.

    Takes nothing away that might matter: no permutation, no flips, no mixing of channels that are not x, y,
    z of one sensor. The values are the papers', rotation is by 15 degrees at most: mild.
    """

    modalities = ("sensor",)

    def pipelines(self, spec: SampleSpec) -> list[list[dict[str, Any]]]:
        return [
            [
                *_rotation(axis_triples(spec.channels), 15.0),
                {"name": "crop-resize", "scale": [0.7, 1.0]},
                *_warp(spec),
                {"name": "scaling", "sigma": 0.1},
                {"name": "jitter", "sigma": 0.05},
            ]
        ]


class HAR(Recipe):
    """Views for worn accelerometers and gyroscopes: rotation, scaling, a change of speed, permutation, noise.

    Rotation turns the channels named x, y, z of one sensor, or consecutive triples where channels have no
    names; all by the same angle, as sensors in one case are. Tang et al. 2020 found rotation and scaling
    the best for SimCLR; permutation and jitter are TS-TCC's strong view.

    Args:
        degrees: the largest angle of the rotation. The papers turn by any (180), which takes
            the direction of gravity away. That is right where a sensor may be worn in any way, and costs
            accuracy where it is always worn alike: on people of the ``watch`` data left out of training,
            SimCLR's linear probe was right in 80 % at 30 degrees, 76 % at 0 and 65 % at 180 (one seed).

    Source: Tang et al. 2020; Um et al. 2017; Eldele et al. 2021 (TS-TCC).
    """

    modalities = ("sensor",)

    def __init__(self, degrees: Annotated[float, Field(ge=0, le=180)] = 30.0) -> None:
        self.degrees = degrees

    def pipelines(self, spec: SampleSpec) -> list[list[dict[str, Any]]]:
        channels = spec.shape[0]
        triples = axis_triples(spec.channels)
        if not spec.channels and channels % 3 == 0:
            triples = [[first, first + 1, first + 2] for first in range(0, channels, 3)]
        return [
            [
                *_rotation(triples, self.degrees),
                {"name": "scaling", "sigma": 0.1},
                *_warp(spec),
                *_permutation(spec),
                {"name": "jitter", "sigma": 0.05},
            ]
        ]


class Vibration(Recipe):
    """Views for machine vibration (kHz): another moment, mounting and noise at the same frequencies.

    No time warp: the frequencies of a bearing's fault are what tells it from others. Crops change them by
    at most 5 %, less than a drive's speed changes.
    """

    modalities = ("sensor",)

    def pipelines(self, spec: SampleSpec) -> list[list[dict[str, Any]]]:
        return [
            [
                {"name": "time-shift", "fraction": 0.5},
                {"name": "crop-resize", "scale": [0.95, 1.0]},
                {"name": "phase-shift", "p": 0.5},
                {"name": "amplitude-perturbation", "sigma": 0.2},
                {"name": "band-stop", "width": [0.0, 0.15], "p": 0.5},
                {"name": "scaling", "sigma": 0.2},
                {"name": "jitter", "sigma": 0.1},
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
    return [{"name": "rotation", "groups": triples, "degrees": degrees, "together": True}]


def _warp(spec: SampleSpec) -> list[dict[str, Any]]:
    """Left out where the window is shorter than its knots."""
    return [{"name": "time-warp", "sigma": 0.2}] if spec.shape[-1] >= 6 else []


def _permutation(spec: SampleSpec) -> list[dict[str, Any]]:
    """Segments of at least 10 samples, fewer in short windows."""
    shortest = min(10, spec.shape[-1] // 8)
    if shortest < 1:
        return []
    return [{"name": "permutation", "segments": 4, "min_length": shortest, "p": 0.5}]


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("sensor-default", SensorDefault)
    registry.add("har", HAR)
    registry.add("vibration", Vibration)
