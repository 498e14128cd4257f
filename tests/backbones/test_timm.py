import sys

import pytest

from sslkit.backbones.timm import Timm
from sslkit.errors import SSLKitError
from tests.backbones.contract import assert_keeps_contract, parameters


@pytest.fixture
def timm():
    return pytest.importorskip("timm")


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        ("convnext_atto", (13, 33, 47)),
        ("vit_tiny_patch16_224", (1, 32, 48)),
        ("mobilenetv3_small_050", (3, 32, 32)),
    ],
)
def test_keeps_the_contract(timm, model, shape):
    assert_keeps_contract(lambda shape: Timm(shape, model=model), shape)


def test_has_no_classifier(timm):
    assert parameters(Timm((3, 64, 64), model="resnet18")) == 11_176_512


def test_an_unknown_model_gets_the_nearest_name(timm):
    with pytest.raises(SSLKitError, match=r"no model 'resnet81'\. Did you mean .*resnet"):
        Timm((3, 32, 32), model="resnet81")
    with pytest.raises(SSLKitError, match="list_models"):
        Timm((3, 32, 32), model="q!?")


def test_a_model_that_cannot_take_the_shape_is_refused(timm):
    with pytest.raises(SSLKitError, match=r"vit_tiny_patch16_224' cannot take samples of shape \(3, 5, 5\)"):
        Timm((3, 5, 5), model="vit_tiny_patch16_224")


def test_without_timm_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(SSLKitError, match=r'pip install "sslkit\[timm\]"'):
        Timm((3, 32, 32), model="resnet18")
