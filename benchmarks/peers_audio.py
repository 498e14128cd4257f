"""Sounds by peers: torch-audiomentations, torchaudio batched, BYOL-A's chain one sample at a time."""

from __future__ import annotations

from functools import partial

import torch
from byol_a_per_sample import Chain
from inputs import RATE_HZ, sound_folder, stored_samples
from measuring import Call, Makers
from torch import Tensor, nn

N_VIEWS = 2
MEL = {"n_fft": 1024, "win_length": 1024, "hop_length": 160, "n_mels": 64, "f_min": 60.0, "f_max": 7800.0}


def clips(batch_size: int) -> Tensor:
    return torch.from_numpy(stored_samples("audio", batch_size, 0)).float() / 32768


def log_mel() -> nn.Module:
    from torchaudio.transforms import MelSpectrogram

    class LogMel(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.mel = MelSpectrogram(sample_rate=RATE_HZ, **MEL)

        def forward(self, x: Tensor) -> Tensor:
            power: Tensor = self.mel(x)
            return (power + torch.finfo(torch.float32).eps).log().unsqueeze(1)

    return LogMel()


def torchaudio(group: str, batch_size: int, window_length: int) -> Makers:
    """As it comes, a whole batch at a time."""
    from torchaudio.transforms import FrequencyMasking, TimeMasking

    x, transform = clips(batch_size), log_mel()
    spectrograms = transform(x)
    masks = nn.Sequential(FrequencyMasking(16, iid_masks=True), TimeMasking(25, iid_masks=True))
    return {
        "front end log-mel": {"": lambda: Call(lambda: transform(x), len(x))},
        "spec-augment": {"": lambda: Call(lambda: masks(spectrograms), len(x))},
    }


def per_sample(group: str, batch_size: int, window_length: int) -> Makers:
    """BYOL-A's own chain on log-mel spectrograms, then one normalisation of the batch."""
    spectrograms = log_mel()(clips(batch_size))
    spectrograms = (spectrograms - spectrograms.mean()) / spectrograms.std()
    chain = Chain()

    def run() -> list[Tensor]:
        views = []
        for _ in range(N_VIEWS):
            view = torch.stack([chain(sample) for sample in spectrograms])
            views.append((view - view.mean()) / view.std())
        return views

    return {"recipe byol-a": {"": lambda: Call(run, N_VIEWS * len(spectrograms))}}


def torch_audiomentations(group: str, batch_size: int, window_length: int) -> Makers:
    """Batched waveforms, a draw for each sample."""
    import torch_audiomentations as library

    x = clips(batch_size).unsqueeze(1)
    shared = {"p": 1.0, "sample_rate": RATE_HZ, "output_type": "tensor"}
    transforms = {
        "gain": library.Gain(**shared),
        "coloured-noise": library.AddColoredNoise(**shared),
        "waveform-low-pass": library.LowPassFilter(**shared),
        "waveform-high-pass": library.HighPassFilter(**shared),
        "waveform-band-pass": library.BandPassFilter(**shared),
        "waveform-band-stop": library.BandStopFilter(**shared),
        "pitch-shift": library.PitchShift(**shared),
        "background-noise": library.AddBackgroundNoise(sound_folder(), **shared),
        "impulse-response": library.ApplyImpulseResponse(sound_folder(), **shared),
        "polarity": library.PolarityInversion(**shared),
        "time-shift": library.Shift(**shared),
    }
    chain = library.Compose(
        [
            transforms["time-shift"],
            transforms["gain"],
            library.AddColoredNoise(**{**shared, "p": 0.5}),
            library.LowPassFilter(**{**shared, "p": 0.3}),
        ],
        output_type="tensor",
    )
    mel = log_mel()

    def make(transform: nn.Module) -> Call:
        return Call(lambda: transform(x, sample_rate=RATE_HZ), len(x))

    def recipe() -> Call:
        def run() -> list[Tensor]:
            return [mel(chain(x, sample_rate=RATE_HZ).squeeze(1)) for _ in range(N_VIEWS)]

        return Call(run, N_VIEWS * len(x))

    return {
        "recipe simclr-audio": {"": recipe},
        **{name: {"": partial(make, transform)} for name, transform in transforms.items()},
    }
