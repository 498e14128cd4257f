"""Augmentations of sensor windows one sample at a time in numpy, as the sensor literature's code does them.

Windows are ``(T, C)`` as there. Um et al. 2017 (jitter, scaling, rotation, permutation, both warps; the code that
CL-HAR and others carry on), Le Guennec et al. 2016 and Iwana & Uchida 2021 (window slice, window warp).
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline

Window = np.ndarray


def jitter(x: Window, sigma: float = 0.05) -> Window:
    return x + np.random.normal(0.0, sigma, x.shape)


def scaling(x: Window, sigma: float = 0.1) -> Window:
    return x * np.random.normal(1.0, sigma, (1, x.shape[1]))


def rotation(x: Window) -> Window:
    """Each three channels about an axis and by an angle of their own."""
    turned = np.empty_like(x)
    for first in range(0, x.shape[1], 3):
        axis, angle = np.random.uniform(-1, 1, 3), np.random.uniform(-np.pi, np.pi)
        turned[:, first : first + 3] = x[:, first : first + 3] @ _rotation_matrix(axis, angle)
    return turned


def _rotation_matrix(axis: np.ndarray, angle: float) -> np.ndarray:
    x, y, z = axis / np.linalg.norm(axis)
    c, s = np.cos(angle), np.sin(angle)
    d = 1 - c
    return np.array(
        [
            [x * x * d + c, x * y * d - z * s, x * z * d + y * s],
            [x * y * d + z * s, y * y * d + c, y * z * d - x * s],
            [x * z * d - y * s, y * z * d + x * s, z * z * d + c],
        ]
    )


def permutation(x: Window, segments: int = 4, shortest: int = 10) -> Window:
    while True:
        cuts = np.sort(np.random.randint(shortest, len(x) - shortest, segments - 1))
        ends = np.concatenate([[0], cuts, [len(x)]])
        if np.diff(ends).min() > shortest:
            break
    pieces = [x[ends[i] : ends[i + 1]] for i in np.random.permutation(segments)]
    return np.concatenate(pieces)


def _curves(x: Window, sigma: float, knots: int) -> np.ndarray:
    """A smooth random curve about 1 for each channel."""
    places = np.arange(0, len(x), (len(x) - 1) / (knots + 1))
    heights = np.random.normal(1.0, sigma, (knots + 2, x.shape[1]))
    steps = np.arange(len(x))
    curves = [CubicSpline(places, heights[:, channel])(steps) for channel in range(x.shape[1])]
    return np.array(curves).T


def magnitude_warp(x: Window, sigma: float = 0.2, knots: int = 4) -> Window:
    warped: Window = x * _curves(x, sigma, knots)
    return warped


def time_warp(x: Window, sigma: float = 0.2, knots: int = 4) -> Window:
    clock = np.cumsum(_curves(x, sigma, knots), axis=0)
    clock *= (len(x) - 1) / clock[-1]
    return _read(x, np.arange(len(x)), clock)


def window_slice(x: Window, share: float = 0.9) -> Window:
    length = int(np.ceil(share * len(x)))
    start = np.random.randint(0, len(x) - length)
    places = np.linspace(0, length - 1, len(x))
    return _resize(x[start : start + length], places)


def window_warp(x: Window, share: float = 0.1, scales: tuple[float, float] = (0.5, 2.0)) -> Window:
    length = int(np.ceil(share * len(x)))
    start = np.random.randint(1, len(x) - length - 1)
    warped = int(length * np.random.choice(scales))
    middle = _resize(x[start : start + length], np.linspace(0, length - 1, warped))
    whole = np.concatenate([x[:start], middle, x[start + length :]])
    return _resize(whole, np.linspace(0, len(whole) - 1, len(x)))


def _resize(x: Window, places: np.ndarray) -> Window:
    steps = np.arange(len(x))
    return np.array([np.interp(places, steps, x[:, channel]) for channel in range(x.shape[1])]).T


def _read(x: Window, steps: np.ndarray, clock: np.ndarray) -> Window:
    return np.array([np.interp(steps, clock[:, channel], x[:, channel]) for channel in range(x.shape[1])]).T


def har(x: Window) -> Window:
    """The chain of our recipe ``har``."""
    x = time_warp(scaling(rotation(x)))
    return jitter(permutation(x) if np.random.rand() < 0.5 else x)
