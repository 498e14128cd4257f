from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sslkit.data.recordings.loading import load_recordings
from sslkit.errors import SSLKitError
from tests.data.recordings.recorded_rows import settings


def test_what_was_read_is_said(tmp_path: Path) -> None:
    lines = [f"{i / 50:.2f};{i};{i % 7}" for i in range(103)]
    (tmp_path / "a.csv").write_text("\n".join(["t;n;x", "s;-;V", *lines]))
    dataset = load_recordings(replace(settings(), path=str(tmp_path), time=("t",)))
    assert dict(dataset.facts) == {
        "files": "1, with 1 recording and 103 rows",
        "read as": "UTF-8, separator ';', decimal point, header in line 1, a line of units",
        "time": "column 't', s",
        "rates": "50 Hz: a.csv",
        "in windows": "100 of 103 rows (97.1%), 2.0 of 2.1 s",
        "channels": "n 0…102, x 0…6 V",
    }


def test_fractions_are_no_classes(tmp_path: Path) -> None:
    wanted = replace(settings(), path=str(tmp_path), label="what")
    for what, message in (
        (np.repeat([0.5, 1.5], 20), "label 0.5 is not a whole number"),
        (np.repeat(["v1.5", "b"], 20), ""),
    ):
        lines = [f"{i},{i % 7},{one}" for i, one in enumerate(what)]
        (tmp_path / "a.csv").write_text("\n".join(["n,x,what", *lines]))
        if message:
            with pytest.raises(SSLKitError, match=message):
                load_recordings(wanted)
        else:
            assert load_recordings(wanted).class_names == ("b", "v1.5")


def test_a_training_part_is_needed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n".join(["n,x,part", *(f"{i},{i % 7},test" for i in range(40))]))
    with pytest.raises(SSLKitError, match="the training part has no window"):
        load_recordings(replace(settings(), path=str(tmp_path), split="part"))
