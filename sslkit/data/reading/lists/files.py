"""A path of the user's → the files of a data set: a folder of class folders, or a list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sslkit.data.reading.lists.class_folders import read_any_folder, read_class_folders
from sslkit.data.reading.lists.file_lists import FileList, ListSettings
from sslkit.data.reading.lists.listed_files import read_listed_files
from sslkit.errors import SSLKitError
from sslkit.foreign import given_path


def read_file_list(
    path: str, suffixes: Collection[str], settings: ListSettings | None = None, others: str = ""
) -> FileList:
    """The files of a folder of class folders, or those that a list names.

    A single file of these is a list of one. A folder: ``root/class/**/file``; with folders for parts (``train``,
    ``Training``, ``val``, ``test`` …) those are the parts, each with class folders of its own; ``fold1`` … are groups.
    Files without class folders are unlabelled. A list: delimited text in any dialect with a column of paths, and where
    there are any columns of labels, groups, parts and segments.

    Args:
        path: the folder or the list.
        suffixes: of files that count, lower-case with a dot.
        settings: what the user says of it.
        others: words for what may be tried where files of other kinds were left out.

    Raises:
        SSLKitError: there is no such file, folder or column; a folder without files; files that are missing.
    """
    root, settings = given_path(path), settings or ListSettings()
    if root.is_dir():
        if not settings.for_new and (settings.label or settings.group or settings.path):
            raise SSLKitError(
                f"{root} is a folder: label_column and group_column need a list of files (CSV)."
            )
        if settings.for_new:
            found = read_any_folder(root, suffixes, others)
        else:
            found = read_class_folders(root, suffixes, settings.test_folds, others)
    elif root.suffix.lower() in suffixes and root.is_file():
        found = FileList(str(root), [root], [""], None, ["train"], facts={"files": "1 read"})
    elif root.is_file():
        found = read_listed_files(root, settings)
    else:
        raise SSLKitError(f"{root}: there is no such folder or list of files.")
    return replace(found, unknown=settings.unknown)
