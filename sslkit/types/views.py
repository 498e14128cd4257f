"""What makes views of samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

import torch
from torch import Tensor

from sslkit.types.basics import Component, NonNegative, Probability
from sslkit.types.samples import SampleSpec


class Augmentation(Component):
    """A random change of a batch on its device, with fresh parameters for every sample.

    Subclasses write ``apply``. A class may set ``p``, the default probability *per sample*; a config
    may override it for any augmentation (``{name: blur, p: 0.5}``). ``stage`` says where in a view's pipeline
    it belongs: ``raw`` runs on decoded samples before the front end, ``features`` after it. ``modalities``
    lists what it can take (empty: anything).

    ``apply`` gets and returns float32 (or bfloat16) ``(B, *shape)``, must not write into its input, and draws from
    ``generator`` only. Images are in 0…1 and stay there. State that outlives a batch (a bank of past samples)
    goes through ``state`` and ``load_state``, so that a resumed run goes on bit for bit.

    ``neutral`` holds, for the settings that make the change strong, the values at which it changes nothing:
    ``{"sigma": 0.0}``, ``{"scale": (1.0, 1.0)}``. A pipeline's ``strength`` moves each of them from there (0) to
    the configured value (1) and beyond, within the bounds of the setting's annotation. Where it is empty (a
    flip), ``strength`` scales ``p``; where it is None (a normalisation), ``strength`` is nothing to it.

    A missing value of a sensor window is NaN. It stays where its moment goes (resampling moves it along) and
    never spreads to others; views put 0, the channel's mean, in its place at their end.

    >>> import torch
    >>> import sslkit
    >>> class Invert(sslkit.Augmentation):
    ...     "The negative of a picture."
    ...     modalities = ("image",)
    ...     p = 0.5
    ...     def apply(self, x, generator):
    ...         return 1 - x
    >>> pictures = torch.zeros(1000, 1, 2, 2)
    >>> inverted = Invert()(pictures, torch.Generator().manual_seed(0)).mean().item()
    >>> round(inverted, 1)
    0.5
    """

    kind = "augmentation"
    common: ClassVar = {"p": Probability}
    neutral: ClassVar[Mapping[str, Any] | None] = {}
    modalities: ClassVar[tuple[str, ...]] = ()
    stage: str = "raw"
    p: float = 1.0

    def check(self, spec: SampleSpec) -> None:
        """Raise ``SSLKitError`` if samples like this cannot be taken.

        Called once, before the first batch: what an augmentation needs of the samples (their rate, the
        channels' names) it may keep from here.
        """

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """``(B, *shape)`` → ``(B, *shape)``, every sample changed."""
        raise NotImplementedError

    def __call__(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Apply to each sample with probability ``p``; the others pass unchanged."""
        if self.p >= 1.0:
            return self.apply(x, generator)
        chosen = torch.rand(len(x), generator=generator, device=x.device) < self.p
        if x.device.type != "cpu":  # a dense choice costs less than waiting for the device
            return torch.where(chosen.view(-1, *[1] * (x.ndim - 1)), self.apply(x, generator), x)
        index = chosen.nonzero().squeeze(1)
        return (
            x if len(index) == 0 else x.index_copy(0, index, self.apply(x.index_select(0, index), generator))
        )

    @classmethod
    def at_strength(cls, settings: Mapping[str, Any], strength: float) -> dict[str, Any]:
        """All settings (``p`` too, defaults filled in) → those that change with the strength, before bounds are kept.

        The default follows ``neutral``; write another where a setting is no linear measure (decibels).
        """
        if cls.neutral is None:
            return {}
        if not cls.neutral:
            return {"p": settings["p"] * strength}
        return {name: _between(zero, settings[name], strength) for name, zero in cls.neutral.items()}

    def state(self) -> dict[str, Tensor]:
        """Tensors that outlive a batch; empty for all but a few."""
        return {}

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Restore what ``state`` returned."""


class Recipe(Component):
    """A named set of view pipelines with a paper's values.

    A config may take one and change a part of it: ``strength`` scales all of it; ``change`` gives the settings
    of some of its augmentations other values (``{gaussian-blur: {p: 0.5}}``), or leaves one out
    (``{solarize: null}``), in every view; ``add`` puts augmentations at the end of every view.

    >>> import sslkit
    >>> class Gentle(sslkit.Recipe):
    ...     "Little noise on one view, none on the other."
    ...     modalities = ("sensor",)
    ...     def pipelines(self, spec):
    ...         return [[{"name": "jitter", "sigma": 0.01}], []]
    >>> len(Gentle().pipelines(sslkit.SampleSpec("sensor", (6, 64))))
    2
    """

    kind = "recipe"
    common: ClassVar = {
        "strength": NonNegative,
        "change": dict[str, dict[str, Any] | None],
        "add": list[str | dict[str, Any]],
    }
    strength: float = 1.0
    change: Mapping[str, Mapping[str, Any] | None] = MappingProxyType({})
    add: Sequence[Any] = ()
    modalities: ClassVar[tuple[str, ...]] = ()

    def pipelines(self, spec: SampleSpec) -> list[list[dict[str, Any]]]:
        """One pipeline of augmentation specs (``{"name": …, setting: …}``) shared by all views, or one a view."""
        raise NotImplementedError


def _between(zero: Any, one: Any, strength: float) -> Any:
    """``zero`` at strength 0, ``one`` at 1, the line through them beyond; whole numbers stay whole."""
    if isinstance(zero, list | tuple):
        return tuple(_between(a, b, strength) for a, b in zip(zero, one, strict=True))
    value = zero + strength * (one - zero)
    return round(value) if isinstance(zero, int) else value
