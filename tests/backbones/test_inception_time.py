import pytest
import torch
from torch.nn import functional as F

from sslkit.backbones.inception_time import InceptionTime
from sslkit.errors import SSLKitError
from tests.backbones.contract import assert_keeps_contract, parameters


@pytest.mark.parametrize("shape", [(6, 64), (1, 33), (40, 25), (3, 1)])
def test_keeps_the_contract(shape):
    assert_keeps_contract(lambda shape: InceptionTime(shape, filters=8), shape)


def test_parameters_of_the_papers_network():
    """By hand from the authors' code: six modules, shortcuts (1×1 convolution, norm) after 3 and 6."""

    def module(channels):
        return 32 * channels + 32 * 32 * (40 + 20 + 10) + 32 * channels + 2 * 128

    expected = module(3) + 5 * module(128) + (3 * 128 + 256) + (128 * 128 + 256)
    assert parameters(InceptionTime((3, 100))) == expected


def test_parameters_agree_with_tsai():
    """tsai documents 455,490 with odd kernels, 2 classes, and no convolution in the second shortcut."""
    ours = parameters(InceptionTime((3, 100), kernels=(39, 19, 9)))
    assert ours - 128 * 128 + (128 * 2 + 2) == 455_490


def test_one_channel_has_no_bottleneck():
    first, second = InceptionTime((1, 50)).inceptions[:2]
    assert first.convolutions[0].in_channels == 1 and not list(first.bottleneck.parameters())
    assert second.convolutions[0].in_channels == 32


@pytest.mark.parametrize("length", [5, 64])
def test_a_module_equals_its_layers_written_out(length):
    """Padding as Keras's "same": an even kernel has one zero more on the right."""
    module, x = InceptionTime((3, length), filters=4, bottleneck=5).inceptions[0], torch.randn(2, 3, length)
    narrow = F.conv1d(x, module.bottleneck.weight.squeeze(2))
    paths = [
        F.conv1d(F.pad(narrow, ((kernel - 1) // 2, kernel // 2)), convolution.weight.squeeze(2))
        for kernel, convolution in zip((40, 20, 10), module.convolutions, strict=True)
    ]
    widest = F.pad(x, (1, 1), value=-torch.inf).unfold(2, 3, 1).amax(3)
    paths.append(F.conv1d(widest, module.pooled[1].weight.squeeze(2)))
    expected = F.relu(F.batch_norm(torch.cat(paths, 1), None, None, training=True))
    torch.testing.assert_close(module(x.unsqueeze(2)).squeeze(2), expected, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("length", [7, 64])
def test_time_keeps_its_length_until_the_mean(length):
    backbone = InceptionTime((2, length), filters=4, depth=3)
    assert backbone.inceptions[0](torch.randn(2, 2, 1, length)).shape == (2, 16, 1, length)


@pytest.mark.parametrize(("depth", "shortcuts"), [(1, []), (3, ["2"]), (7, ["2", "5"])])
def test_a_shortcut_spans_every_three_modules(depth, shortcuts):
    assert list(InceptionTime((2, 20), filters=2, depth=depth).shortcuts) == shortcuts


def test_images_are_refused():
    with pytest.raises(SSLKitError, match="inception-time"):
        InceptionTime((3, 32, 32))
