import torch

from sslkit.augment.audio.spec_augment import SpecAugment, kept


def test_equals_slicing(spectrograms):
    augmentation = SpecAugment()
    batch, _, mels, frames = spectrograms.shape
    out = augmentation.apply(spectrograms, torch.Generator().manual_seed(4))
    mirror = torch.Generator().manual_seed(4)
    bands = augmentation.draw(batch, mels, 0.25, mirror)
    stretches = augmentation.draw(batch, frames, 0.25, mirror)
    for i in range(batch):
        expected = spectrograms[i].clone()
        for start, width in zip(*(t[i].int().tolist() for t in bands), strict=True):
            expected[:, start : start + width] = 0
        for start, width in zip(*(t[i].int().tolist() for t in stretches), strict=True):
            expected[:, :, start : start + width] = 0
        assert torch.equal(out[i], expected)


def test_draws(generator):
    starts, widths = SpecAugment(masks=3).draw(3000, 40, 0.25, generator)
    assert starts.shape == (3000, 3)
    assert set(widths.flatten().tolist()) == set(range(11))
    assert starts.min() == 0 and (starts + widths).max() == 40


def test_nothing_and_everything(spectrograms, generator):
    assert torch.equal(SpecAugment(0.0, 0.0).apply(spectrograms, generator), spectrograms)
    assert not kept(torch.zeros(1, 1), torch.full((1, 1), 5.0), 5).any()
