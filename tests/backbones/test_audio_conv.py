import pytest
import torch
from torch.nn import functional as F

from sslkit.backbones.audio_conv import AudioConv
from sslkit.errors import SSLKitError
from tests.backbones.contract import assert_keeps_contract, parameters


@pytest.mark.parametrize("shape", [(1, 64, 101), (3, 33, 47), (13, 8, 8)])
def test_keeps_the_contract(shape):
    assert_keeps_contract(lambda shape: AudioConv(shape, width=16, out_dim=64), shape)


@pytest.mark.parametrize(("out_dim", "count"), [(512, 600_192), (1024, 1_649_792), (2048, 5_321_856)])
def test_parameters_of_the_papers_networks(out_dim, count):
    assert parameters(AudioConv((1, 64, 96), out_dim=out_dim)) == count


def test_equals_the_reference_written_out():
    backbone, x = AudioConv((1, 64, 101), width=8, out_dim=32), torch.randn(4, 1, 64, 101)
    backbone(x)  # so that the norms' statistics are no longer 0 and 1
    backbone.eval()
    maps = x
    for convolution, norm, *_ in backbone.blocks:
        maps = F.conv2d(maps, convolution.weight, convolution.bias, padding=1)
        maps = F.batch_norm(maps, norm.running_mean, norm.running_var, norm.weight, norm.bias)
        maps = F.max_pool2d(F.relu(maps), 2, stride=2)
    assert maps.shape == (4, 8, 8, 12)
    vectors = torch.stack([maps[..., t].transpose(1, 2).reshape(4, 64) for t in range(12)], dim=1)
    first, _, _, second, _ = backbone.mlp
    hidden = F.relu(F.linear(vectors, first.weight, first.bias))
    frames = F.relu(F.linear(hidden, second.weight, second.bias))
    torch.testing.assert_close(backbone(x), frames.mean(1) + frames.max(1).values)


def test_vectors_are_band_by_band_then_channels_as_the_reference():
    """The reference permutes to (time, band, channel); the order decides whether its weights fit."""
    backbone = AudioConv((1, 64, 16), width=8, out_dim=8)
    seen = []
    backbone.mlp[0].register_forward_hook(lambda module, inputs, output: seen.append(inputs[0]))
    x = torch.randn(2, 1, 64, 16)
    backbone.eval()(x)
    maps = backbone.blocks(x)
    assert torch.equal(seen[0][1, 0, 8 + 3], maps[1, 3, 1, 0])


def test_dropout_only_while_training():
    x = torch.randn(2, 1, 16, 16)
    backbone, still = (AudioConv((1, 16, 16), width=4, out_dim=64, dropout=p) for p in (0.3, 0.0))
    assert not torch.equal(backbone(x), backbone(x))
    assert torch.equal(still(x), still(x))


@pytest.mark.parametrize("shape", [(1, 7, 101), (1, 64, 7)])
def test_too_few_bands_or_frames_are_refused(shape):
    with pytest.raises(SSLKitError, match="at least 8 of each"):
        AudioConv(shape)


def test_waveforms_are_refused():
    with pytest.raises(SSLKitError, match="audio-conv"):
        AudioConv((16000,))
