"""Training, validation and test parts: by group where there are groups, stratified by class otherwise."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

import numpy as np

from sslkit.data.identifiers import different_values
from sslkit.data.labels import UNKNOWN
from sslkit.data.samples import FileSamples, subset
from sslkit.errors import SSLKitError
from sslkit.randomness import numpy_generator
from sslkit.types import Dataset, Note, Part, Samples

FINGERPRINT_BYTES = 1024**3
CHUNK = 1024


@dataclass(frozen=True)
class Splits:
    """The three parts.

    ``by`` is the rule: ``group``, ``class``, ``chance`` where there are neither groups nor labels, or ``order`` where
    nothing is held out for a test (``split_for_training``). ``indices`` are the rows of the source's training part (of
    its own validation or test part, where it has one) in the parts' order.
    """

    train: Part
    validation: Part
    test: Part
    by: str
    indices: tuple[np.ndarray, np.ndarray, np.ndarray] = field(repr=False)
    notes: tuple[Note, ...] = ()

    def digest(self) -> str:
        """A hash of which sample is in which part."""
        digest = hashlib.sha256()
        for index in self.indices:
            digest.update(
                len(index).to_bytes(8, "little") + np.ascontiguousarray(index, dtype="<i8").tobytes()
            )
        return digest.hexdigest()


def split(
    dataset: Dataset,
    validation: float = 0.15,
    test: float = 0.2,
    seed: int = 0,
    most: int | None = None,
) -> Splits:
    """Cut a validation and a test part from the training part where the source has none of its own.

    No group is on two sides of a cut. Samples without a label (-1) are never cut off for evaluation: they
    stay in training or, where their group is held out, are left out altogether. In a data set without any
    label, all samples are cut alike.

    Args:
        dataset: as loaded.
        validation: fraction of the training samples; not used where the source has a validation part.
        test: fraction of all samples, cut first; not used where the source has a test part.
        seed: of the draw.
        most: samples of training and validation together, drawn by chance; the test part stays whole, and fewer
            samples are among more. None: all.

    Raises:
        SSLKitError: one class only, or too few samples or groups to cut.
    """
    part = dataset.train
    own = {"test": dataset.test, "validation": dataset.validation}
    cuts = [
        (name, share) for name, share in (("test", test), ("validation", validation)) if own[name] is None
    ]
    by = "group" if part.groups is not None else "class" if (part.y >= 0).any() else "chance"
    _check(dataset, by, ("training", *(name for name, _ in reversed(cuts))))
    rest = np.arange(len(part))
    held: dict[str, np.ndarray] = {}
    dropped = 0
    for name, fraction in cuts:
        if name == "validation" and most is not None:
            rest = _at_most(most, rest, seed)
            _check(replace(dataset, train=subset(part, rest)), by, ("training", "validation"))
        chosen = _choose(part, rest, by, fraction, numpy_generator(seed, "split", name))
        keep = chosen if not (part.y >= 0).any() else chosen & (part.y[rest] >= 0)
        dropped += int(chosen.sum() - keep.sum())
        held[name] = rest[keep]
        rest = rest[~chosen]
    if dataset.validation is not None and most is not None:
        rest = _at_most(most, rest, seed)
    notes = []
    if dropped:
        notes = [
            Note("samples without a label are left out", dropped, len(part), why="their groups are held out")
        ]
    judged = {name: subset(part, index) for name, index in held.items()}
    for name, given in own.items():
        if given is not None:
            judged[name], held[name], said = _official(given, name)
            notes += said
    parts = (subset(part, rest), judged["validation"], judged["test"])
    notes += _absent_classes(dataset, parts)
    return Splits(*parts, by, (rest, held["validation"], held["test"]), tuple(notes))


def split_for_training(
    dataset: Dataset,
    validation: float = 0.15,
    test: float = 0.2,
    seed: int = 0,
    most: int | None = None,
) -> Splits:
    """As ``split`` where that can be done; else without a test part, for training that nobody judges.

    Pre-training needs neither labels, groups nor a test part. What is watched during training (collapse figures) then
    comes from the end of the training part, the last ``validation`` of it, in the source's order.
    """
    try:
        return split(dataset, validation, test, seed, most)
    except SSLKitError as error:
        reason = str(error)
    part, count = dataset.train, len(dataset.train)
    if count < 2:
        raise SSLKitError(f"{count} sample(s) are too few to train on. Add samples.")
    rest = np.arange(count)
    first = min(count - 1, max(1, round(count * (1 - validation))))
    train = _at_most(most, rest[:first], seed) if most is not None else rest[:first]
    note = Note(
        "samples at the end of the data are watched during training, and nothing is held out for a test",
        count - first,
        count,
        why=reason.rstrip(".").split(". ")[0],
        cure="Pre-training needs no more; to judge the encoder, compare does.",
    )
    nothing = np.empty(0, np.int64)
    parts = (subset(part, train), subset(part, rest[first:]), subset(part, nothing))
    return Splits(*parts, "order", (train, rest[first:], nothing), (note,))


def _at_most(most: int, rest: np.ndarray, seed: int) -> np.ndarray:
    """So many of the samples, drawn by chance, in their order."""
    return np.sort(numpy_generator(seed, "split", "most").permutation(rest)[:most])


def fingerprint(dataset: Dataset, former: bool = False) -> str:
    """A sha256 over the description, samples, labels and groups.

    Samples count with their contents; above 1 GiB a part counts with evenly spaced samples of that size
    together. Files count with their names, sizes and contents, so that a copied folder is the same data.

    Args:
        dataset: as loaded.
        former: as version 0.1.0 took it: of files, only the first and last 4 KiB.
    """
    digest = hashlib.sha256(repr((dataset.spec, dataset.class_names)).encode())
    for part in (dataset.train, dataset.test, *([dataset.validation] if dataset.validation else [])):
        if part is None:
            digest.update(b"no test part")
            continue
        digest.update(np.ascontiguousarray(part.y, dtype="<i8").tobytes())
        digest.update(
            b"" if part.groups is None else np.ascontiguousarray(part.groups, dtype="<i8").tobytes()
        )
        own = getattr(part.x, "digest", None)
        given = {"ends_only": True} if former and isinstance(part.x, FileSamples) else {}
        digest.update(own(**given) if own is not None else _contents(part.x))
    return digest.hexdigest()


def _contents(samples: Samples) -> bytes:
    digest = hashlib.sha256(str(len(samples)).encode())
    size = samples[np.arange(1)].nbytes if len(samples) else 1
    count = max(1, min(len(samples), FINGERPRINT_BYTES // size))
    chosen = np.arange(count) * len(samples) // count
    for start in range(0, count, CHUNK):
        digest.update(samples[chosen[start : start + CHUNK]].contiguous().numpy().tobytes())
    return digest.digest()


def _check(dataset: Dataset, by: str, sides: tuple[str, ...]) -> None:
    """Raise where there is nothing to tell apart, or not enough of it for so many parts."""
    part, parts = dataset.train, len(sides)
    named = " and ".join(", ".join(sides).rsplit(", ", 1))
    classes, counts = np.unique(part.y[part.y != UNKNOWN], return_counts=True)
    names = [dataset.class_names[c] if c < len(dataset.class_names) else str(c) for c in classes]
    if len(classes) == 1:
        raise SSLKitError(
            f"all labelled training samples are of one class ('{names[0]}'): there is nothing to tell apart. "
            "Is it the right label column? Leave the labels out to train without evaluation."
        )
    if by == "group":
        assert part.groups is not None
        groups = len(np.unique(part.groups[part.y != UNKNOWN] if len(classes) else part.groups))
        if groups < parts:
            raise SSLKitError(
                f"{groups} group(s){' with labels' if len(classes) else ''} cannot give {named} parts without sharing "
                f"one: {parts} are needed. Add recordings or subjects, or leave the groups out if samples are "
                "independent. To pre-train without judging: sslkit pretrain."
            )
    elif by == "class" and counts.min() < parts:
        rare = ", ".join(f"'{n}' ({c})" for n, c in zip(names, counts, strict=True) if c < parts)
        raise SSLKitError(
            f"too few samples of class {rare} for {named} parts: {parts} are needed of each. Add samples, "
            "merge classes, or mark them as unlabelled (-1)."
        )
    elif len(part) < parts:
        raise SSLKitError(f"{len(part)} sample(s) cannot give {named} parts. Add samples.")


def _choose(
    part: Part, rest: np.ndarray, by: str, fraction: float, random: np.random.Generator
) -> np.ndarray:
    """A mask over ``rest``: what is cut off."""
    y = part.y[rest]
    if by == "group":
        assert part.groups is not None
        return _choose_groups(y, part.groups[rest], fraction, random)
    chosen = np.zeros(len(rest), dtype=bool)
    for label in np.unique(y) if by == "chance" else np.unique(y[y != UNKNOWN]):
        members = np.flatnonzero(y == label)
        count = min(max(1, round(fraction * len(members))), len(members) - 1)
        chosen[random.permutation(members)[:count]] = True
    return chosen


def _choose_groups(
    y: np.ndarray, groups: np.ndarray, fraction: float, random: np.random.Generator
) -> np.ndarray:
    """Whole groups, with about ``fraction`` of each class: the best of many greedy draws."""
    names, group = different_values(groups)
    classes, label = different_values(y)
    cells = np.bincount(group * len(classes) + label, minlength=len(names) * len(classes))
    table = cells.reshape(len(names), len(classes)).astype(float)
    if len(classes) > 1 and classes[0] == UNKNOWN:
        table = table[:, 1:]
    share = table / table.sum(axis=0)  # of each class that a group has
    spread = (table > 0).sum(axis=0)
    labelled = np.flatnonzero(table.any(axis=1))
    best: tuple[float, np.ndarray] = (np.inf, labelled[:1])
    for _ in range(max(4, min(200, 40_000 // len(labelled)))):
        picked: list[int] = []
        held = np.zeros(table.shape[1])
        for candidate in random.permutation(labelled):
            better = _imbalance(held + share[candidate], fraction, spread) < _imbalance(
                held, fraction, spread
            )
            if len(picked) < len(labelled) - 1 and (better or not picked):
                picked.append(candidate)
                held = held + share[candidate]
        cost = _imbalance(held, fraction, spread)
        if cost < best[0]:
            best = (cost, np.array(picked))
    return np.isin(group, best[1])


def _imbalance(held: np.ndarray, fraction: float, spread: np.ndarray) -> float:
    """How far the held-out shares of classes are from ``fraction``; a class lost on a side weighs more."""
    lost_in_training = (held > 1 - 1e-9).sum()
    lost_in_held = ((held < 1e-9) & (spread > 1)).sum()
    return float(((held - fraction) ** 2).mean() + 4 * lost_in_training + lost_in_held)


def _official(test: Part, name: str) -> tuple[Part, np.ndarray, list[Note]]:
    """A part of the source's own without its unlabelled samples."""
    index = np.flatnonzero(test.y != UNKNOWN)
    if len(index) in (0, len(test)):
        return test, np.arange(len(test)), []
    return (
        subset(test, index),
        index,
        [Note(f"{name} samples have no label and are left out", len(test) - len(index), len(test))],
    )


def _absent_classes(dataset: Dataset, parts: tuple[Part, Part, Part]) -> list[Note]:
    """Classes that a part has none of, to be said in the report."""
    notes = []
    present = [set(np.unique(part.y[part.y != UNKNOWN]).tolist()) for part in parts]
    for name, seen in zip(("training", "validation", "test"), present, strict=True):
        absent = [dataset.class_names[c] for c in sorted(set.union(*present) - seen)]
        if absent and seen:
            what = f"classes have no sample in the {name} part"
            notes.append(Note(what, len(absent), len(set.union(*present)), tuple(absent), warning=True))
    return notes
