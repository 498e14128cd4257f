"""Are new samples stored as those that an encoder was trained on? Else its features mean something else."""

from __future__ import annotations

from torch import Tensor

from sslkit.data.reading.layouts import LOUDEST
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec

LARGEST = 1e18  # squares of larger values are beyond float32
SLACK = 1e-3  # of pictures in 0…1, after resizing


def check_range_of_values(raw: Tensor, spec: SampleSpec) -> None:
    """Compare the values of samples ``(B, *spec.shape)`` with the range that ``spec`` says.

    Pictures are 0…255 or 0…1, sound is ±32,768 or -1…1, whichever the encoder was trained on; sensors have units of
    their own, which nobody can check.

    Raises:
        SSLKitError: another range, or values that no network can take.
    """
    if raw.numel() == 0:
        return
    known = raw.float().nan_to_num(nan=0.0)
    low, high = float(known.min()), float(known.max())
    largest = max(-low, high)
    if largest > LARGEST:
        raise SSLKitError(
            f"the samples have values up to {largest:.3g}, which no network can take. Check their units."
        )
    if spec.modality not in ("image", "audio"):
        return
    picture, scaled = spec.modality == "image", spec.scale != 1.0
    top = (255.0 if scaled else 1.0) if picture else (32768.0 if scaled else LOUDEST)
    small = scaled and 0 < largest <= (1.0 if picture else LOUDEST) and bool((known != known.round()).any())
    if small or largest > top * (1 + SLACK) or (picture and low < -SLACK * top):
        wanted = ("0…255" if scaled else "0…1") if picture else ("-32,768…32,767" if scaled else "-1…1")
        raise SSLKitError(
            f"the samples lie in {low:.4g}…{high:.4g}; this encoder was trained on "
            f"{'pictures' if picture else 'sound'} with values in {wanted}. Convert them: one factor for all."
        )
