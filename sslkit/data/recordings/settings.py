"""What a user says of tables of recordings, in one place for all that work on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict
from typing_extensions import TypedDict

from sslkit.data.quality import Missing
from sslkit.data.reading.text.dialect import Reading
from sslkit.data.tables.stamp_units import TimeUnit
from sslkit.foreign import given_path

Short = Literal["drop", "pad", "majority"]


class Events(TypedDict, total=False):
    """A table of events, and the names of its columns where they are not the usual ones (setting ``events``)."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    path: str
    start: str
    end: str
    duration: str  # in seconds, instead of an end
    label: str
    recording: str  # a recording's name, or a file's


@dataclass(frozen=True)
class Settings:
    """As ``SensorTable`` takes them, with defaults filled in; see there."""

    path: str
    channels: tuple[str, ...]
    length: int
    stride: int
    rate_hz: float | None = None
    time: tuple[str, ...] = ()
    label: str | None = None
    group: str | None = None
    recording: str | None = None
    missing: Missing = "error"
    constant_channels: Literal["error", "keep"] = "error"
    unknown: list[str | int | float] | None = None
    split: str | None = None
    validation_path: str | None = None
    test_path: str | None = None
    events: Events | None = None
    reading: Reading = field(default_factory=lambda: Reading())
    time_unit: TimeUnit | None = None
    day_first: bool | None = None
    max_gap: float | None = None
    resample_hz: float | None = None
    short: Short = "drop"
    subtract: Mapping[str, float] = field(default_factory=dict)
    for_new: bool = False  # for an encoder, which needs the channels only

    @property
    def columns(self) -> list[str]:
        """All that is read of a table."""
        return list(dict.fromkeys([*self.channels, *self.time, *self._single]))

    @property
    def optional(self) -> list[str]:
        """Those of the columns that may be missing."""
        return [*self.time, *self._single] if self.for_new else []

    @property
    def _single(self) -> list[str]:
        single = (self.label, self.group, self.recording, self.split)
        return [name for name in single if name is not None]

    def without(self, absent: Collection[str]) -> Settings:
        """Without the columns that no table has."""

        def kept(name: str | None) -> str | None:
            return None if name in absent else name

        time = () if set(self.time) & set(absent) else self.time
        label, group, recording = kept(self.label), kept(self.group), kept(self.recording)
        return replace(self, time=time, label=label, group=group, recording=recording)

    @property
    def time_name(self) -> str:
        return " ".join(self.time)

    @property
    def root(self) -> Path:
        return given_path(self.path)
