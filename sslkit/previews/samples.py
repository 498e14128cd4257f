"""Which samples of the training part are shown, and which are measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from sslkit.assembly import Prepared
from sslkit.randomness import numpy_generator
from sslkit.types import Part

SHOWN = 4
MOST_MEASURED, FEWEST_MEASURED = 512, 48
MOST_VALUES = 2**23  # of the measured samples together, as stored and after the front end


@dataclass(frozen=True)
class PreviewSamples:
    """Samples on the device.

    Attributes:
        decoded, features: before and after the front end; the first ``shown`` are the ones to show.
        y: their labels, -1 where unknown.
        captions: of the shown ones: class, group, place in the training part.
        others: decoded samples that come before these in time, for augmentations that mix with past ones.
    """

    decoded: Tensor
    features: Tensor
    y: np.ndarray
    captions: list[str]
    others: Tensor

    @property
    def shown(self) -> int:
        return len(self.captions)


def choose_samples(prepared: Prepared, seed: int) -> PreviewSamples:
    """Some samples of different classes and groups to show, and random ones beside them to measure."""
    part, spec = prepared.splits.train, prepared.dataset.spec
    shown = different_samples(part, SHOWN)
    rest = np.setdiff1d(np.arange(len(part)), shown)
    rest = numpy_generator(seed, "preview").permutation(rest)
    labelled = rest[part.y[rest] >= 0]
    values = int(max(np.prod(spec.shape), np.prod(prepared.frontend.out_spec.shape)))
    count = int(np.clip(MOST_VALUES // values, FEWEST_MEASURED, MOST_MEASURED)) - len(shown)
    beside = labelled[:count] if len(labelled) else rest[:count]
    others = np.setdiff1d(rest, beside, assume_unique=True)[: len(shown) + len(beside)]
    index = np.concatenate([shown, beside])
    decoded = spec.decode(part.x[index].to(prepared.device))
    before = spec.decode(part.x[others if len(others) else index].to(prepared.device))
    captions = [_caption(prepared, place) for place in shown]
    return PreviewSamples(decoded, prepared.frontend(decoded), part.y[index], captions, before)


def different_samples(part: Part, count: int) -> np.ndarray:
    """Places of samples of classes spread over all classes, of as many different groups as can be."""
    classes = np.unique(part.y[part.y >= 0])
    if len(classes) < 2:
        return np.unique(np.linspace(0, len(part) - 1, min(count, len(part))).astype(int))
    found: list[int] = []
    for turn in range(count):
        label = classes[
            round(turn * (len(classes) - 1) / (count - 1)) if count <= len(classes) else turn % len(classes)
        ]
        places = np.setdiff1d(np.flatnonzero(part.y == label), found)
        if part.groups is not None:
            unseen = places[~np.isin(part.groups[places], part.groups[found])]
            places = unseen if len(unseen) else places
        found += [int(place) for place in places[:1]]
    return np.array(found)


def _caption(prepared: Prepared, place: int) -> str:
    part, names = prepared.splits.train, prepared.dataset.class_names
    words = [f"class {names[part.y[place]]}"] if part.y[place] >= 0 else []
    words += [prepared.dataset.group_name(part.groups[place])] if part.groups is not None else []
    return " · ".join([*words, f"sample {place}"])
