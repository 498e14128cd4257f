import pytest
import torch
from torch import nn

from sslkit.errors import SSLKitError
from sslkit.optim.sgd import SGDOptimizer


def trained(nesterov=False, dtype=torch.float32, device_format=torch.contiguous_format, fused=None):
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).to(memory_format=device_format)
    settings = SGDOptimizer(learning_rate=0.4, weight_decay=0.1, nesterov=nesterov)
    optimizer = settings.build(module, batch_size=64)
    if fused is False:
        for group in optimizer.param_groups:
            group["fused"] = False
    for _ in range(4):
        optimizer.zero_grad()
        module(torch.randn(4, 3, 6, 6)).sin().mean().backward()
        optimizer.step()
    return module, optimizer


@pytest.mark.parametrize("nesterov", [False, True])
def test_steps_equal_the_float64_formula(nesterov):
    module = nn.Linear(3, 2)
    optimizer = SGDOptimizer(learning_rate=0.4, weight_decay=0.1, nesterov=nesterov).build(module, 64)
    values = [p.detach().double() for p in module.parameters()]
    buffers = [torch.zeros_like(value) for value in values]
    for step in range(4):
        for i, (parameter, decay) in enumerate(zip(module.parameters(), (0.1, 0.0), strict=True)):
            gradient = torch.randn(parameter.shape, generator=torch.Generator().manual_seed(step))
            parameter.grad = gradient
            update = gradient.double() + decay * values[i]
            buffers[i] = 0.9 * buffers[i] + update
            values[i] = values[i] - 0.1 * (update + 0.9 * buffers[i] if nesterov else buffers[i])
        optimizer.step()
    for parameter, value in zip(module.parameters(), values, strict=True):
        torch.testing.assert_close(parameter.detach().double(), value, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("device_format", [torch.contiguous_format, torch.channels_last])
def test_fused_steps_equal_unfused_ones(device_format):
    fused, optimizer = trained(device_format=device_format)
    plain, _ = trained(device_format=device_format, fused=False)
    assert all(group["fused"] for group in optimizer.param_groups)
    for p, q in zip(fused.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=1e-4, atol=1e-5)


def test_parameters_that_cannot_be_fused_fall_back():
    optimizer = SGDOptimizer().build(nn.Linear(2, 2, device="meta"), 256)
    assert not any(group["fused"] for group in optimizer.param_groups)


def test_rates_and_groups():
    assert SGDOptimizer().effective_learning_rate(512) == pytest.approx(0.1)
    optimizer = SGDOptimizer(weight_decay=0.3).build(nn.Linear(2, 2), 512)
    assert [group["weight_decay"] for group in optimizer.param_groups] == [0.3, 0.0]
    assert all(group["lr"] == pytest.approx(0.1) for group in optimizer.param_groups)


def test_nesterov_without_momentum_is_refused():
    with pytest.raises(SSLKitError, match="set momentum"):
        SGDOptimizer(momentum=0.0, nesterov=True)
