"""Each augmentation of the pipelines by itself, at several strengths, applied to every sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sslkit.assembly.strength import at_strength
from sslkit.registry import REQUIRED, Entry, Registry
from sslkit.types import Augmentation, ComponentSpec

STRENGTHS = (0.5, 1.0, 2.0)
Wrap = Callable[[ComponentSpec], ComponentSpec]


@dataclass
class PreviewedAugmentation:
    """One augmentation of the pipelines.

    Attributes:
        entry, spec: what it is, as configured.
        wrap: puts it back into what it stands in (a choice, a group of channels) by itself.
        inside: names of these.
        uses: in which views, and with what probability there.
    """

    entry: Entry
    spec: ComponentSpec
    wrap: Wrap
    inside: tuple[str, ...]
    uses: list[tuple[int, float]] = field(default_factory=list)

    @property
    def is_all_or_nothing(self) -> bool:
        """A flip: strength only makes it more frequent."""
        component: type[Augmentation] = self.entry.component  # type: ignore[assignment]
        return component.neutral is not None and not component.neutral

    @property
    def settings(self) -> dict[str, Any]:
        """All of them but ``p``, defaults filled in."""
        return _complete(self.entry, self.spec)


@dataclass(frozen=True)
class ScaledAugmentation:
    """An augmentation at one strength, or at several that make no difference; ``changed`` are the settings it moves."""

    strengths: tuple[float, ...]
    spec: ComponentSpec
    changed: dict[str, Any]


def previewed_augmentations(
    registry: Registry, pipelines: Sequence[Sequence[ComponentSpec]]
) -> list[PreviewedAugmentation]:
    """Every augmentation once, however many views use it with the same settings."""
    found: list[PreviewedAugmentation] = []
    for view, pipeline in enumerate(pipelines, start=1):
        for top in pipeline:
            for spec, wrap, inside in _leaves(top):
                entry = registry.entry("augmentation", spec.name)
                new = PreviewedAugmentation(entry, spec, wrap, inside)
                key = (entry, inside, new.settings)
                own = next((item for item in found if (item.entry, item.inside, item.settings) == key), None)
                if own is None:
                    found.append(own := new)
                own.uses.append((view, spec.settings.get("p", getattr(entry.component, "p", 1.0))))
    return found


def scaled_augmentations(registry: Registry, augmentation: PreviewedAugmentation) -> list[ScaledAugmentation]:
    """The augmentation at each strength, applied to every sample."""
    found: list[ScaledAugmentation] = []
    for strength in STRENGTHS:
        scaled = at_strength(registry, augmentation.spec, strength)
        if scaled is None:
            continue
        values = _complete(augmentation.entry, scaled)
        if found and _complete(augmentation.entry, found[-1].spec) == values:
            found[-1] = ScaledAugmentation(
                (*found[-1].strengths, strength), found[-1].spec, found[-1].changed
            )
        else:
            found.append(ScaledAugmentation((strength,), _always(scaled), values))
    moved = {name for one in found for name in one.changed if one.changed[name] != found[0].changed[name]}
    return [
        ScaledAugmentation(
            one.strengths, one.spec, {name: one.changed[name] for name in one.changed if name in moved}
        )
        for one in found
    ]


def _always(spec: ComponentSpec) -> ComponentSpec:
    return ComponentSpec(spec.kind, spec.name, {**spec.settings, "p": 1.0})


def _leaves(spec: ComponentSpec) -> Iterator[tuple[ComponentSpec, Wrap, tuple[str, ...]]]:
    """The augmentation itself, or those that a composite is made of."""
    lists = {
        name: value
        for name, value in spec.settings.items()
        if isinstance(value, list) and any(isinstance(item, ComponentSpec) for item in value)
    }
    if not lists:
        yield spec, lambda inner: inner, ()
    for name, items in lists.items():
        for item in items:
            for inner, wrap, inside in _leaves(item):

                def wrap_again(leaf: ComponentSpec, name: str = name, wrap: Wrap = wrap) -> ComponentSpec:
                    return ComponentSpec(
                        spec.kind, spec.name, {**spec.settings, name: [wrap(leaf)], "p": 1.0}
                    )

                yield inner, wrap_again, (spec.name, *inside)


def _complete(entry: Entry, spec: ComponentSpec) -> dict[str, Any]:
    values = {name: spec.settings.get(name, setting.default) for name, setting in entry.settings.items()}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if name != "p" and value is not REQUIRED
    }
