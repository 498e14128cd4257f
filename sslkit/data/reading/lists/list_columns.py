"""Which columns of a list of files hold paths, labels, groups, parts and segments: by the names that people use."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sslkit.data.reading.delimited import require_column
from sslkit.errors import SSLKitError, did_you_mean

NAMES = {  # in the order in which they are tried; compared without case, blanks, dashes and units
    "path": "path filepath file_path filename file_name file image image_path image_id img imagepath audio audio_path "
    "wav wav_path sound recording_path clip fname relative_path slice_file_name begin_path begin_file name",
    "label": "label labels event_label category class class_name classname target species annotation diagnosis dx "
    "classid class_id label_id tag event y",
    "group": "group groups subject subject_id patient patient_id person person_id speaker speaker_id machine "
    "machine_id participant participant_id user user_id client_id site site_id session session_id lot batch_id",
    "split": "split set subset partition part fold_type usage",
    "start": "start start_time start_s onset begin begin_time t_start start_seconds start_sec time_start from",
    "end": "end end_time end_s offset stop stop_time t_end end_seconds end_sec time_end to",
    "duration": "duration duration_s dur length length_s duration_seconds",
    "fold": "fold folds cv_fold",
}
OF_ANOTHER_FILE = (
    "slice_file_name"  # UrbanSound8K's start and end lie in the recording that the slice was cut from
)
_UNIT = re.compile(r"[\s_]*[\[(](s|sec|seconds?)[\])]$")


@dataclass(frozen=True)
class Columns:
    """Names of columns as the list has them; None where there is none."""

    path: str
    label: str | None = None
    group: str | None = None
    split: str | None = None
    start: str | None = None
    end: str | None = None
    duration: str | None = None
    fold: str | None = None

    @property
    def used(self) -> set[str]:
        return {name for name in vars(self).values() if name}


def find_columns(
    present: Sequence[str],
    where: str,
    path: str | None = None,
    label: str | None = None,
    group: str | None = None,
) -> Columns:
    """The columns of a list; those that the user names must be there, others are recognised.

    Raises:
        SSLKitError: no column of paths, one that was named is missing, or one is nearly called like ``label``.
    """
    given = {"path": path, "label": label, "group": group}
    for name in filter(None, given.values()):
        require_column(name, present, where)
    plain = {_plain(name): name for name in reversed(present) if name}
    found = {
        meaning: given.get(meaning) or next((plain[name] for name in names.split() if name in plain), None)
        for meaning, names in NAMES.items()
    }
    if found["path"] is None:
        raise SSLKitError(
            f"{where} has no column 'path'. {did_you_mean('path', present)} It has: {', '.join(present)}. Name the "
            "column of the files with path_column."
        )
    for meaning in ("label", "group"):
        near = difflib.get_close_matches(
            meaning, [p for p in plain if plain[p] != found["path"]], 1, cutoff=0.75
        )
        if found[meaning] is None and near:
            raise SSLKitError(
                f"{where} has no column '{meaning}'. Did you mean '{plain[near[0]]}'? Rename it, or set "
                f"{meaning}_column."
            )
    if _plain(str(found["path"])) == OF_ANOTHER_FILE:
        found |= {"start": None, "end": None, "duration": None}
    if found["start"] is None:
        found |= {"end": None, "duration": None}
    return Columns(**found)  # type: ignore[arg-type]


def _plain(name: str) -> str:
    return re.sub(r"[\s\-.]+", "_", _UNIT.sub("", name.strip().casefold())).strip("_")
