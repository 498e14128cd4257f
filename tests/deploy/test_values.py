import pytest
import torch
from torch import Tensor

from sslkit.deploy.values import check_range_of_values
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec

PICTURES = torch.rand(4, 3, 8, 8, generator=torch.Generator().manual_seed(0))
SOUND = PICTURES.flatten(1) * 2 - 1
BYTES, UNIT = SampleSpec("image", (3, 8, 8), scale=1 / 255), SampleSpec("image", (3, 8, 8))
INT16, FLOAT = SampleSpec("audio", (192,), 8000.0, scale=1 / 32768), SampleSpec("audio", (192,), 8000.0)


@pytest.mark.parametrize(
    ("samples", "spec"),
    [
        ((PICTURES * 255).byte(), BYTES),
        ((PICTURES * 255).round(), BYTES),
        (PICTURES * 255, BYTES),
        (torch.zeros(2, 3, 8, 8), BYTES),
        (PICTURES, UNIT),
        ((SOUND * 32767).short(), INT16),
        (torch.zeros(2, 192, dtype=torch.int16), INT16),
        (SOUND, FLOAT),
        (SOUND * 1.5, FLOAT),
        (SOUND * 1e6, SampleSpec("sensor", (192,))),
    ],
)
def test_samples_as_they_were_trained_on(samples: Tensor, spec: SampleSpec) -> None:
    check_range_of_values(samples, spec)


@pytest.mark.parametrize(
    ("samples", "spec", "message"),
    [
        (PICTURES, BYTES, r"values in 0…255"),
        (PICTURES * 2 - 1, BYTES, r"values in 0…255"),
        ((PICTURES * 65535).int(), BYTES, r"values in 0…255"),
        (PICTURES * 255, UNIT, r"values in 0…1"),
        (PICTURES * 2 - 1, UNIT, r"lie in -0.9.*values in 0…1"),
        (SOUND, INT16, r"sound with values in -32,768…32,767"),
        (SOUND * 32767, FLOAT, r"sound with values in -1…1"),
        (SOUND * 1e30, SampleSpec("sensor", (192,)), "no network can take"),
        (torch.full((1, 192), torch.inf), FLOAT, "no network can take"),
    ],
)
def test_a4_p4_samples_in_another_range_are_refused(samples: Tensor, spec: SampleSpec, message: str) -> None:
    with pytest.raises(SSLKitError, match=message):
        check_range_of_values(samples, spec)
