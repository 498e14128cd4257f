"""What goes wrong at a sensor, and what changes of spectrum and order there are, one window (T, C) at a time in numpy.

The operations of our catalogue that the codes behind ``numpy_sensors`` lack, written in their manner: a short numpy or
scipy expression for one window. Ranges are those of our defaults; values are in units of each channel's spread.
"""

from __future__ import annotations

import numpy as np
from numpy_sensors import Window
from scipy.interpolate import CubicSpline


def amplitude_perturbation(x: Window, sigma: float = 0.2, bands: int = 8) -> Window:
    spectrum = np.fft.rfft(x, axis=0)
    band = np.arange(len(spectrum) - 1) * bands // (len(spectrum) - 1)
    spectrum[1:] *= np.random.normal(1.0, sigma, bands)[band][:, None]
    return np.fft.irfft(spectrum, len(x), axis=0)


def phase_shift(x: Window) -> Window:
    spectrum = np.fft.rfft(x, axis=0)
    spectrum[1:-1] *= np.exp(1j * np.random.uniform(-np.pi, np.pi))
    return np.fft.irfft(spectrum, len(x), axis=0)


def _without(x: Window, low: float, high: float) -> Window:
    """Without the frequencies from ``low`` to ``high``, fractions of half the sampling rate."""
    spectrum = np.fft.rfft(x, axis=0)
    places = np.linspace(0, 1, len(spectrum))
    spectrum[(places >= low) & (places < high) & (places > 0)] = 0
    return np.fft.irfft(spectrum, len(x), axis=0)


def band_stop(x: Window) -> Window:
    low, width = np.random.uniform(0, 0.8), np.random.uniform(0.05, 0.2)
    return _without(x, low, low + width)


def low_pass(x: Window) -> Window:
    return _without(x, np.random.uniform(0.3, 1.0), 1.1)


def high_pass(x: Window) -> Window:
    return _without(x, 0.0, np.random.uniform(0.0, 0.1))


def baseline_drift(x: Window, sigma: float = 0.2, points: int = 4) -> Window:
    heights = np.random.normal(0.0, sigma, (points, x.shape[1]))
    drifting: Window = x + CubicSpline(np.linspace(0, len(x) - 1, points), heights)(np.arange(len(x)))
    return drifting


def channel_dropout(x: Window, rate: float = 0.2) -> Window:
    return x * (np.random.rand(1, x.shape[1]) >= rate)


def channel_shuffle(x: Window) -> Window:
    return x[:, np.random.permutation(x.shape[1])]


def clock_jitter(x: Window, sigma: float = 0.2) -> Window:
    steps = np.arange(len(x))
    clock = np.clip(steps + np.random.normal(0.0, sigma, len(x)), 0, len(x) - 1)
    return np.array([np.interp(clock, steps, x[:, channel]) for channel in range(x.shape[1])]).T


def crop_resize(x: Window) -> Window:
    length = int(np.random.uniform(0.7, 1.0) * len(x))
    start = np.random.randint(0, len(x) - length + 1)
    places = np.linspace(start, start + length - 1, len(x))
    steps = np.arange(len(x))
    return np.array([np.interp(places, steps, x[:, channel]) for channel in range(x.shape[1])]).T


def drop_outs(x: Window, bursts: int = 3) -> Window:
    held = x.copy()
    for _ in range(bursts):
        width = max(1, int(np.random.uniform(0.01, 0.05) * len(x)))
        start = np.random.randint(1, len(x) - width)
        held[start : start + width] = held[start - 1]
    return held


def mains_hum(x: Window, frequency: float = 0.25, harmonics: int = 3) -> Window:
    time, hum = np.arange(len(x)), np.zeros(len(x))
    for order in range(1, harmonics + 1):
        hum += np.sin(2 * np.pi * order * frequency * time + np.random.uniform(0, 2 * np.pi)) / order
    return x + np.random.uniform(0, 0.3, (1, x.shape[1])) * hum[:, None]


def negate(x: Window) -> Window:
    return -x


def noise_snr(x: Window) -> Window:
    sigma = x.std(axis=0) * 10 ** (-np.random.uniform(10, 30) / 20)
    noisy: Window = x + np.random.normal(0.0, 1.0, x.shape) * sigma
    return noisy


def quantisation(x: Window, full_scale: float = 6.0) -> Window:
    half = 2.0 ** (np.random.randint(5, 9) - 1)
    return np.clip(np.round(x * half / full_scale), -half, half - 1) * full_scale / half


def saturation(x: Window) -> Window:
    low, high = x.min(axis=0), x.max(axis=0)
    cut = (high - low) * (1 - np.random.uniform(0.6, 1.0)) / 2
    return np.clip(x, low + cut, high - cut)


def time_flip(x: Window) -> Window:
    return x[::-1]


def time_mask(x: Window) -> Window:
    width = np.random.randint(1, len(x) // 5 + 1)
    start = np.random.randint(0, len(x) - width + 1)
    masked = x.copy()
    masked[start : start + width] = 0
    return masked


def time_shift(x: Window) -> Window:
    return np.roll(x, np.random.randint(-len(x) // 2, len(x) // 2), axis=0)
