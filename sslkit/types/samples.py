"""Samples, data sets and what the program must know of a kind of data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
import torch
from torch import Tensor

from sslkit.types.basics import Component
from sslkit.types.notes import Note

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class SampleSpec:
    """What one sample is.

    Args:
        modality: name of a registered modality: ``image``, ``sensor``, ``audio`` or a plugin's own.
        shape: of one decoded sample, without the batch: ``(C, H, W)``, ``(C, T)`` or ``(T,)``.
        rate_hz: samples per second along the last axis, where there is time.
        channels: names of the channels, empty where unknown.
        scale: what stored values are multiplied with: 1/255 for uint8 images, 1/32768 for int16 sound.
        missing: values may be NaN, which means that there is none.

    >>> import torch
    >>> import sslkit
    >>> spec = sslkit.SampleSpec("image", (1, 2, 2), scale=1 / 255)
    >>> spec.decode(torch.tensor([[[[0, 51], [102, 255]]]], dtype=torch.uint8)).flatten()
    tensor([0.0000, 0.2000, 0.4000, 1.0000])
    """

    modality: str
    shape: tuple[int, ...]
    rate_hz: float | None = None
    channels: tuple[str, ...] = ()
    scale: float = 1.0
    missing: bool = False

    def decode(self, raw: Tensor) -> Tensor:
        """Stored values ``(B, *shape)`` of any dtype → float32 in natural units."""
        return raw.to(torch.float32) * self.scale if self.scale != 1.0 else raw.to(torch.float32)

    def fill(self, x: Tensor) -> Tensor:
        """What a network takes: 0, a standardised channel's mean, where a value is missing."""
        return x.nan_to_num(nan=0.0) if self.missing else x


class Samples(Protocol):
    """Indexable raw samples: in memory, memory-mapped, or decoded when asked for."""

    def __len__(self) -> int: ...

    def __getitem__(self, indices: np.ndarray) -> Tensor:
        """Raw samples ``(len(indices), *shape)`` as stored (uint8, int16 or float32), on the CPU."""
        ...


@dataclass(frozen=True)
class Part:
    """Samples with their labels (int64, -1 where unknown) and, where there are any, groups (int64).

    ``origins`` say where each sample comes from, in columns as long as the part: ``path`` of its file, ``row`` and
    ``second`` where it begins; empty where the source does not say.

    >>> import numpy as np
    >>> import torch
    >>> import sslkit
    >>> part = sslkit.Part(torch.zeros(3, 6, 64), np.array([0, 1, -1]))
    >>> len(part), part.x[np.array([0, 2])].shape
    (3, torch.Size([2, 6, 64]))
    """

    x: Samples
    y: np.ndarray
    groups: np.ndarray | None = None
    origins: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True)
class Dataset:
    """What a data source loads.

    Args:
        spec: of every sample.
        train: samples to train on, and to cut parts from that the source has none of.
        test: the source's own test part, None where it has none.
        class_names: of the labels' numbers.
        notes: what was dropped, converted, guessed or taken as unknown, and what a reader must know (a licence).
        group_names: of the groups' numbers; without them the numbers are the names.
        facts: what was read, label → words: files, rows, seconds used of how many, rates, channels with their range.
        validation: the source's own validation part, None where it is to be cut from ``train``.
        reading: settings of the source by which new samples must be read to be like these, without paths of files.

    >>> import numpy as np
    >>> import torch
    >>> import sslkit
    >>> train = sslkit.Part(torch.zeros(2, 6, 64), np.array([0, 1]), groups=np.array([0, 1]))
    >>> spec = sslkit.SampleSpec("sensor", (6, 64), rate_hz=50.0)
    >>> data = sslkit.Dataset(spec, train, None, ("walk", "run"), group_names=("Ann",))
    >>> data.group_name(0), data.group_name(1)
    ('Ann', 'group 1')
    """

    spec: SampleSpec
    train: Part
    test: Part | None
    class_names: tuple[str, ...]
    notes: tuple[Note, ...] = ()
    group_names: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    validation: Part | None = None
    reading: Mapping[str, Any] = field(default_factory=dict)

    def group_name(self, number: int) -> str:
        """What the source calls a group, else ``group 3``."""
        return self.group_names[number] if number < len(self.group_names) else f"group {number}"


class DataSource(Component):
    """Loads samples, labels and groups.

    >>> import numpy as np
    >>> import torch
    >>> import sslkit
    >>> class Noise(sslkit.DataSource):
    ...     "White noise, soft and loud."
    ...     def __init__(self, samples: sslkit.Count = 8) -> None:
    ...         self.samples = samples
    ...     def load(self):
    ...         y = np.arange(self.samples) % 2
    ...         x = torch.randn(self.samples, 3, 64) * torch.tensor([0.1, 1.0])[y, None, None]
    ...         spec = sslkit.SampleSpec("sensor", (3, 64))
    ...         return sslkit.Dataset(spec, sslkit.Part(x, y), None, ("soft", "loud"))
    >>> data = Noise(samples=4).load()
    >>> len(data.train), data.class_names
    (4, ('soft', 'loud'))
    """

    kind = "data"

    def load(self) -> Dataset:
        """Read everything that is small; raise ``SSLKitError`` on data that cannot be used."""
        raise NotImplementedError

    @classmethod
    def settings_for(cls, path: Path, spec: SampleSpec, reading: Mapping[str, Any]) -> dict[str, Any] | None:
        """Settings by which this source reads new files for an encoder, or None where it does not read such files.

        Args:
            path: a file or a folder, which is there.
            spec: of the samples that the encoder takes.
            reading: ``Dataset.reading`` of the data that it was trained on, where those came from this source.
        """
        return None

    def load_new(self) -> Dataset:
        """As ``load``, for an encoder: all samples in one part, whether or not they have labels and groups."""
        return self.load()


class Modality(Component):
    """What the program needs to know of a kind of data: defaults, handcrafted features, how to show a sample.

    >>> import torch
    >>> import sslkit
    >>> class Spectrum(sslkit.Modality):
    ...     "Absorption over wavelength."
    ...     defaults = {"views": [{"name": "scaling"}], "frontend": "standardise", "backbone": "resnet1d"}
    ...     def handcrafted(self, x, spec):
    ...         return torch.cat([x.mean(-1), x.amax(-1)], dim=1)
    >>> Spectrum().handcrafted(torch.zeros(4, 1, 101), sslkit.SampleSpec("spectrum", (1, 101))).shape
    torch.Size([4, 2])
    """

    kind = "modality"
    defaults: ClassVar[Mapping[str, Any]]  # {"views": …, "frontend": …, "backbone": …}

    def handcrafted(self, x: Tensor, spec: SampleSpec) -> Tensor:
        """Decoded samples ``(B, *shape)`` → the field's simple features ``(B, D)``: the bar to beat."""
        raise NotImplementedError

    def draw(self, axes: Axes, sample: Tensor, spec: SampleSpec) -> None:
        """Draw one sample (decoded, or after the front end where its rank differs) on matplotlib axes."""
        raise NotImplementedError

    def sound(self, sample: Tensor, spec: SampleSpec) -> bytes | None:
        """A WAV file to play the decoded sample, or None where it cannot be heard."""
        return None
