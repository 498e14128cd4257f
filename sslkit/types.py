"""What components agree on: the sample's description and one base class for each kind.

A component's constructor *is* its schema: parameters are the settings a config may give, annotations
(also ``Annotated[float, Field(gt=0)]``) are checked before any work starts, and the names in the kind's
``runtime`` are facts that only the program knows and a config may not set. ``common`` are settings that
every component of the kind takes without declaring them.

Shapes are written ``(B, *shape)``: a batch of ``B`` samples. Images are ``(C, H, W)``, sensor windows
``(C, T)``, audio clips ``(T,)`` and log-mel spectrograms ``(1, F, T)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Protocol, TypeVar

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

T = TypeVar("T")
Factory = Callable[
    ..., T
]  # a setting annotated Factory[Head] takes a component spec, and gets its constructor

Probability = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]


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
    """Samples with their labels (int64, -1 where unknown) and, where there are any, groups (int64)."""

    x: Samples
    y: np.ndarray
    groups: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True)
class Dataset:
    """What a data source loads. ``test`` is None where the source has no split of its own."""

    spec: SampleSpec
    train: Part
    test: Part | None
    class_names: tuple[str, ...]
    notes: tuple[str, ...] = ()  # said to the user and in the report: licence, synthetic, group-wise split …
    group_names: tuple[str, ...] = ()  # of the groups' numbers; without them the numbers are the names

    def group_name(self, number: int) -> str:
        """What the source calls a group, else ``group 3``."""
        return self.group_names[number] if number < len(self.group_names) else f"group {number}"


class Component:
    """Base of every kind."""

    kind: ClassVar[str]
    runtime: ClassVar[frozenset[str]] = frozenset()
    common: ClassVar[Mapping[str, Any]] = {}


class DataSource(Component):
    """Loads samples, labels and groups."""

    kind = "data"

    def load(self) -> Dataset:
        """Read everything that is small; raise ``SSLKitError`` on data that cannot be used."""
        raise NotImplementedError


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


class FrontEnd(Component, nn.Module):
    """Decoded samples → what the backbone takes. Statistics are buffers and travel with the encoder.

    Args:
        spec: of the decoded samples (run-time fact).
    Attributes:
        out_spec: of what ``forward`` returns.
    """

    kind = "frontend"
    runtime = frozenset({"spec"})
    out_spec: SampleSpec

    def fit(self, batches: Iterable[Tensor]) -> None:
        """Learn statistics from decoded batches ``(B, *shape)`` of the *training part* only."""

    def forward(self, x: Tensor) -> Tensor:
        """``(B, *spec.shape)`` → ``(B, *out_spec.shape)``."""
        raise NotImplementedError


class Backbone(Component, nn.Module):
    """The encoder network.

    Args:
        shape: of one sample after the front end (run-time fact): any number of channels, odd lengths too.
    Attributes:
        sample_ndim: the number of axes of a sample it takes: 3 for images and spectrograms, 2 for signals.
        out_dim: the width of what ``forward`` returns.
    """

    kind = "backbone"
    runtime = frozenset({"shape"})
    sample_ndim: ClassVar[int]
    out_dim: int

    def forward(self, x: Tensor) -> Tensor:
        """``(B, *shape)`` → ``(B, out_dim)``."""
        raise NotImplementedError

    def ordered_blocks(self) -> list[nn.Module]:
        """What fine-tuning freezes, unfreezes and gives a learning rate of its own, from the input to the output.

        By default the children that hold parameters, in the order of their definition: containers
        (``Sequential``, ``ModuleList``, ``ModuleDict``) of modules that have children are taken apart, a
        backbone that only wraps one module is that module, and a child whose parameters are all vectors
        (a norm) belongs to the block before it. Override it where the order of definition is not that of
        ``forward``. Parameters that no block holds (a class token, positions) belong to the first.
        """
        found: list[list[nn.Module]] = []
        for child in _ordered_children(self):
            if found and (_only_vectors(child) or all(map(_only_vectors, found[-1]))):
                found[-1].append(child)
            else:
                found.append([child])
        return [nn.ModuleList(some) if len(some) > 1 else some[0] for some in found]


class Head(Component, nn.Module):
    """A projector or predictor: ``(B, in_dim)`` → ``(B, out_dim)``. ``in_dim`` is a run-time fact."""

    kind = "head"
    runtime = frozenset({"in_dim"})
    out_dim: int


class Objective(Component, nn.Module):
    """A self-supervised method: owns its backbone, heads and target; knows no optimiser and no modality.

    Args:
        backbone: the online network (run-time fact); the objective keeps it as ``self.backbone``, which is what
            evaluation uses.
    """

    kind = "objective"
    runtime = frozenset({"backbone"})
    common: ClassVar = {"label": str}
    n_views: ClassVar[int] = 2
    label: str = ""
    backbone: Backbone

    def forward(self, views: Sequence[Tensor]) -> dict[str, Tensor]:
        """``n_views`` batches ``(B, *shape)`` → ``loss`` (scalar) and other scalars to log."""
        raise NotImplementedError

    def after_step(self, progress: float) -> dict[str, float]:
        """Called after every *optimiser* step with ``progress`` = steps done / all steps in (0, 1].

        Returns scalars to log.
        """
        return {}


class Optimizer(Component):
    """Settings of an optimiser and the way to make one.

    ``typical`` is the range in which its effective learning rate usually lies; outside it the user is warned.
    """

    kind = "optimizer"
    typical: ClassVar[tuple[float, float]]
    learning_rate: float

    def effective_learning_rate(self, batch_size: int) -> float:
        """The peak rate after scaling with the batch size."""
        raise NotImplementedError

    def build(self, module: nn.Module, batch_size: int) -> torch.optim.Optimizer:
        """An optimiser of the module's trainable parameters, biases and norms in a group of their own."""
        raise NotImplementedError


class Schedule(Component):
    """The learning rate's course."""

    kind = "schedule"

    def factor(self, step: int, total_steps: int) -> float:
        """What the peak rate is multiplied with at ``step`` (0-based, the step about to be taken)."""
        raise NotImplementedError


@dataclass(frozen=True)
class Labelled:
    """Frozen features ``(N, D)`` float32 with labels ``(N,)`` and, where labels are drawn by group, groups ``(N,)``."""

    features: np.ndarray
    labels: np.ndarray
    groups: np.ndarray | None = None


class Evaluator(Component):
    """Judges frozen features: fits on ``train``, chooses its settings on ``validation``, predicts ``test``.

    ``label`` is its name in the results, where a config has several of one kind.
    """

    kind = "evaluator"
    common: ClassVar = {"label": str}
    label: str = ""

    def predict(self, train: Labelled, validation: Labelled, test: np.ndarray, n_classes: int) -> np.ndarray:
        """Class scores ``(len(test), n_classes)``, the highest wins. Labels are 0 … n_classes - 1."""
        raise NotImplementedError


@dataclass(frozen=True)
class LabelTask:
    """One draw of labels, for an evaluator that trains the network itself.

    Attributes:
        start: a new copy of the backbone on the device, in the state that is judged; the caller's to change.
        train, validation: the labelled samples that may be seen, to fit and to choose by.
        test: samples to answer for; their labels are not given.
        features: a raw batch on the device → what the backbone takes, unchanged by chance.
        views: new augmentations, as a function (raw batch on the device, step) → what the backbone takes.
        n_classes: labels are 0 … n_classes - 1.
        seed: of the run.
        draw: number of the draw of labels.
        device: of the backbone.
        channels_last: whether batches of images are trained in that memory format.
    """

    start: Callable[[], Backbone]
    train: Part
    validation: Part
    test: Samples
    features: Callable[[Tensor], Tensor]
    views: Callable[[], Callable[[Tensor, int], Tensor]]
    n_classes: int
    seed: int
    draw: int
    device: torch.device
    channels_last: bool = False


class NetworkEvaluator(Component):
    """Judges an encoder by what becomes of it when it is trained on with the labels.

    An evaluator like any other in a config; it gets the network instead of its features, as copies: the encoder
    that is judged stays as it is. Methods without a network (handcrafted features) have no such figures.
    """

    kind = "evaluator"
    common: ClassVar = {"label": str}
    label: str = ""

    def predict(self, task: LabelTask) -> np.ndarray:
        """Class scores ``(len(task.test), n_classes)``, the highest wins."""
        raise NotImplementedError


class Baseline(Component):
    """A bar in the same table, at the same labels.

    ``reads`` names the parts of a config besides data, splits and evaluation that its figures depend on; where a
    grid varies others only, it is run once for all points. None: all of them.
    """

    kind = "baseline"
    common: ClassVar = {"label": str}
    label: str = ""
    reads: ClassVar[tuple[str, ...] | None] = None

    def check(self, prepared: Any) -> None:
        """Raise where it cannot be used with these data; asked before anything is trained."""

    def run(
        self, prepared: Any, seed: int, report: Callable[[int, int, str], None]
    ) -> Sequence[Mapping[str, Any]]:
        """Rows ``{evaluator, labels_per_class, draw, metric, value}``.

        Args:
            prepared: the experiment's data, parts, front end and builders (``sslkit.build.Prepared``).
            seed: gives the same initial backbone and label draws as the objectives have under it.
            report: told how far it is (done, in all, words).
        """
        raise NotImplementedError


class Modality(Component):
    """What the program needs to know of a kind of data: defaults, handcrafted features, how to show a sample."""

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


@dataclass(frozen=True)
class ComponentSpec:
    """A checked ``{name: …, setting: …}``. Settings hold plain values, nested specs, or lists of either."""

    kind: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """Back to what a YAML file would say."""
        return {"name": self.name, **{key: _plain(value) for key, value in self.settings.items()}}


def _between(zero: Any, one: Any, strength: float) -> Any:
    """``zero`` at strength 0, ``one`` at 1, the line through them beyond; whole numbers stay whole."""
    if isinstance(zero, list | tuple):
        return tuple(_between(a, b, strength) for a, b in zip(zero, one, strict=True))
    value = zero + strength * (one - zero)
    return round(value) if isinstance(zero, int) else value


_CONTAINERS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)


def _children(module: nn.Module) -> list[nn.Module]:
    return [child for child in module.children() if next(child.parameters(), None) is not None]


def _ordered_children(module: nn.Module) -> list[nn.Module]:
    """Children with parameters, of the module or of the one that it wraps; containers of modules are taken apart."""
    children = _children(module)
    while len(children) == 1 and _children(children[0]):
        children = _children(children[0])
    return [part for child in children for part in _apart(child)]


def _apart(module: nn.Module) -> list[nn.Module]:
    inner = _children(module)
    if isinstance(module, _CONTAINERS) and any(map(_children, inner)):
        return [part for child in inner for part in _apart(child)]
    return [module]


def _only_vectors(module: nn.Module) -> bool:
    return all(parameter.ndim <= 1 for parameter in module.parameters())


def _plain(value: Any) -> Any:
    if isinstance(value, ComponentSpec):
        return value.to_plain()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
