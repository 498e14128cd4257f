"""Groups of channels, named in a config by their names or indices."""

from __future__ import annotations

from dataclasses import replace

from sslkit.errors import SSLKitError, did_you_mean
from sslkit.types import SampleSpec


class ChannelGroups:
    """Groups of channels that share none, e.g. ``[[acc_x, acc_y, acc_z], [3, 4, 5]]``.

    Args:
        owner: the augmentation's name, for messages.
        groups: names or indices of channels.

    Raises:
        SSLKitError: no groups or an empty one.
    """

    def __init__(self, owner: str, groups: list[list[int | str]]) -> None:
        if not groups or not all(groups):
            raise SSLKitError(f"{owner}: every group names at least one channel, found groups {groups}.")
        self.owner, self.groups = owner, groups
        self._names: tuple[str, ...] = ()

    def resolve(self, spec: SampleSpec) -> list[list[int]]:
        """The groups' indices in such samples, whose names are kept for ``indices``.

        Raises:
            SSLKitError: a channel that is not there, or stands in two places.
        """
        self._names = spec.channels
        return self.indices(spec.shape[0])

    def indices(self, channels: int) -> list[list[int]]:
        """The groups' indices in samples of so many channels."""
        resolved = [[self._index(channel, channels) for channel in group] for group in self.groups]
        flat = [index for group in resolved for index in group]
        if len(set(flat)) < len(flat):
            raise SSLKitError(f"{self.owner}: a channel stands in two places in groups {self.groups}.")
        return resolved

    def _index(self, channel: int | str, channels: int) -> int:
        if isinstance(channel, str):
            if channel not in self._names:
                known = did_you_mean(channel, self._names)
                advice = known if self._names else "They have no names: use indices."
                raise SSLKitError(f"{self.owner}: the data have no channel '{channel}'. {advice}")
            return self._names.index(channel)
        if not 0 <= channel < channels:
            raise SSLKitError(f"{self.owner}: there is no channel {channel}; the data have 0…{channels - 1}.")
        return channel


def part_of(spec: SampleSpec, indices: list[int]) -> SampleSpec:
    """The spec of samples that hold only the channels ``indices`` of ``spec``'s."""
    names = tuple(spec.channels[index] for index in indices) if spec.channels else ()
    return replace(spec, shape=(len(indices), *spec.shape[1:]), channels=names)
