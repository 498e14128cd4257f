"""Front ends, networks and objectives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from torch import Tensor, nn

from sslkit.types.basics import Component
from sslkit.types.samples import SampleSpec


class FrontEnd(Component, nn.Module):
    """Decoded samples → what the backbone takes. Statistics are buffers and travel with the encoder.

    Args:
        spec: of the decoded samples (run-time fact).
    Attributes:
        out_spec: of what ``forward`` returns.
        range_hz: the lowest and highest frequency that come through; None where nothing is taken away.

    >>> from dataclasses import replace
    >>> import torch
    >>> import sslkit
    >>> class Magnitude(sslkit.FrontEnd):
    ...     "The length of the vector that the channels are."
    ...     def __init__(self, spec: sslkit.SampleSpec) -> None:
    ...         super().__init__()
    ...         self.out_spec = replace(spec, shape=(1, *spec.shape[1:]), channels=())
    ...     def forward(self, x):
    ...         return torch.linalg.vector_norm(x, dim=1, keepdim=True)
    >>> front_end = Magnitude(sslkit.SampleSpec("sensor", (2, 64)))
    >>> front_end.out_spec.shape, front_end(torch.tensor([[[3.0], [4.0]]]))
    ((1, 64), tensor([[[5.]]]))
    """

    kind = "frontend"
    runtime = frozenset({"spec"})
    out_spec: SampleSpec
    range_hz: tuple[float, float] | None = None

    if TYPE_CHECKING:

        def __call__(self, x: Tensor) -> Tensor: ...

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

    >>> import torch
    >>> import sslkit
    >>> class Averages(sslkit.Backbone):
    ...     "A linear layer of each channel's mean."
    ...     sample_ndim = 2
    ...     def __init__(self, shape: tuple[int, ...], width: sslkit.Count = 8) -> None:
    ...         super().__init__()
    ...         self.out_dim = width
    ...         self.layer = torch.nn.Linear(shape[0], width)
    ...     def forward(self, x):
    ...         return self.layer(x.mean(dim=-1))
    >>> Averages(shape=(6, 64))(torch.zeros(4, 6, 64)).shape
    torch.Size([4, 8])
    """

    kind = "backbone"
    runtime = frozenset({"shape"})
    sample_ndim: ClassVar[int]
    out_dim: int

    if TYPE_CHECKING:

        def __call__(self, x: Tensor) -> Tensor: ...

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
    """A projector or predictor: ``(B, in_dim)`` → ``(B, out_dim)``. ``in_dim`` is a run-time fact.

    >>> import torch
    >>> import sslkit
    >>> class Linear(sslkit.Head):
    ...     "One layer."
    ...     def __init__(self, in_dim: int, out_dim: sslkit.Count = 128) -> None:
    ...         super().__init__()
    ...         self.out_dim = out_dim
    ...         self.layer = torch.nn.Linear(in_dim, out_dim)
    ...     def forward(self, x):
    ...         return self.layer(x)
    >>> Linear(in_dim=512)(torch.zeros(4, 512)).shape
    torch.Size([4, 128])
    """

    kind = "head"
    runtime = frozenset({"in_dim"})
    out_dim: int

    if TYPE_CHECKING:

        def __call__(self, x: Tensor) -> Tensor: ...


class Objective(Component, nn.Module):
    """A self-supervised method: owns its backbone, heads and target; knows no optimiser and no modality.

    Args:
        backbone: the online network (run-time fact); the objective keeps it as ``self.backbone``, which is what
            evaluation uses.

    >>> import torch
    >>> import sslkit
    >>> class Attraction(sslkit.Objective):
    ...     "Pulls two views together; with nothing against it, it collapses."
    ...     def __init__(self, backbone: sslkit.Backbone) -> None:
    ...         super().__init__()
    ...         self.backbone = backbone
    ...     def forward(self, views):
    ...         first, second = (self.backbone(view) for view in views)
    ...         return {"loss": (first - second).square().mean()}
    >>> Attraction(torch.nn.Flatten())([torch.zeros(4, 6, 64), torch.full((4, 6, 64), 2.0)])
    {'loss': tensor(4.)}
    """

    kind = "objective"
    runtime = frozenset({"backbone"})
    common: ClassVar = {"label": str}
    n_views: ClassVar[int] = 2
    label: str = ""
    backbone: Backbone

    if TYPE_CHECKING:

        def __call__(self, views: Sequence[Tensor]) -> dict[str, Tensor]: ...

    def forward(self, views: Sequence[Tensor]) -> dict[str, Tensor]:
        """``n_views`` batches ``(B, *shape)`` → ``loss`` (scalar) and other scalars to log."""
        raise NotImplementedError

    def after_step(self, progress: float) -> dict[str, float]:
        """Called after every *optimiser* step with ``progress`` = steps done / all steps in (0, 1].

        Returns scalars to log.
        """
        return {}


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
