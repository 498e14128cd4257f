"""Views of images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sslkit.hookspecs import hookimpl
from sslkit.types import NonNegative, Recipe, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

Steps = list[dict[str, Any]]
JitterMethod = Literal["exact", "matrix"]


class SimCLRViews(Recipe):
    """SimCLR's views: crop, flip, colour jitter, grayscale, blur; one pipeline for all views.

    Images that have not three channels get jitter of brightness and contrast only.

    Args:
        color_strength: of the colour jitter; 1 as on ImageNet.
        jitter: ``exact`` or the faster ``matrix``.

    Source: Chen et al. 2020 (SimCLR), appendix A.
    """

    modalities = ("image",)

    def __init__(self, color_strength: NonNegative = 1.0, jitter: JitterMethod = "exact") -> None:
        self.color_strength, self.jitter = color_strength, jitter

    def pipelines(self, spec: SampleSpec) -> list[Steps]:
        colours = _colours(spec, (0.8, 0.8, 0.8, 0.2), self.color_strength, self.jitter)
        return [[*_crop(), *colours, {"name": "gaussian-blur", "p": 0.5}]]


class SimCLRSmallViews(Recipe):
    """SimCLR's views for small images: half the colour jitter and no blur.

    Args:
        color_strength: of the colour jitter; 0.5 as on CIFAR-10.
        jitter: ``exact`` or the faster ``matrix``.

    Source: Chen et al. 2020 (SimCLR), appendix B.9.
    """

    modalities = ("image",)

    def __init__(self, color_strength: NonNegative = 0.5, jitter: JitterMethod = "exact") -> None:
        self.color_strength, self.jitter = color_strength, jitter

    def pipelines(self, spec: SampleSpec) -> list[Steps]:
        return [[*_crop(), *_colours(spec, (0.8, 0.8, 0.8, 0.2), self.color_strength, self.jitter)]]


class BYOLViews(Recipe):
    """BYOL's two views: the first always blurred, the second seldom, but solarized at times.

    Images that have not three channels get jitter of brightness and contrast only.

    Args:
        color_strength: of the colour jitter; 1 as in the paper.
        jitter: ``exact`` or the faster ``matrix``.

    Source: Grill et al. 2020 (BYOL), appendix B.
    """

    modalities = ("image",)

    def __init__(self, color_strength: NonNegative = 1.0, jitter: JitterMethod = "exact") -> None:
        self.color_strength, self.jitter = color_strength, jitter

    def pipelines(self, spec: SampleSpec) -> list[Steps]:
        shared = [*_crop(), *_colours(spec, (0.4, 0.4, 0.2, 0.1), self.color_strength, self.jitter)]
        return [
            [*shared, {"name": "gaussian-blur", "p": 1.0}],
            [*shared, {"name": "gaussian-blur", "p": 0.1}, {"name": "solarize", "p": 0.2}],
        ]


class InspectionViews(Recipe):
    """Views for pictures of parts and surfaces: crop, flips, turns, pose, light, focus, movement, camera noise.

    What changes from shot to shot on a line, each mildly and none of it the part itself. Pictures have no up.
    Crops keep at least 30 % of the area, so that a small fault is not cut off too often. Colours stay as
    they are. Left out because they can look like faults or hide them: ``dust`` and ``occlusion``; because
    not every line stores so: ``jpeg``. ``add`` puts them in.
    """

    modalities = ("image",)

    def pipelines(self, spec: SampleSpec) -> list[Steps]:
        return [
            [
                *_crop(smallest=0.3),
                {"name": "vertical-flip", "p": 0.5},
                {"name": "quarter-turns"},
                {"name": "small-pose", "angle": 5.0, "shift": 0.0, "scale": 0.0, "shear": 2.0, "p": 0.5},
                {"name": "exposure", "stops": 0.5, "gamma": 0.2, "offset": 0.02, "p": 0.8},
                {"name": "illumination", "gradient": 0.15, "vignette": 0.2, "p": 0.5},
                {"name": "defocus", "radius": [0.3, 1.2], "p": 0.2},
                {"name": "motion-blur", "length": [1.0, 3.0], "p": 0.2},
                {"name": "sensor-noise", "shot": 0.03, "read": 0.02, "p": 0.5},
            ]
        ]


def _crop(smallest: float = 0.08) -> Steps:
    return [{"name": "random-resized-crop", "area": [smallest, 1.0], "flip": 0.5}]


def _colours(spec: SampleSpec, jitter: tuple[float, ...], strength: float, method: JitterMethod) -> Steps:
    """Colour jitter, and grayscale where there is colour."""
    if spec.shape[0] != 3:
        return _jitter((*jitter[:2], 0.0, 0.0), strength, method)
    return [*_jitter(jitter, strength, method), {"name": "grayscale", "p": 0.2}]


def _jitter(settings: tuple[float, ...], strength: float, method: JitterMethod) -> Steps:
    brightness, contrast, saturation, hue = (setting * strength for setting in settings)
    return [
        {
            "name": "color-jitter",
            "brightness": brightness,
            "contrast": contrast,
            "saturation": saturation,
            "hue": min(0.5, hue),
            "method": method,
            "p": 0.8,
        }
    ]


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("simclr", SimCLRViews)
    registry.add("simclr-small", SimCLRSmallViews)
    registry.add("byol", BYOLViews)
    registry.add("inspection", InspectionViews)
