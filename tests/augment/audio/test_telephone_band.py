import numpy as np
import pytest
import torch
from scipy.signal import butter, freqs_zpk

from sslkit.augment.audio.telephone_band import TelephoneBand, mu_law_8_bit
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


def test_mu_law_equals_torchaudio(torchaudio):
    x = torch.linspace(-1, 1, 20001)
    expected = torchaudio.functional.mu_law_decoding(torchaudio.functional.mu_law_encoding(x, 256), 256)
    close = (mu_law_8_bit(x) - expected).abs() < 1e-6
    assert close.float().mean() > 0.999  # but for rounding where two levels meet
    assert len(torch.unique(mu_law_8_bit(x))) == 256
    assert mu_law_8_bit(torch.tensor([3.0, -3.0])).tolist() == pytest.approx([1.0, -1.0])


@pytest.mark.parametrize("mu_law", [False, True])
def test_equals_scipys_band_pass(waveforms, mu_law):
    telephone = TelephoneBand(mu_law=mu_law)
    telephone.check(SampleSpec("audio", tuple(waveforms.shape[1:]), rate_hz=16000.0))
    out = telephone.apply(waveforms, torch.Generator())
    zpk = butter(4, [300, 3400], "bandpass", analog=True, output="zpk")
    gains = np.abs(freqs_zpk(*zpk, np.fft.rfftfreq(waveforms.shape[1], 1 / 16000))[1])
    sent = mu_law_8_bit(waveforms) if mu_law else waveforms
    expected = np.fft.irfft(np.fft.rfft(sent.double().numpy()) * gains, waveforms.shape[1])
    np.testing.assert_allclose(out, expected, atol=1e-6)


def test_what_cannot_be_is_refused():
    with pytest.raises(SSLKitError, match="nothing of 300…3400 Hz lies below half"):
        TelephoneBand().check(SampleSpec("audio", (800,), rate_hz=600.0))
    with pytest.raises(SSLKitError, match="smaller first"):
        TelephoneBand((3400.0, 300.0))
    with pytest.raises(SSLKitError, match="an empty band"):
        TelephoneBand((300.0, 300.0))
