"""A folder of class folders → a list of its files."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from sslkit.data.reading.lists.file_lists import PARTS, FileList
from sslkit.data.reading.order import in_order
from sslkit.errors import SSLKitError
from sslkit.types import Note

PART_NAMES = {
    "train": ("train", "training", "trn", "tr"),
    "validation": ("val", "valid", "validation", "dev", "development"),
    "test": ("test", "testing", "tst", "eval", "evaluation", "holdout", "hold-out"),
    "unlabelled": ("unlabeled", "unlabelled", "unsup", "unsupervised"),
}
PART_OF = {name: part for part, names in PART_NAMES.items() for name in names}
FOLD = re.compile(r"folds?[ _-]?(\d+)", re.IGNORECASE)
# what systems and programs leave in folders: thumbnails, waste baskets, copies of metadata, notebooks' checkpoints
SYSTEM = (
    "__macosx",
    "@eadir",
    "#recycle",
    "$recycle.bin",
    "system volume information",
    "lost+found",
    "__pycache__",
)
SYSTEM_FILES = ("thumbs.db", "desktop.ini", "ehthumbs.db")
COMPANIONS = (
    ".txt",
    ".md",
    ".csv",
    ".json",
    ".xml",
    ".yaml",
    ".yml",
    ".pdf",
    ".html",
    ".tsv",
    ".log",
    ".py",
    ".ipynb",
)


def read_class_folders(
    root: Path, suffixes: Collection[str], test_folds: Collection[str] = (), others: str = ""
) -> FileList:
    """The files of ``root`` in the order of their names; see ``read_file_list``.

    Raises:
        SSLKitError: no file that can be read, an empty class folder, or files beside class folders.
    """
    reader = _Folders(root, suffixes)
    sides = {folder: PART_OF.get(folder.name.lower()) for folder in reader.folders(root)}
    known = {side for side in sides.values() if side}
    if ({"train"} < known and known & {"validation", "test"}) or known == {"train", "unlabelled"}:
        found = reader.parts({folder: side for folder, side in sides.items() if side}, sides)
    elif sides and all(FOLD.fullmatch(folder.name) for folder in sides):
        found = reader.folds(list(sides), test_folds)
    else:
        paths, labels = reader.classes(root)
        suspicious = tuple(folder.name for folder, side in sides.items() if side)
        if suspicious:
            why = "a training folder and one of validation or test are needed for parts"
            reader.notes.append(
                Note("folders are taken for classes, though they are called like parts", len(suspicious), None,
                     suspicious, why, "Rename them if they are parts: train, val, test.", True)
            )  # fmt: skip
        found = FileList(str(root), paths, labels, None, ["train"] * len(paths))
    return reader.finished(found, others)


def read_any_folder(root: Path, suffixes: Collection[str], others: str = "") -> FileList:
    """All files below ``root``, whatever the folders mean; their label is that of the folder below the root or a part.

    Raises:
        SSLKitError: no file that can be read.
    """
    reader = _Folders(root, suffixes)
    paths = reader.files(root)
    if not paths:
        reader.classes(root)  # says what is there
    labels = []
    for path in paths:
        folders = [name for name in path.relative_to(root).parts[:-1] if not _is_part(name)]
        labels.append(_as_text(folders[0]) if folders else "")
    return reader.finished(FileList(str(root), paths, labels, None, ["train"] * len(paths)), others)


def _is_part(name: str) -> bool:
    return name.lower() in PART_OF or FOLD.fullmatch(name) is not None


class _Folders:
    """Reads folders of one root, and remembers what it leaves out."""

    def __init__(self, root: Path, suffixes: Collection[str]) -> None:
        self.root, self.suffixes, self.notes = root, suffixes, list[Note]()
        self.left_out: Counter[str] = Counter()
        self.hidden = set[str]()

    def folders(self, parent: Path) -> list[Path]:
        return in_order(entry for entry in parent.iterdir() if entry.is_dir() and not self._is_hidden(entry))

    def files(self, folder: Path, deep: bool = True) -> list[Path]:
        """That can be read, in the order of their names; links to folders are followed once."""
        return in_order(
            file for file in self._walk(folder, deep, {os.path.realpath(folder)}) if self._counts(file)
        )

    def _walk(self, folder: Path, deep: bool, seen: set[str]) -> Iterator[Path]:
        for entry in folder.iterdir():
            if self._is_hidden(entry):
                continue
            if not entry.is_dir():
                yield entry
            elif deep and (real := os.path.realpath(entry)) not in seen:
                yield from self._walk(entry, deep, seen | {real})

    def _is_hidden(self, entry: Path) -> bool:
        name = entry.name.lower()
        hidden = name.startswith(".") or name in (*SYSTEM, *SYSTEM_FILES)
        if hidden and not name.startswith("."):
            self.hidden.add(str(entry))
        return hidden

    def _counts(self, file: Path) -> bool:
        counts = file.suffix.lower() in self.suffixes and file.is_file()
        if not counts and file.suffix.lower() not in COMPANIONS:
            self.left_out[file.suffix.lower() or "without ending"] += 1
        return counts

    def classes(self, root: Path) -> tuple[list[Path], list[str]]:
        """Files and labels: the names of the class folders, or none."""
        loose = self.files(root, deep=False)
        found = {_as_text(folder.name): self.files(folder) for folder in self.folders(root)}
        empty = [name for name, files in found.items() if not files]
        known = ", ".join(sorted(self.suffixes))
        if not loose and len(empty) == len(found):
            raise SSLKitError(f"{root} has no file that can be read ({known}).{self._others()}")
        if empty:
            raise SSLKitError(
                f"{root}: the class folder(s) {', '.join(empty)} hold no file that can be read ({known})."
                f"{self._others()}"
            )
        if loose and found:
            raise SSLKitError(
                f"{root}: {len(loose)} file(s), e.g. {loose[0].name}, lie beside the class folders "
                f"{', '.join(found)}. Move them into one, or write a list of files."
            )
        paths = loose + [file for files in found.values() for file in files]
        return paths, [""] * len(loose) + [name for name, files in found.items() for _ in files]

    def parts(self, chosen: dict[Path, str], folders: Collection[Path]) -> FileList:
        """Folders for parts. Validation serves as test where there is no test folder with labels."""
        paths, labels, parts = list[Path](), list[str](), list[str]()
        for folder, side in sorted(chosen.items(), key=lambda item: (*PARTS, "unlabelled").index(item[1])):
            own, named = self.classes(folder) if side != "unlabelled" else (self.files(folder), [])
            paths += own
            labels += named or [""] * len(own)
            parts += ["train" if side == "unlabelled" else side] * len(own)
        strangers = tuple(folder.name for folder in folders if folder not in chosen)
        if strangers:
            why = "there are folders for parts beside them"
            self.notes.append(
                Note("folders are not used", len(strangers), which=strangers, why=why, warning=True)
            )
        judged = {part for part, label in zip(parts, labels, strict=True) if label and part != "train"}
        if "test" not in judged and "validation" in judged:
            dropped = parts.count("test")
            kept = [row for row, part in enumerate(parts) if part != "test"]
            paths, labels, parts = ([values[row] for row in kept] for values in (paths, labels, parts))  # type: ignore[assignment]
            parts = ["test" if part == "validation" else part for part in parts]
            why = "the test folder has no labels" if dropped else "there is no test folder"
            cure = "A validation part is cut from the training part."
            what = "the validation folder is the test part"
            self.notes.append(Note(what, why=why, cure=cure))
            if dropped:
                self.notes.append(
                    Note("files of the test folder are not used", dropped, why="they have no labels")
                )
        return FileList(str(self.root), paths, labels, None, parts)

    def folds(self, folders: list[Path], test_folds: Collection[str]) -> FileList:
        """``fold1``, ``fold2`` … each with class folders: folds are groups, those named are the test part."""
        paths, labels, groups, parts = list[Path](), list[str](), list[str](), list[str]()
        names = {folder: FOLD.fullmatch(folder.name)[1] for folder in folders}  # type: ignore[index]
        held = {name for name in names.values() if name in test_folds}
        if set(test_folds) - held:
            raise SSLKitError(
                f"{self.root}: test_folds {', '.join(test_folds)}; there are {', '.join(names.values())}."
            )
        for folder, name in names.items():
            own, named = self.classes(folder)
            paths, labels = paths + own, labels + named
            groups += [folder.name] * len(own)
            parts += ["test" if name in held else "train"] * len(own)
        cure = "" if held else "test_folds: [1] makes fold 1 the test part."
        self.notes.append(Note("folders are folds, taken for groups", len(folders), cure=cure))
        return FileList(str(self.root), paths, labels, groups, parts)

    def finished(self, found: FileList, others: str) -> FileList:
        """With notes on what was left out."""
        notes = [*found.notes, *self.notes]
        if self.left_out:
            which = tuple(f"{suffix}: {count:,}" for suffix, count in self.left_out.most_common())
            count = sum(self.left_out.values())
            why = f"read are {', '.join(sorted(self.suffixes))}"
            notes.append(Note("files are left out", count, which=which, why=why, cure=others, warning=True))
        if self.hidden:
            names = tuple(sorted({Path(path).name for path in self.hidden}))
            notes.append(Note("folders or files of the system are skipped", len(self.hidden), which=names))
        facts = {
            "files": f"{len(found.paths):,} read"
            + (f", {sum(self.left_out.values()):,} left out" if self.left_out else "")
        }
        return FileList(
            found.where, found.paths, found.labels, found.groups, found.parts, tuple(notes), facts
        )

    def _others(self) -> str:
        if not self.left_out:
            return ""
        there = ", ".join(f"{count:,} {suffix}" for suffix, count in self.left_out.most_common(6))
        return f" There are files of other kinds: {there}."


def _as_text(name: str) -> str:
    """A class's name; bytes that are no UTF-8 become escapes, for plots and tables cannot show them."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
