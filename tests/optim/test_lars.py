import copy

import numpy as np
import pytest
import torch
from torch import nn

from sslkit.optim.lars import LARS, LARSOptimizer


def network(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Conv1d(2, 4, 3, padding=1), nn.BatchNorm1d(4), nn.Flatten(), nn.Linear(12, 3))


def gradients(module, step):
    generator = torch.Generator().manual_seed(step)
    return [torch.randn(p.shape, generator=generator) for p in module.parameters()]


def reference_step(value, gradient, momentum_buffer, rate, decay, adapt, momentum=0.9, eta=1e-3):
    """The formula in float64: decay, scale, momentum, learning rate."""
    update = gradient + decay * value
    length, update_length = np.linalg.norm(value), np.linalg.norm(update)
    if adapt and length > 0 and update_length > 0:
        update = update * eta * length / update_length
    momentum_buffer = momentum * momentum_buffer + update
    return value - rate * momentum_buffer, momentum_buffer


@pytest.mark.parametrize("decay", [0.0, 1e-6, 0.1])
def test_steps_equal_the_float64_formula(decay):
    module = network()
    optimizer = LARSOptimizer(weight_decay=decay).build(module, batch_size=512)
    names = [name for name, _ in module.named_parameters()]
    adapted = {"0.weight", "3.weight"}
    values = [p.detach().double().numpy() for p in module.parameters()]
    buffers = [np.zeros_like(value) for value in values]
    for step in range(6):
        rate = 0.6 * (1 + step)
        for group in optimizer.param_groups:
            group["lr"] = rate
        for i, gradient in enumerate(gradients(module, step)):
            list(module.parameters())[i].grad = gradient
            is_adapted = names[i] in adapted
            values[i], buffers[i] = reference_step(
                values[i], gradient.double().numpy(), buffers[i], rate, decay * is_adapted, is_adapted
            )
        optimizer.step()
    for name, parameter, value in zip(names, module.parameters(), values, strict=True):
        np.testing.assert_allclose(parameter.detach(), value, rtol=2e-5, atol=2e-6, err_msg=name)


def test_the_first_update_is_eta_times_the_parameters_length_with_and_without_decay():
    for decay, size in ((0.0, 1e3), (0.5, 1e3), (0.0, 1e-6)):
        parameter = nn.Parameter(torch.randn(5, 4))
        before = parameter.detach().clone()
        parameter.grad = torch.randn(5, 4) * size
        LARS([parameter], lr=2.0, weight_decay=decay).step()
        moved = (parameter.detach() - before).norm() / before.norm()
        assert moved.item() == pytest.approx(2.0 * 1e-3, rel=1e-3)


def test_scaling_a_gradient_changes_nothing_for_weights_and_everything_for_biases():
    modules = network(), network()
    for module, factor in zip(modules, (1.0, 100.0), strict=True):
        for parameter, gradient in zip(module.parameters(), gradients(module, 0), strict=True):
            parameter.grad = factor * gradient
        LARSOptimizer(weight_decay=0.0).build(module, 256).step()
    torch.testing.assert_close(modules[0][3].weight, modules[1][3].weight)
    assert (modules[0][3].bias - modules[1][3].bias).abs().max() > 1
    assert (modules[0][1].weight - modules[1][1].weight).abs().max() > 1


def test_a_parameter_or_gradient_of_length_0_has_ratio_1():
    zero, still = nn.Parameter(torch.zeros(2, 2)), nn.Parameter(torch.ones(2, 2))
    zero.grad, still.grad = torch.ones(2, 2), torch.zeros(2, 2)
    LARS([zero, still], lr=0.1).step()
    torch.testing.assert_close(zero.detach(), torch.full((2, 2), -0.1))
    assert torch.equal(still.detach(), torch.ones(2, 2))


def test_parameters_without_gradient_stay_and_gradients_are_not_written_to():
    used, unused = nn.Parameter(torch.ones(2, 2)), nn.Parameter(torch.ones(2, 2))
    used.grad = torch.ones(2, 2)
    optimizer = LARS([used, unused], lr=0.1, weight_decay=0.1)
    optimizer.step()
    assert torch.equal(used.grad, torch.ones(2, 2))
    assert torch.equal(unused, torch.ones(2, 2)) and unused not in optimizer.state


def test_a_resumed_run_goes_on_bit_for_bit():
    whole, first = network(), network()
    settings = LARSOptimizer(weight_decay=1e-3)
    optimizers = [settings.build(module, 256) for module in (whole, first)]

    def step(module, optimizer, number):
        for parameter, gradient in zip(module.parameters(), gradients(module, number), strict=True):
            parameter.grad = gradient
        optimizer.step()

    for number in range(3):
        for module, optimizer in zip((whole, first), optimizers, strict=True):
            step(module, optimizer, number)
    resumed = network(seed=9)
    resumed.load_state_dict(first.state_dict())
    resumed_optimizer = settings.build(resumed, 256)
    resumed_optimizer.load_state_dict(copy.deepcopy(optimizers[1].state_dict()))
    for number in range(3, 6):
        step(whole, optimizers[0], number)
        step(resumed, resumed_optimizer, number)
    assert all(torch.equal(p, q) for p, q in zip(whole.parameters(), resumed.parameters(), strict=True))


def test_a_closure_is_called_with_gradients():
    module = nn.Linear(3, 1)
    optimizer = LARS(module.parameters(), lr=0.1)

    def closure():
        optimizer.zero_grad()
        loss = module(torch.ones(2, 3)).square().mean()
        loss.backward()
        return loss

    assert optimizer.step(closure).requires_grad


def test_it_learns():
    torch.manual_seed(0)
    module, x = nn.Linear(4, 2), torch.randn(64, 4)
    y = x @ torch.randn(4, 2)
    optimizer = LARSOptimizer(learning_rate=40.0).build(module, 256)
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        loss = (module(x) - y).square().mean()
        loss.backward()
        nn.utils.clip_grad_norm_(module.parameters(), 0.01)  # the bias is not scaled
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.7 * losses[0]


def test_the_peak_rate_of_the_settings():
    assert LARSOptimizer().effective_learning_rate(4096) == pytest.approx(4.8)
    paper = LARSOptimizer(learning_rate=0.075, batch_scaling="sqrt")
    assert paper.effective_learning_rate(4096) == pytest.approx(4.8)
    optimizer = LARSOptimizer(learning_rate=0.2, eta=2e-3, momentum=0.8).build(network(), 512)
    for group in optimizer.param_groups:
        assert (group["lr"], group["momentum"], group["eta"]) == (pytest.approx(0.4), 0.8, 2e-3)
    low, high = LARSOptimizer.typical
    assert low < 0.3 * 64 / 256 and high > 4.8 and low > 1e-3
