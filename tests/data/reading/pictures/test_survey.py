from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sslkit.data.reading.pictures.picture_files import read_picture
from sslkit.data.reading.pictures.picture_headers import PictureHeader
from sslkit.data.reading.pictures.survey import PictureRule, picture_facts, picture_rule, survey_pictures
from sslkit.errors import SSLKitError

GREY, COLOUR = PictureHeader((4, 5), 1, "PNG L"), PictureHeader((4, 5), 3, "JPEG RGB")
LARGE, BANDS = PictureHeader((8, 8), 3, "PNG RGB"), PictureHeader((4, 5), 13, "TIFF 13 bands uint8")


def _rule(*headers: PictureHeader, **settings: object) -> PictureRule:
    return picture_rule(headers, "here", **settings)[0]


def _said(headers: list[PictureHeader], labels: list[str], **settings: object) -> str:
    return " ".join(map(str, picture_facts(headers, labels, _rule(*headers, **settings))[1]))


def test_survey_reads_each_file_once(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    Image.new("L", (5, 4)).save(path)
    (tmp_path / "no.png").write_text("hello")
    found = survey_pictures([path, path, tmp_path / "no.png"], 2)
    assert list(found) == [path, tmp_path / "no.png"]
    assert found[path] == GREY and found[tmp_path / "no.png"].problem


def test_mode_and_size() -> None:
    assert _rule(GREY, GREY) == PictureRule("grey", (1, 4, 5))
    assert _rule(GREY, COLOUR) == PictureRule("rgb", (3, 4, 5))
    assert _rule(GREY, COLOUR, LARGE, mode="grey", size=6) == PictureRule("grey", (1, 6, 6), 6)
    assert _rule(BANDS, BANDS) == PictureRule("bands", (13, 4, 5))
    with pytest.raises(SSLKitError, match=r"2 sizes \(2 of 3 are 5×4\). Set size"):
        _rule(GREY, GREY, LARGE)


def test_p8_bands_are_not_mixed() -> None:
    with pytest.raises(SSLKitError, match=r"different numbers of bands \(3: 1 files, 13: 2 files\)"):
        _rule(BANDS, COLOUR, BANDS)
    with pytest.raises(SSLKitError, match="mode is rgb; the pictures have 13 bands"):
        _rule(BANDS, mode="rgb")


def test_p7_a_rule_reads_pictures_and_is_settings_for_others(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    Image.fromarray(np.arange(0, 4000, 100, dtype=np.uint16).reshape(5, 8)).save(path)
    rule = _rule(*survey_pictures([path], 1).values(), size=4)
    np.testing.assert_array_equal(rule.read(path), read_picture(path, "grey", 4, (0, 4095)))
    assert rule.settings() == {"mode": "grey", "size": 4, "range": [0, 4095], "background": "white"}
    assert PictureRule("bands", (5, 8, 8)).settings() == {"background": "white"}


def test_facts() -> None:
    headers = [GREY, COLOUR, LARGE]
    facts, _ = picture_facts(headers, ["a", "b", "a"], _rule(*headers, size=6))
    assert facts["sizes"] == "5×4: 2 files, 8×8: 1 files"
    assert facts["kinds"] == "PNG L: 1 files, JPEG RGB: 1 files, PNG RGB: 1 files"
    assert facts["read as"] == "rgb, 6×6, the shorter side resized and the centre cropped; 8 bits"


def test_p8_what_was_converted_is_said() -> None:
    pages = PictureHeader((4, 5), 3, "TIFF RGB", pages=7)
    hidden = PictureHeader((4, 5), 3, "PNG RGBA", transparent=True)
    deep = PictureHeader((4, 5), 1, "PNG grey uint16", "uint16", 0, 4000)
    said = _said([pages, hidden, deep], ["", "", ""], size=5, background="black")
    assert "1 of 3 files have several pages or frames, of which the first is read. Up to 7 are there" in said
    assert "1 of 3 pictures are transparent in part, and are laid on black" in said
    assert "1 of 3 pictures are grey, and are read as rgb" in said
    assert "2 of 3 pictures have 8 bits and the others more" in said
    assert "3 of 3 pictures are smaller than 5×5 and are enlarged" in said


def test_classes_that_the_kind_of_file_tells_apart() -> None:
    same = [GREY, GREY, GREY, COLOUR]
    assert "different" not in _said(same, ["a", "a", "b", "b"])
    apart = _said(same, ["a", "a", "a", "b"])
    assert "2 classes have pictures of different kinds (a: PNG L, b: JPEG RGB)" in apart
    sizes = _said([COLOUR, LARGE, COLOUR], ["a", "b", "a"], size=4)
    assert "2 classes have pictures of different sizes (a: 5×4, b: 8×8)" in sizes
