"""Augmentations made of augmentations."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.names import augmentation_name
from sslkit.augment.sensors.channels import ChannelGroups, part_of
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Augmentation, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Composite(Augmentation):
    """Holds members of one stage, asks all of them whether they take the samples, and keeps their state."""

    neutral = None  # strength is the members' matter

    def __init__(self, augmentations: list[Augmentation]) -> None:
        stages = {member.stage for member in augmentations}
        if len(stages) > 1:
            names = ", ".join(f"{augmentation_name(member)} ({member.stage})" for member in augmentations)
            raise SSLKitError(
                f"{augmentation_name(self)}: some augmentations work on raw samples and others on features: "
                f"{names}. Put those of each stage in a group of their own."
            )
        self.stage = stages.pop() if stages else "raw"
        self.augmentations = augmentations

    def check(self, spec: SampleSpec) -> None:
        for member in self.augmentations:
            if member.modalities and spec.modality not in member.modalities:
                raise SSLKitError(
                    f"{augmentation_name(self)}: {augmentation_name(member)} takes "
                    f"{' or '.join(member.modalities)} samples; these are {spec.modality} samples."
                )
            member.check(spec)

    def state(self) -> dict[str, Tensor]:
        return {
            f"{number}.{name}": tensor
            for number, member in enumerate(self.augmentations)
            for name, tensor in member.state().items()
        }

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        for number, member in enumerate(self.augmentations):
            prefix = f"{number}."
            member.load_state({k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)})


class Sequence(Composite):
    """Augmentations one after the other, as one: all or none of them with probability p.

    Args:
        augmentations: in order, all of one stage.

    Raises:
        SSLKitError: members of different stages.
    """

    def __init__(self, augmentations: list[Augmentation]) -> None:
        super().__init__(augmentations)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        for member in self.augmentations:
            x = member(x, generator)
        return x


class OneOf(Composite):
    """One of several augmentations for each sample, each as likely.

    Args:
        augmentations: to choose from, all of one stage.

    Raises:
        SSLKitError: members of different stages.
    """

    def __init__(self, augmentations: list[Augmentation]) -> None:
        super().__init__(augmentations)

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Numbers of members: int64 ``(B,)``."""
        return torch.randint(len(self.augmentations), (batch,), generator=generator, device=generator.device)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return self._apply_each(x, self.draw(len(x), generator), generator)

    def _apply_each(self, x: Tensor, choice: Tensor, generator: torch.Generator) -> Tensor:
        """Member ``choice[b]`` applied to sample b."""
        result = x.clone()
        for number, member in enumerate(self.augmentations):
            chosen = choice == number
            if x.device.type != "cpu":  # a dense choice costs less than waiting for the device
                result = torch.where(chosen.view(-1, *[1] * (x.ndim - 1)), member(x, generator), result)
            elif chosen.any():
                index = chosen.nonzero().squeeze(1)
                result.index_copy_(0, index, member(x.index_select(0, index), generator))
        return result


class RandomOrder(OneOf):
    """All augmentations, in an order of its own for each sample. K of them cost K times as much on a GPU.

    Args:
        augmentations: to apply, all of one stage.

    Raises:
        SSLKitError: members of different stages.
    """

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Orders: int64 ``(B, K)``."""
        keys = torch.rand(batch, len(self.augmentations), generator=generator, device=generator.device)
        return keys.argsort(1)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        for choice in self.draw(len(x), generator).unbind(1):
            x = self._apply_each(x, choice, generator)
        return x


class OnChannels(Composite):
    """Augmentations of named groups of a sensor's channels only; each group gets draws of its own.

    ``{name: on-channels, groups: [[acc_x, acc_y, acc_z], [gyro_x, gyro_y, gyro_z]], augmentations: [jitter]}``.
    The members see windows of one group's channels at a time. Channels in no group stay as they are.

    Args:
        groups: names or indices of channels.
        augmentations: in order, all of one stage.

    Raises:
        SSLKitError: groups that are empty, overlap or name missing channels; members of different stages.
    """

    modalities = ("sensor",)

    def __init__(self, groups: list[list[int | str]], augmentations: list[Augmentation]) -> None:
        self.groups = ChannelGroups("on-channels", groups)
        super().__init__([Sequence(copy.deepcopy(augmentations)) for _ in groups])

    def check(self, spec: SampleSpec) -> None:
        for member, indices in zip(self.augmentations, self.groups.resolve(spec), strict=True):
            member.check(part_of(spec, indices))

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        result = x.clone()
        for member, indices in zip(self.augmentations, self.groups.indices(x.shape[1]), strict=True):
            index = torch.tensor(indices, device=x.device)
            result.index_copy_(1, index, member(x.index_select(1, index), generator))
        return result


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("sequence", Sequence)
    registry.add("one-of", OneOf)
    registry.add("random-order", RandomOrder)
    registry.add("on-channels", OnChannels)
