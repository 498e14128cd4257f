"""One pass over the parts, and everything that it shows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sslkit.data.looking import bytes_of, chosen_places
from sslkit.data.samples import subset
from sslkit.data.splits import Splits
from sslkit.guards.copies import matching_hashes
from sslkit.guards.findings import SHOWN, Finding
from sslkit.guards.groups import shared_groups
from sslkit.guards.neighbours import NearCopies, near_copies
from sslkit.guards.scan import PartScan, joined_scans, scan_part
from sslkit.guards.standardisation import pooled_sums, standardised_together
from sslkit.guards.still import equal_finding, still_finding
from sslkit.guards.windows import overlapping_windows
from sslkit.types import SampleSpec


@dataclass(frozen=True)
class Inspection:
    """What was looked for, and what was found."""

    findings: tuple[Finding, ...]
    checked: tuple[str, ...]
    seconds: float

    def to_plain(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "checked": list(self.checked),
            "seconds": round(self.seconds, 2),
            "findings": [finding.to_plain() for finding in self.findings],
        }


@torch.no_grad()
def inspect(
    splits: Splits,
    spec: SampleSpec,
    represent: Callable[[Tensor], Tensor],
    most_copies: float,
    group_name: Callable[[int], str] = "group {}".format,
) -> Inspection:
    """Look for groups, overlapping windows, copies and near-copies on both sides of the splits.

    Args:
        splits: the parts.
        spec: of the samples.
        represent: raw samples → after the front end, on the CPU.
        most_copies: the share of the test part that may be (near-)copies before they count as a leak.
        group_name: what a group's number stands for.
    """
    started = time.monotonic()
    parts = (splits.train, splits.validation, splits.test)
    of_bytes, scans = bytes_of(*parts), []
    for name, part, rows in zip(("training", "validation", "test"), parts, splits.indices, strict=True):
        places = chosen_places(part, rows, of_bytes)
        scans.append(scan_part(name, subset(part, places), rows[places], spec, represent))
    train, validation, test = scans
    seen = joined_scans(train, validation)
    findings = shared_groups(splits.train, splits.validation, splits.test, group_name)
    findings += still_finding(
        [scan.names[0] for scan in (train, validation, test)], [train.still, validation.still, test.still]
    )
    equal = equal_finding(
        [*seen.hashes, *test.hashes], np.concatenate([seen.still, test.still]), len(spec.shape) == 3
    )
    findings += equal
    for judged, known, leaks in () if equal else ((test, seen, True), (validation, train, False)):
        findings += _overlaps(judged, known)
        findings += _copies(judged, known, most_copies if leaks else 1.0)
    if train.channel_sums and standardised_together(
        train.channel_sums,
        pooled_sums([scan.channel_sums for scan in (train, validation, test) if scan.channel_sums]),
    ):
        findings.append(
            Finding(
                "statistics",
                "All parts together have mean 0 and standard deviation 1, the training part alone has not: the "
                "samples look standardised with statistics of the test part too. Save them as they were "
                "measured; the front end standardises by the training part.",
                False,
                len(test),
                len(test),
            )
        )
    checked = ["groups" if splits.by == "group" else "groups (there are none)", "copies", "near-copies"]
    checked += ["overlapping windows"] if train.window_fingerprints else []
    checked += ["statistics of the test part"] if train.channel_sums else []
    looked_at, there = sum(map(len, scans)), sum(map(len, parts))
    if looked_at < there:
        checked.append(f"all but groups in {looked_at:,} of {there:,} samples, spread evenly")
    return Inspection(tuple(findings), tuple(checked), time.monotonic() - started)


def _overlaps(judged: PartScan, known: PartScan) -> list[Finding]:
    if judged.window_fingerprints is None or known.window_fingerprints is None:
        return []
    rows, matches = overlapping_windows(judged.window_fingerprints, known.window_fingerprints, judged, known)
    if not len(rows):
        return []
    text = (
        f"{len(rows)} of {len(judged)} {judged.names[0]} windows overlap windows of the {_words(known)} part: they "
        "are cut from the same recording. Give each window its recording as group, or cut without overlap."
    )
    return [Finding("windows", text, True, len(rows), len(judged), _examples(judged, known, rows, matches))]


def _copies(judged: PartScan, known: PartScan, most: float) -> list[Finding]:
    exact, originals = matching_hashes(judged.hashes, known.hashes)
    near = _near(judged, known, exact)
    moves = ~judged.still[exact]
    exact, originals = exact[moves], originals[moves]
    leak = (len(exact) + len(near.rows)) / max(1, len(judged)) > most
    limit = f" More than {most:.0%} of them are a leak (guards.copies)." if leak else ""
    signal = judged.window_fingerprints is not None
    compared = " (compared: signals less each channel's mean, in 64 steps)" if signal else ""
    found = []
    for guard, what, rows, matches in (
        ("copies", "are exact copies of samples", exact, originals),
        ("near-copies", "are nearly equal to samples", near.rows, near.matches),
    ):
        if not len(rows):
            continue
        other = judged.labels[rows] != known.labels[matches]
        labels = f", {int(other.sum())} of them with another label" if other.any() else ""
        text = (
            f"{len(rows)} of {len(judged)} {judged.names[0]} samples ({len(rows) / len(judged):.2%}) {what} of the "
            f"{_words(known)} part{labels}{compared if guard == 'near-copies' else ''}.{limit}"
        )
        examples = _examples(judged, known, rows, matches)
        found.append(Finding(guard, text, leak, len(rows), len(judged), examples))
    return found


def _near(judged: PartScan, known: PartScan, exact: np.ndarray) -> NearCopies:
    """Near-copies among windows in which something happens."""
    kept = np.flatnonzero(~known.quiet)
    groups = None if known.groups is None else known.groups[kept]
    skip = np.union1d(exact, np.flatnonzero(judged.quiet))
    near = near_copies(judged.signatures, known.signatures[kept], groups, skip=skip)
    return NearCopies(near.rows, kept[near.matches], near.distances)


def _words(scan: PartScan) -> str:
    return " or ".join(scan.names)


def _examples(
    judged: PartScan, known: PartScan, rows: np.ndarray, matches: np.ndarray
) -> tuple[tuple[str, int, str, int], ...]:
    pairs = zip(rows[:SHOWN].tolist(), matches[:SHOWN].tolist(), strict=True)
    return tuple((*judged.place(row), *known.place(match)) for row, match in pairs)
