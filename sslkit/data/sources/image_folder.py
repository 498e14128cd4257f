"""The ``image_folder`` source: image files in class folders, or named by a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import Field

from sslkit.data.reading.lists.file_lists import FileList
from sslkit.data.reading.pictures.picture_files import PICTURE_SUFFIXES
from sslkit.data.reading.pictures.survey import ColourMode, picture_facts, picture_rule, survey_pictures
from sslkit.data.reading.text.dialect import Reading
from sslkit.data.sources.file_source import FileSource, Unreadable
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Dataset, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class ImageFolder(FileSource):
    """Image files in class folders (``root/class/*.png``) or named by a list, any size.

    PNG, JPEG, TIFF, WebP, GIF, BMP, JPEG 2000, AVIF and others by Pillow; TIFF of many bands or unusual numbers by
    tifffile (extra ``tiff``), HEIC by pillow-heif (extra ``heic``). Pictures of 8 bits stay as they are; more bits
    and floats are kept as float32 in 0…1. Files are decoded by threads when needed, and kept if all of them fit in
    a quarter of the memory. Folders for parts (``train``, ``val``, ``test`` …) are the parts, ``fold1`` … are groups.
    Files without class folders are unlabelled. See docs/data/image_folder.md.

    Args:
        path: the folder, or the list; its paths are relative to it.
        size: the shorter side is resized to it and the centre cropped; needed where the images' sizes differ.
        mode: ``grey``, ``rgb``, or what the files are: grey only if all are, and all bands of multispectral ones.
        label_column: of the list (default: ``label``, or a column that is called like one: ``category``, ``class`` …).
        group_column: of the list, e.g. the patient (default: ``group``, ``patient_id`` …, else ``fold``).
        workers: threads that decode.
        range: values that are black and white in pictures of floats or more than 8 bits, e.g. [-20, 40]; what lies
            beyond is clipped (default: recognised over the whole set, or asked for).
        bits: of pictures with more than 8, e.g. 12 of a camera that writes 16 (default: of the largest value found).
        background: the colour under transparent parts, by name or as ``#rrggbb``.
        path_column: of the list (default: ``path``, ``filename``, ``file`` …).
        root: the folder that the list's paths are relative to, where it is not the list's own.
        test_folds: folds that are the test part: values of the column ``fold``, or numbers of the folders ``fold1`` …
        unknown: labels that mean "not labelled" (default: empty, NA, NaN, null … and -1).
        unreadable: files that cannot be decoded: refuse (``error``), or leave them out (``drop``) and say so.
        reading: the dialect of the list, where it is not recognised.

    Raises:
        SSLKitError: nothing to read, files that cannot be, or values of which nobody says which are black and white.
    """

    suffixes = PICTURE_SUFFIXES
    others = "Convert them (raw camera files, svg, psd, pdf and others) to png or tiff."

    def __init__(
        self,
        path: str,
        size: Count | None = None,
        mode: ColourMode = "auto",
        label_column: str | None = None,
        group_column: str | None = None,
        workers: Count = 4,
        range: tuple[float, float] | None = None,
        bits: Annotated[int, Field(ge=8, le=16)] | None = None,
        background: str = "white",
        path_column: str | None = None,
        root: str | None = None,
        test_folds: list[str | int | float] | None = None,
        unknown: list[str | int | float] | None = None,
        unreadable: Unreadable = "error",
        reading: Reading | None = None,
    ) -> None:
        list_settings = (path_column, root, test_folds, unknown, unreadable, reading)
        super().__init__(path, label_column, group_column, workers, *list_settings)
        if range is not None and (bits is not None or not range[0] < range[1]):
            raise SSLKitError("image_folder: range is [low, high] with low below high, and without bits.")
        _check_colour(background)
        self.size, self.mode, self.range, self.bits = size, mode, range, bits
        self.background = background

    @classmethod
    def settings_for(cls, path: Path, spec: SampleSpec, reading: Mapping[str, Any]) -> dict[str, Any] | None:
        """Pictures, folders of them and lists, for encoders of pictures."""
        if spec.modality != "image":
            return None
        channels, height, width = spec.shape
        mode = {1: "grey", 3: "rgb"}.get(channels, "auto")
        return {"path": str(path), "mode": mode, **({"size": height} if height == width else {}), **reading}

    def load_files(self, files: FileList) -> Dataset:
        headers = survey_pictures(files.paths, self.workers)
        broken = {path: header.problem for path, header in headers.items() if header.problem}
        files = self.readable(files, broken, "images")
        found = [headers[path] for path in files.paths]
        settings = (self.mode, self.size, self.bits, self.range, self.background)
        rule, guessed = picture_rule(found, files.where, *settings)
        facts, notes = picture_facts(found, files.labels, rule)
        files = replace(files, facts={**files.facts, **facts}, notes=(*files.notes, *guessed, *notes))
        if rule.levels is None:
            spec = SampleSpec("image", rule.shape, scale=1 / 255)
            return self.dataset(files, spec, rule.read, reading=rule.settings())
        return self.dataset(
            files, SampleSpec("image", rule.shape), rule.read, np.float32, reading=rule.settings()
        )


def _check_colour(name: str) -> None:
    from PIL import ImageColor

    try:
        ImageColor.getrgb(name)
    except ValueError as error:
        raise SSLKitError(
            f"image_folder: background '{name}' is no colour; e.g. white, black, grey or #808080."
        ) from error


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("image_folder", ImageFolder)
