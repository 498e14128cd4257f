"""Files of one data set with their labels, groups and parts: from class folders, or named by a list (a manifest)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from sslkit.data.labels import Labels, encode_groups, encode_labels
from sslkit.data.reading.text.dialect import Reading
from sslkit.types import Dataset, Note, Part, Samples, SampleSpec

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class ListSettings:
    """What a user may say of a folder or a list.

    Args:
        label, group, path: columns of a list; None: recognised by their names (``list_columns``).
        root: the folder that a list's paths are relative to; None: the list's own, or beside it.
        test_folds: folds that are the test part, of a list's ``fold`` column or of folders ``fold1`` …
        unknown: labels that mean "not labelled"; None: the default list.
        reading: the dialect of a list.
        for_new: for an encoder, which needs the files alone: columns may be missing, folders may be of any kind, and
            all files are one part.
    """

    label: str | None = None
    group: str | None = None
    path: str | None = None
    root: str | None = None
    test_folds: tuple[str, ...] = ()
    unknown: tuple[object, ...] | None = None
    reading: Reading = field(default_factory=Reading)
    for_new: bool = False

    def of_those(self, names: Collection[str]) -> ListSettings:
        """Without columns that a list does not have."""
        label, group, path = (name if name in names else None for name in (self.label, self.group, self.path))
        return replace(self, label=label, group=group, path=path)


@dataclass(frozen=True)
class FileList:
    """Files (or segments of files), each with its label (empty where unknown), its group, and its part.

    ``spans`` are seconds (start, end) in the file, where a list has them.
    """

    where: str
    paths: list[Path]
    labels: list[str]
    groups: list[str] | None
    parts: list[str]
    notes: tuple[Note, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    spans: list[tuple[float, float]] | None = None
    unknown: tuple[object, ...] | None = None

    def chosen(self, rows: Sequence[int]) -> FileList:
        """Some of the files, in that order; a row may come several times."""

        return replace(
            self,
            paths=[self.paths[row] for row in rows],
            labels=[self.labels[row] for row in rows],
            groups=None if self.groups is None else [self.groups[row] for row in rows],
            parts=[self.parts[row] for row in rows],
            spans=None if self.spans is None else [self.spans[row] for row in rows],
        )

    def dataset(
        self,
        spec: SampleSpec,
        samples: Callable[[np.ndarray], Samples],
        seconds: Sequence[float] | None = None,
        reading: Mapping[str, Any] | None = None,
    ) -> Dataset:
        """The data set whose parts' samples are made from the rows of this list that belong to them.

        Args:
            spec: of every sample.
            samples: rows → their samples.
            seconds: where in its file each row's sample begins.
            reading: see ``Dataset``.
        """
        sides = np.array(self.parts)
        rows = {name: np.flatnonzero(sides == name) for name in PARTS}
        rows = {name: index for name, index in rows.items() if len(index) or name == "train"}
        labels = self._labels(list(rows.values()))
        groups: Sequence[np.ndarray | None] = [None] * len(rows)
        group_names: tuple[str, ...] = ()
        notes = (*self.notes, *labels.notes)
        if self.groups is not None:
            columns = [np.array(self.groups)[index] for index in rows.values()]
            groups, group_names, more = encode_groups(columns, f"{self.where}: groups")
            notes += more
        parts = {
            name: Part(samples(index), y, own, self._origins(index, seconds))
            for (name, index), y, own in zip(rows.items(), labels.codes, groups, strict=True)
        }
        return Dataset(
            spec,
            parts["train"],
            parts.get("test"),
            labels.class_names,
            notes,
            group_names,
            self.facts,
            parts.get("validation"),
            reading or {},
        )

    def _origins(self, rows: np.ndarray, seconds: Sequence[float] | None) -> dict[str, np.ndarray]:
        paths = np.array([str(path) for path in self.paths], dtype=object)
        begin = {} if seconds is None else {"second": np.array(seconds, dtype=float)[rows]}
        return {"path": paths[rows], **begin}

    def _labels(self, rows: Sequence[np.ndarray]) -> Labels:
        labels = np.array(self.labels, dtype=str)
        return encode_labels([labels[index] for index in rows], self.where, unknown=self.unknown)
