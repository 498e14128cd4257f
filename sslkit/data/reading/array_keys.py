"""What the names of arrays in a file stand for: samples, labels and groups of each part, rate, channels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sslkit.errors import did_you_mean
from sslkit.types import Note

PARTS = {
    "train": ("train", "training"),
    "validation": ("validation", "val", "valid", "dev"),
    "test": ("test",),
}
GROUPS = (
    *(
        "groups",
        "group",
        "subjects",
        "subject",
        "subject_id",
        "persons",
        "person",
        "patients",
        "patient",
        "patient_id",
    ),
    *(
        "machines",
        "machine",
        "speakers",
        "speaker",
        "sessions",
        "session",
        "recordings",
        "recording",
        "participants",
    ),
)
RATES = ("rate_hz", "sr", "fs", "sample_rate", "sampling_rate")
CHANNELS = ("channels", "channel_names")
OTHERS = ("names", "group_names")


@dataclass
class ArrayKeys:
    """Part → its array of samples, labels and groups; other arrays by what they mean; ``notes`` on those not used."""

    samples: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    rate: str | None = None
    channels: str | None = None
    notes: tuple[Note, ...] = ()


def find_keys(present: Collection[str], label: str = "y") -> ArrayKeys:
    """Arrays by meaning.

    Args:
        present: their names.
        label: how labels are called, before the part: ``y`` → ``y_train``.
    """
    keys = ArrayKeys()
    for part, spellings in PARTS.items():
        for meaning, prefixes in (("samples", ("X", "x")), ("labels", (label,)), ("groups", GROUPS)):
            named = [f"{prefix}_{spelling}" for prefix in prefixes for spelling in spellings]
            if part == "train":  # of a file with one part, the part may be left out
                named += list(prefixes) if meaning == "groups" and not _several_parts(present) else []
            found = next((name for name in named if name in present), None)
            if found is not None:
                getattr(keys, meaning)[part] = found
    keys.rate = next((name for name in RATES if name in present), None)
    keys.channels = next((name for name in CHANNELS if name in present), None)
    keys.notes = tuple(_notes(keys, present))
    return keys


def _several_parts(present: Collection[str]) -> bool:
    named = {
        f"X_{spelling}" for part, spellings in PARTS.items() if part != "train" for spelling in spellings
    }
    return not named.isdisjoint(present)


def _notes(keys: ArrayKeys, present: Collection[str]) -> list[Note]:
    found = {
        *keys.samples.values(),
        *keys.labels.values(),
        *keys.groups.values(),
        keys.rate,
        keys.channels,
        *OTHERS,
    }
    notes = []
    others = sorted({name.rsplit("_", 1)[0] for name in keys.groups.values()} - {"groups"})
    if others:
        cure = "Call them groups_train … if that is right, and leave them out if not."
        notes.append(
            Note(
                "arrays are taken for groups", len(keys.groups), None, tuple(keys.groups.values()), cure=cure
            )
        )
    unused = tuple(name for name in present if name not in found)
    if unused:
        known = [f"{meaning}_{part}" for meaning in ("X", "y", "groups") for part in PARTS] + [
            *RATES,
            *CHANNELS,
            *OTHERS,
        ]
        near = [
            f"{name} ({hint})" for name in unused if (hint := did_you_mean(name, known)).startswith("Did")
        ]
        cure = f"Rename what is meant: {'; '.join(near[:4])}" if near else ""
        looks = any(name.casefold().startswith(GROUPS) for name in unused)
        notes.append(Note("arrays are not used", len(unused), len(present), unused, cure=cure, warning=looks))
    return notes
