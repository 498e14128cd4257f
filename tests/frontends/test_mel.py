import pytest
import torch

from sslkit.frontends.mel import mel_filters


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100])
def test_in_float32_equals_torchaudio_to_the_last_bit(torchaudio, rate):
    ours = mel_filters(rate, 2048, 64, 60.0, 0.4875 * rate, dtype=torch.float32)
    assert torch.equal(ours, torchaudio.functional.melscale_fbanks(1025, 60.0, 0.4875 * rate, 64, rate))
