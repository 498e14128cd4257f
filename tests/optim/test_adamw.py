import pytest
import torch
from torch import nn

from sslkit.optim.adamw import AdamWOptimizer


def test_fused_steps_equal_the_float64_formula():
    module = nn.Linear(3, 2)
    optimizer = AdamWOptimizer(learning_rate=0.01, weight_decay=0.1, betas=(0.8, 0.9)).build(module, 64)
    assert all(group["fused"] for group in optimizer.param_groups)
    values = [p.detach().double() for p in module.parameters()]
    means, squares = ([torch.zeros_like(value) for value in values] for _ in range(2))
    for step in range(1, 5):
        for i, (parameter, decay) in enumerate(zip(module.parameters(), (0.1, 0.0), strict=True)):
            parameter.grad = torch.randn(parameter.shape, generator=torch.Generator().manual_seed(step))
            gradient = parameter.grad.double()
            means[i] = 0.8 * means[i] + 0.2 * gradient
            squares[i] = 0.9 * squares[i] + 0.1 * gradient**2
            corrected = means[i] / (1 - 0.8**step) / ((squares[i] / (1 - 0.9**step)).sqrt() + 1e-8)
            values[i] = values[i] * (1 - 0.01 * decay) - 0.01 * corrected
        optimizer.step()
    for parameter, value in zip(module.parameters(), values, strict=True):
        torch.testing.assert_close(parameter.detach().double(), value, rtol=1e-5, atol=1e-6)


def test_channels_last_weights_are_stepped_alike():
    def train(memory_format):
        torch.manual_seed(0)
        module = nn.Conv2d(3, 4, 3)
        module.to(memory_format=memory_format)
        optimizer = AdamWOptimizer().build(module, 8)
        for _ in range(3):
            optimizer.zero_grad()
            module(torch.randn(2, 3, 6, 6)).pow(2).sum().backward()
            optimizer.step()
        return module.weight.detach()

    torch.testing.assert_close(
        train(torch.channels_last), train(torch.contiguous_format), rtol=1e-4, atol=1e-5
    )


def test_the_rate_is_absolute_unless_told():
    assert AdamWOptimizer().effective_learning_rate(4096) == 1e-3
    assert AdamWOptimizer(batch_scaling="linear").effective_learning_rate(512) == pytest.approx(2e-3)


def test_a_rate_for_lars_is_not_typical():
    low, high = AdamWOptimizer.typical
    assert low < AdamWOptimizer().effective_learning_rate(256) < high < 0.2


def test_parameters_that_cannot_be_fused_fall_back():
    optimizer = AdamWOptimizer().build(nn.Linear(2, 2, device="meta"), 256)
    assert not any(group["fused"] for group in optimizer.param_groups)
