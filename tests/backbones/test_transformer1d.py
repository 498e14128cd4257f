import pytest
import torch

from sslkit.backbones.transformer1d import Transformer1d
from sslkit.errors import SSLKitError
from tests.backbones.contract import assert_keeps_contract, parameters


@pytest.mark.parametrize("shape", [(6, 128), (1, 1023), (40, 77)])
def test_keeps_the_contract(shape):
    assert_keeps_contract(Transformer1d, shape)


@pytest.mark.parametrize("length", [1, 7, 8])
def test_a_window_of_one_patch_works(length):
    assert Transformer1d((3, length))(torch.randn(2, 3, length)).shape == (2, 128)


def test_parameters():
    layer = 4 * (128 * 128 + 128) + 2 * (128 * 512) + 512 + 128 + 4 * 128
    embed = 6 * 8 * 128 + 128
    assert parameters(Transformer1d((6, 128))) == embed + 16 * 128 + 4 * layer + 2 * 128


def test_an_odd_length_is_filled_with_zeros_at_the_end():
    odd, full = Transformer1d((2, 13)).eval(), Transformer1d((2, 16)).eval()
    full.load_state_dict(odd.state_dict())
    x = torch.randn(3, 2, 13)
    filled = torch.cat([x, torch.zeros(3, 2, 3)], dim=2)
    torch.testing.assert_close(odd(x), full(filled))


def test_the_order_of_patches_matters_only_through_positions():
    backbone = Transformer1d((2, 32)).eval()
    x = torch.randn(3, 2, 32)
    swapped = torch.cat([x[..., 16:], x[..., :16]], dim=2)
    assert not torch.allclose(backbone(x), backbone(swapped), atol=1e-4)
    torch.nn.init.zeros_(backbone.positions)
    torch.testing.assert_close(backbone(x), backbone(swapped), atol=1e-5, rtol=1e-4)


def test_layers_start_with_weights_of_their_own():
    first, second = Transformer1d((2, 32)).layers[:2]
    assert not torch.equal(first.linear1.weight, second.linear1.weight)


def test_dropout_only_while_training():
    backbone, x = Transformer1d((2, 32)), torch.randn(3, 2, 32)
    assert not torch.equal(backbone(x), backbone(x))
    still = Transformer1d((2, 32), dropout=0.0)
    assert torch.equal(still(x), still(x))


def test_what_cannot_be_taken_is_refused():
    with pytest.raises(SSLKitError, match="3 heads do not divide a width of 128"):
        Transformer1d((2, 32), heads=3)
    with pytest.raises(SSLKitError, match="transformer1d"):
        Transformer1d((3, 32, 32))
