import numpy as np
import torch
from scipy.signal import hilbert

from sslkit.augment.sensors.phase_shift import PhaseShift, shift_phase


def test_equals_the_analytic_signal(windows, generator):
    phases = PhaseShift().draw(len(windows), generator)
    out = shift_phase(windows, phases)
    for i, sample in enumerate(windows.double().numpy()):
        analytic = hilbert(sample, axis=1)
        fixed = np.fft.rfft(sample)  # the parts without a phase
        fixed[:, 1 : (sample.shape[1] + 1) // 2] = 0
        constant = np.fft.irfft(fixed, sample.shape[1])
        expected = np.real((analytic - constant) * np.exp(1j * float(phases[i]))) + constant
        np.testing.assert_allclose(out[i], expected, atol=1e-5)


def test_the_spectrum_stays(windows, generator):
    out = PhaseShift().apply(windows, generator)
    torch.testing.assert_close(torch.fft.rfft(out).abs(), torch.fft.rfft(windows).abs(), atol=1e-3, rtol=1e-3)


def test_draws_and_identity(windows, generator):
    phases = PhaseShift(90).draw(3000, generator)
    assert -np.pi / 2 <= phases.min() < -1.55 and 1.55 < phases.max() <= np.pi / 2
    torch.testing.assert_close(PhaseShift(0).apply(windows, generator), windows, atol=1e-5, rtol=0)
