import copy
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from sslkit.errors import SSLKitError
from sslkit.objectives.byol import BYOL, regression_loss, spread
from tests.objectives.networks import Normed, Plain, PlainHead, in_two_processes, two_views


def objective(backbone=Plain, seed=0, **settings):
    torch.manual_seed(seed)
    return BYOL(backbone(), projector=PlainHead, predictor=PlainHead, **settings)


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def test_the_loss_and_its_gradient_equal_the_float64_formula():
    torch.manual_seed(0)
    prediction, target = torch.randn(9, 6, requires_grad=True), torch.randn(9, 6)
    loss = regression_loss(prediction, target)
    loss.backward()
    p, z = prediction.detach().double().numpy(), target.double().numpy()
    cosine = (unit(p) * unit(z)).sum(1, keepdims=True)
    assert loss.item() == pytest.approx((2 - 2 * cosine).mean(), abs=1e-6)
    gradient = -2 / len(p) * (unit(z) - cosine * unit(p)) / np.linalg.norm(p, axis=1, keepdims=True)
    np.testing.assert_allclose(prediction.grad, gradient, atol=1e-6)


def test_both_crossed_terms_are_added():
    byol, views = objective(), two_views(1, 9)
    prediction = [
        byol.predictor(byol.projector(byol.backbone(view))).detach().double().numpy() for view in views
    ]
    target = [byol.target_projector(byol.target_backbone(view)).double().numpy() for view in views]
    expected = ((unit(prediction[0]) - unit(target[1])) ** 2).sum(1).mean()
    expected += ((unit(prediction[1]) - unit(target[0])) ** 2).sum(1).mean()
    assert byol(views)["loss"].item() == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(("sign", "loss"), [(1.0, 0.0), (-1.0, 8.0)])
def test_the_loss_reaches_from_0_to_8(sign, loss):
    byol = objective()
    byol.predictor = nn.Identity()
    for part in (byol.target_projector.linear, byol.projector.linear):
        part.bias.data.zero_()
    byol.target_projector.linear.weight.data.mul_(sign)
    view = two_views(2, 5)[0]
    assert byol([view, view])["loss"].item() == pytest.approx(loss, abs=1e-5)


def test_gradients_reach_the_online_network_and_nothing_else():
    byol = objective()
    byol(two_views(1, 6))["loss"].backward()
    for name, parameter in byol.named_parameters():
        is_target = name.startswith("target_")
        assert parameter.requires_grad != is_target
        assert (parameter.grad is None) == is_target, name


def test_the_default_heads_are_the_papers_and_share_nothing():
    byol = BYOL(Normed())
    places = [p.data_ptr() for p in byol.parameters()]
    assert len(set(places)) == len(places)
    assert byol.projector.out_dim == byol.predictor.out_dim == 256
    assert not hasattr(byol, "target_predictor")
    modules = {
        id(m) for m in (*byol.projector.modules(), *byol.predictor.modules(), *byol.backbone.modules())
    }
    assert not modules & {id(m) for m in (*byol.target_projector.modules(), *byol.target_backbone.modules())}
    assert 0 <= byol(two_views(0, 4))["loss"].item() <= 8


def test_the_target_is_the_copied_backbone_and_projector():
    byol = objective()
    for name in ("backbone", "projector"):
        online, target = getattr(byol, name), getattr(byol, f"target_{name}")
        assert all(torch.equal(p, q) for p, q in zip(online.parameters(), target.parameters(), strict=True))


@pytest.mark.parametrize("schedule", ["cosine", "constant"])
def test_the_target_follows_over_many_steps_as_float64_does(schedule):
    byol, total, initial = objective(tau=0.9, tau_schedule=schedule), 20, 0.9
    optimizer = torch.optim.SGD([p for p in byol.parameters() if p.requires_grad], lr=0.5)
    pairs = [*zip(byol.backbone.parameters(), byol.target_backbone.parameters(), strict=True)]
    pairs += zip(byol.projector.parameters(), byol.target_projector.parameters(), strict=True)
    expected = [target.double() for _, target in pairs]
    for k in range(1, total + 1):
        optimizer.zero_grad()
        byol(two_views(k, 8))["loss"].backward()
        optimizer.step()
        tau = 1 - (1 - initial) * (1 + np.cos(np.pi * k / total)) / 2 if schedule == "cosine" else initial
        expected = [
            tau * old + (1 - tau) * p.detach().double() for old, (p, _) in zip(expected, pairs, strict=True)
        ]
        assert byol.after_step(k / total) == {"tau": pytest.approx(tau)}
    for value, (_, target) in zip(expected, pairs, strict=True):
        torch.testing.assert_close(target.double(), value, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("tau", "follows"), [(1.0, False), (0.0, True)])
def test_a_target_that_never_moves_and_one_that_is_the_online_network(tau, follows):
    byol = objective(tau=tau, tau_schedule="constant")
    first = copy.deepcopy(byol.target_backbone.state_dict())
    with torch.no_grad():
        for parameter in byol.backbone.parameters():
            parameter.add_(1.0)
    byol.after_step(0.5)
    expected = byol.backbone.state_dict() if follows else first
    assert all(
        torch.equal(value, expected[name]) for name, value in byol.target_backbone.state_dict().items()
    )


def test_a_cosine_from_1_never_moves_either():
    assert objective(tau=1.0).after_step(0.3) == {"tau": 1.0}


def test_each_view_has_batch_statistics_of_its_own():
    byol = objective(Normed)
    views = two_views(3, 6)
    views[1] = views[1] * 3 + 10
    byol(views)
    assert byol.backbone.batch_sizes == byol.target_backbone.batch_sizes == [6, 6]
    outputs = byol._predict(views[0]), byol._predict(views[1])
    together = byol._predict(torch.cat(views))
    assert not torch.allclose(torch.cat(outputs), together, atol=1e-2)


def test_the_targets_statistics_are_its_own_and_never_averaged():
    byol = objective(Normed, tau=0.0, tau_schedule="constant")
    with torch.no_grad():
        byol.target_backbone.linear.bias.add_(7.0)
    byol(two_views(4, 6))
    before = {name: buffer.clone() for name, buffer in byol.target_backbone.named_buffers()}
    assert not torch.allclose(before["norm.running_mean"], byol.backbone.norm.running_mean)
    byol.after_step(0.5)
    assert all(torch.equal(buffer, before[name]) for name, buffer in byol.target_backbone.named_buffers())
    assert byol.target_backbone.norm.num_batches_tracked == 2
    assert byol.target_backbone.norm.num_batches_tracked.dtype == torch.int64


def test_the_target_stays_in_training_mode():
    byol = objective(Normed)
    for change in (byol.eval, byol.train, lambda: byol.train(False)):
        change()
        assert all(m.training for m in (*byol.target_backbone.modules(), *byol.target_projector.modules()))
    assert not byol.training and not byol.backbone.norm.training


def test_a_state_dict_brings_back_online_and_target():
    first, second = objective(Normed, seed=0), objective(Normed, seed=1)
    with torch.no_grad():
        first.backbone.linear.weight.add_(1.0)
    first(two_views(0, 4))
    first.after_step(0.1)
    second.load_state_dict(first.state_dict())
    assert second(two_views(5, 4))["loss"].item() == first(two_views(5, 4))["loss"].item()
    names = set(first.state_dict())
    assert {"target_backbone.linear.weight", "target_backbone.norm.num_batches_tracked"} <= names
    assert not any("target_predictor" in name for name in names)


@pytest.mark.parametrize("batch_size", [2, 3, 7])
def test_odd_batches(batch_size):
    assert 0 <= objective(Normed)(two_views(0, batch_size))["loss"].item() <= 8


def test_a_batch_of_one_works_without_batch_norm_and_is_explained_with_it():
    assert objective()(two_views(0, 1))["loss"].isfinite()
    with pytest.raises(SSLKitError, match="at least 2 samples"):
        BYOL(Plain())(two_views(0, 1))


def test_bfloat16_is_computed_in_float32():
    prediction, target = (x.bfloat16() for x in two_views(0, 32))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = regression_loss(prediction, target)
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(regression_loss(prediction.float(), target.float()).item(), abs=1e-6)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logs = objective()([view.bfloat16() for view in two_views(0, 8)])
    assert logs["loss"].dtype == torch.float32
    logs["loss"].backward()


def test_the_logged_spread_tells_a_collapsed_target_from_a_full_sphere():
    assert spread(torch.randn(1, 4).expand(64, 4)).item() == pytest.approx(0.0, abs=1e-5)
    assert spread(torch.randn(4096, 16) * 50).item() == pytest.approx(1.0, abs=0.02)
    byol, views = objective(), two_views(0, 8)
    projection = byol.target_projector(byol.target_backbone(views[0])).double().numpy()
    expected = unit(projection).std(0).mean() * 2  # four dimensions
    assert byol(views)["projection_std"].item() == pytest.approx(expected, abs=1e-5)


def test_zero_embeddings_give_a_finite_loss_and_gradient():
    prediction = torch.zeros(3, 4, requires_grad=True)
    loss = regression_loss(prediction, torch.randn(3, 4))
    loss.backward()
    assert loss.item() == pytest.approx(1.0, abs=1e-6) and prediction.grad.isfinite().all()


def test_heads_of_different_width_are_refused():
    with pytest.raises(SSLKitError, match="same out_dim"):
        BYOL(Plain(), projector=PlainHead, predictor=partial(PlainHead, out_dim=5))


def test_the_wrong_number_of_views_is_refused():
    with pytest.raises(SSLKitError, match="takes 2 views"):
        objective()(two_views(0, 4)[:1])


def train_in_ddp(rank):
    byol = objective(Normed, seed=rank, tau=0.9)  # DDP sends the first process's weights to the other
    network = DistributedDataParallel(byol, find_unused_parameters=False, broadcast_buffers=False)
    start = {name: value.clone() for name, value in byol.state_dict().items()}
    optimizer = torch.optim.SGD([p for p in byol.parameters() if p.requires_grad], lr=0.5)
    for step in range(3):
        optimizer.zero_grad()
        network(two_views(10 * step + rank, 6))["loss"].backward()
        optimizer.step()
        byol.after_step((step + 1) / 10)
    return start, byol.state_dict()


def test_targets_stay_the_same_on_all_processes(tmp_path):
    (start, first), (_, second) = in_two_processes(train_in_ddp, tmp_path)
    names = [name for name, _ in objective(Normed).named_parameters()]
    for name in names:
        assert torch.equal(first[name], second[name]), name
        # a bias before BatchNorm has no gradient to speak of
        assert name.endswith("linear.bias") or not torch.equal(first[name], start[name]), name
    assert not torch.equal(
        first["target_backbone.norm.running_mean"], second["target_backbone.norm.running_mean"]
    )
