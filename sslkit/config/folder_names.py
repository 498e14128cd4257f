"""Names that become folders of results: taken by every system alike, for results travel between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sslkit.config.experiment import LONGEST_NAME, Experiment, label_of
from sslkit.errors import Problem

NOT_ON_WINDOWS = r'[<>:"/\\|?*]'
DEVICES = {  # of Windows, whatever stands behind a dot
    *("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"),
    *(f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"),
}
WRITTEN = {  # by the program, beside folders of these names
    *(
        ".lock",
        "manifest.json",
        "results.csv",
        "report.html",
        "data_card.md",
        "model_card.md",
        "preview.html",
    ),
    *("run.json", "result.json", "spec.json", "views.npz", "map.npz", "predictions.npz", "metrics.jsonl"),
    *("checkpoint.pt", "encoder.json", "encoder.safetensors", "trial.json", "traceback.txt"),
}
LONGEST_RUN = (
    180  # letters of MEMBER/METHOD-seedN; the rest of 259 is for the folder above and the files inside
)
LONGEST_SEED = len("-seed2147483647")


def check_folder_name(name: object, path: str, problems: list[Problem]) -> None:
    """Results lie in folders named after the study, its members, and its methods and seeds."""
    if (
        not isinstance(name, str)
        or not name.strip()
        or not name.isprintable()
        or "/" in name
        or name in (".", "..")
        or len(name.encode()) > LONGEST_NAME
    ):
        problems.append(Problem(path, f"{str(name)[:80]!r} cannot be a folder's name", "Choose another."))


def check_portable(study: str, experiments: Sequence[Experiment], problems: list[Problem]) -> None:
    """What a new study may not be called, although this system would take it.

    Studies that are recorded in a folder of results keep their names: those were taken where it was made.
    """
    _check_name(study, "name", "Choose another.", problems)
    for experiment in experiments:
        if experiment.name != study:
            path = "suite" if len(experiments) > 1 else "name"
            _check_name(experiment.name, path, "Choose another.", problems)
        labels = [*experiment.labels, *map(label_of, experiment.baselines)]
        for label in labels:
            _check_name(label, f"objectives.{label}", "Give it a label: {name: …, label: …}.", problems)
        alike = [_folded(label) for label in labels]
        for label in labels:
            if alike.count(_folded(label)) > 1 and labels.count(label) == 1:
                reason = "differs from another method's name only in what Windows and macOS take for one"
                problems.append(Problem(f"objectives.{label}", reason, "Choose another label."))
        longest = max((len(label) for label in labels), default=0) + LONGEST_SEED
        if (length := len(experiment.name) + 1 + longest) > LONGEST_RUN:
            reason = f"its runs would lie in folders of {length} letters; Windows has room for {LONGEST_RUN}"
            problems.append(
                Problem(f"suite.{experiment.name[:80]}", reason, "Choose shorter names and labels.")
            )


def _check_name(name: str, path: str, advice: str, problems: list[Problem]) -> None:
    if _folded(name) in WRITTEN:
        problems.append(Problem(path, f"{name!r} is the name of a file that sslkit writes", advice))
    reason = _refused_by_windows(name)
    if reason:
        problems.append(
            Problem(path, f"{name[:80]!r} cannot be a folder's name on Windows: {reason}", advice)
        )


def _refused_by_windows(name: str) -> str:
    """Why; empty where it takes the name."""
    if found := re.search(NOT_ON_WINDOWS, name):
        return f"it holds a {found[0]}"
    if name.endswith((".", " ")):
        return "it ends in a dot or a space"
    if name.partition(".")[0].rstrip().upper() in DEVICES:
        return "it is a device's name"
    return ""


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def as_folder_name(text: str) -> str:
    """A name without the letters that Windows refuses."""
    return re.sub(NOT_ON_WINDOWS, "-", text)
