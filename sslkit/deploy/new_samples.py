"""New samples for an encoder, whoever reads them, and whether they are what it takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from torch import Tensor

from sslkit.errors import SSLKitError
from sslkit.types import Dataset, Note, Part, Samples, SampleSpec

RATE_TOLERANCE = 0.01  # between rates that are the same
SAID = 1e-4  # difference of rates from which on it is said
WHAT_IT_TAKES = {
    "image": "pictures, a folder or list of them",
    "sensor": "tables of recordings (CSV and other text, Parquet, Excel) or a folder of them",
    "audio": "sound files, a folder or list of them",
}


@dataclass(frozen=True)
class NewSamples:
    """Parts by name (all in one, ``train``, unless arrays have several), and what their numbers mean."""

    parts: Mapping[str, Part]
    class_names: tuple[str, ...] = ()
    group_names: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def columns(self) -> dict[str, np.ndarray]:
        """What is known of each sample: origins, ``part`` where there are several, ``label`` and ``group`` by name."""
        parts = list(self.parts.values())
        shared = [name for name in parts[0].origins if all(name in part.origins for part in parts)]
        found = {name: np.concatenate([part.origins[name] for part in parts]) for name in shared}
        if len(parts) > 1:
            found["part"] = np.repeat(list(self.parts), [len(part) for part in parts])
        if self.class_names:
            numbers = np.concatenate([part.y for part in parts])
            found["label"] = np.array([*self.class_names, ""], dtype=str)[numbers]
        if self.group_names and all(part.groups is not None for part in parts):
            numbers = np.concatenate([part.groups for part in parts if part.groups is not None])
            found["group"] = np.array(self.group_names, dtype=str)[numbers]
        return found


class ConvertedSamples:
    """Stored values times a factor, rounded where the encoder was trained on whole numbers."""

    def __init__(self, samples: Samples, factor: float, whole: bool) -> None:
        self._samples, self._factor, self._whole = samples, factor, whole

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, indices: np.ndarray) -> Tensor:
        values = self._samples[indices].float() * self._factor
        return values.round() if self._whole else values


def as_encoder_takes(dataset: Dataset, spec: SampleSpec, where: str, is_sure: bool) -> NewSamples:
    """A data set that a source has read, in the encoder's units.

    Args:
        dataset: all its parts.
        spec: of the samples that the encoder takes.
        where: the files, for messages.
        is_sure: nobody guessed which values are black and white.

    Raises:
        SSLKitError: another modality, shape or rate.
    """
    own = dataset.spec
    if (own.modality, own.shape) != (spec.modality, spec.shape):
        raise SSLKitError(
            f"{where}: {own.modality} samples of shape {own.shape}; the encoder takes {spec.modality} of shape "
            f"{spec.shape}."
        )
    notes = [*dataset.notes, *check_rate(own.rate_hz, spec, where)]
    parts = {"train": dataset.train, "validation": dataset.validation, "test": dataset.test}
    present = {name: part for name, part in parts.items() if part is not None and len(part)}
    if own.scale != spec.scale and spec.modality in ("image", "audio"):
        if spec.scale != 1.0 and not is_sure:
            raise SSLKitError(
                f"{where}: the pictures have more than 8 bits, the encoder was trained on 8. Say which values are "
                "black and white: range=[0,4095], or bits=12."
            )
        whole = spec.scale != 1.0
        present = {
            name: replace(part, x=ConvertedSamples(part.x, own.scale / spec.scale, whole))
            for name, part in present.items()
        }
        what = "values are converted to what the encoder was trained on"
        kinds = ("floats", "whole numbers")
        notes.append(
            Note(what, why=f"they are stored as {kinds[own.scale != 1.0]}, those were {kinds[whole]}")
        )
    return NewSamples(present, dataset.class_names, dataset.group_names, dataset.facts, tuple(notes))


def check_rate(rate: float | None, spec: SampleSpec, where: str) -> tuple[Note, ...]:
    """Rates measured from stamps are never equal to the last digit.

    Raises:
        SSLKitError: another rate than the encoder's.
    """
    if spec.rate_hz is None or spec.modality == "image":
        return ()
    if rate is None:
        return (
            Note(f"nothing says at which rate the samples were taken; the encoder takes {spec.rate_hz:g} Hz"),
        )
    if not math.isclose(rate, spec.rate_hz, rel_tol=RATE_TOLERANCE):
        cure = f"resample_hz={spec.rate_hz:g}" if spec.modality == "sensor" else ""
        how = f"Resample them first (of tables: {cure})." if cure else "Resample them first."
        raise SSLKitError(f"{where}: {rate:g} Hz; the encoder takes {spec.rate_hz:g} Hz. {how}")
    if math.isclose(rate, spec.rate_hz, rel_tol=SAID):
        return ()
    return (Note(f"the rate is {rate:.6g} Hz, taken for the encoder's {spec.rate_hz:g} Hz"),)
