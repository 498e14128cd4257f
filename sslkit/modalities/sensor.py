"""Windows of sensor signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from einops import rearrange
from torch import Tensor
from torch.nn import functional

from sslkit.hookspecs import hookimpl
from sslkit.types import Modality, SampleSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sslkit.registry import Registry

BANDS = 24
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")  # Okabe & Ito 2008


class Sensor(Modality):
    """Windows ``(C, T)`` of one or many channels: accelerations, vibration, currents, …"""

    defaults = {"views": "sensor-default", "frontend": "standardise", "backbone": "resnet1d"}  # noqa: RUF012

    def handcrafted(self, x: Tensor, spec: SampleSpec) -> Tensor:
        """Statistics and spectrum of every channel ``(B, C·F)``: usual for activities and vibration.

        Per channel: mean, standard deviation, minimum, maximum, quartiles, skewness, excess kurtosis, rate of
        crossings of the mean; log10 of the energy, and log10 of its share in each of up to 24 equal bands of
        the spectrum (without the mean, Hann window). A constant channel gives finite figures. A missing value
        counts as its window's mean.
        """
        if spec.missing:
            x = torch.where(x.isnan(), x.nanmean(-1, keepdim=True).nan_to_num(nan=0.0), x)
        mean = x.mean(dim=-1, keepdim=True)
        centred = x - mean
        std = centred.square().mean(dim=-1, keepdim=True).sqrt()
        rounding = 1e-6 * x.abs().amax(dim=-1, keepdim=True)
        centred = torch.where(std > rounding, centred, torch.zeros_like(centred))
        features = [
            _statistics(x, mean, std),
            _shape(centred, std),
            _spectrum(centred),
        ]
        return rearrange(torch.cat(features, dim=-1), "b c f -> b (c f)")

    def draw(self, axes: Axes, sample: Tensor, spec: SampleSpec) -> None:
        """A line a channel over seconds (samples where no rate is known), named where they are few."""
        from matplotlib import colormaps

        signal = sample.detach().float().cpu().numpy()
        count, length = signal.shape
        colours = (
            COLOURS if count <= len(COLOURS) else colormaps["cividis"](torch.linspace(0, 1, count).numpy())
        )
        time = torch.arange(length).numpy() / (spec.rate_hz or 1.0)
        for channel in range(count):
            label = spec.channels[channel] if channel < len(spec.channels) else f"channel {channel + 1}"
            axes.plot(time, signal[channel], color=colours[channel], linewidth=1, label=label)
        axes.set_xlabel("seconds" if spec.rate_hz else "samples")
        axes.margins(x=0)
        if 1 < count <= len(COLOURS):
            axes.legend(fontsize="x-small", ncols=min(count, 3), frameon=False)


def _statistics(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """``(B, C, 7)``: mean, standard deviation, minimum, maximum and quartiles."""
    quartiles = torch.quantile(x, torch.tensor([0.25, 0.5, 0.75], dtype=x.dtype, device=x.device), dim=-1)
    low, high = torch.aminmax(x, dim=-1, keepdim=True)
    return torch.cat([mean, std, low, high, rearrange(quartiles, "quartile b c -> b c quartile")], dim=-1)


def _shape(centred: Tensor, std: Tensor) -> Tensor:
    """``(B, C, 3)``: skewness, excess kurtosis, share of steps that cross the mean; zeros where constant."""
    z = centred / std.clamp(min=torch.finfo(std.dtype).tiny)
    varies = (centred != 0).any(dim=-1)
    above = centred > 0
    crossings = (above[..., 1:] != above[..., :-1]).to(centred.dtype).sum(dim=-1) / max(
        centred.shape[-1] - 1, 1
    )
    kurtosis = torch.where(varies, z.pow(4).mean(dim=-1) - 3, torch.zeros_like(crossings))
    return torch.stack([z.pow(3).mean(dim=-1), kurtosis, crossings], dim=-1)


def _spectrum(centred: Tensor) -> Tensor:
    """``(B, C, 1 + bands)``: log10 of the energy, and of each band's share of it (floor 1e-6)."""
    window = torch.hann_window(centred.shape[-1], periodic=True, dtype=centred.dtype, device=centred.device)
    power = torch.fft.rfft(centred * window).abs().square()[..., 1:]
    bands = functional.adaptive_avg_pool1d(power, min(BANDS, power.shape[-1]))
    share = bands / bands.sum(dim=-1, keepdim=True).clamp(min=torch.finfo(bands.dtype).tiny)
    energy = centred.square().mean(dim=-1, keepdim=True)
    return torch.cat([(energy + 1e-12).log10(), (share + 1e-6).log10()], dim=-1)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("sensor", Sensor)
