import numpy as np
import pytest
import torch
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel

from sslkit.errors import SSLKitError
from sslkit.objectives.simclr import SimCLR, contrastive_logits
from tests.objectives.networks import Normed, Plain, PlainHead, in_two_processes, two_views


def objective(backbone=Plain, seed=0, **settings):
    torch.manual_seed(seed)
    return SimCLR(backbone(), projector=PlainHead, **settings)


def loss_of(embedding, temperature):
    return F.cross_entropy(*contrastive_logits(embedding, temperature))


def reference(z, temperature):
    """The paper's algorithm 1 in float64, row by row, and its gradient; rows are view 1, then view 2."""
    rows, count = len(z), len(z) // 2
    lengths = np.linalg.norm(z, axis=1, keepdims=True)
    u = z / lengths
    similarity = u @ u.T / temperature
    losses, by_similarity = [], np.zeros((rows, rows))
    for i in range(rows):
        positive = i + count if i < count else i - count
        others = [j for j in range(rows) if j != i]
        exponentials = np.exp(similarity[i, others])
        losses.append(-np.log(np.exp(similarity[i, positive]) / exponentials.sum()))
        by_similarity[i, others] = exponentials / exponentials.sum()
        by_similarity[i, positive] -= 1
    by_unit = (by_similarity + by_similarity.T) @ u / temperature / rows
    return np.mean(losses), (by_unit - (by_unit * u).sum(1, keepdims=True) * u) / lengths


@pytest.mark.parametrize("count", [2, 3, 7, 16])
@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0])
def test_the_loss_and_its_gradient_equal_the_float64_formula(count, temperature):
    torch.manual_seed(count)
    z = torch.randn(2 * count, 6, requires_grad=True)
    loss = loss_of(z, temperature)
    loss.backward()
    expected, gradient = reference(z.detach().double().numpy(), temperature)
    assert loss.item() == pytest.approx(expected, rel=1e-5)
    np.testing.assert_allclose(z.grad, gradient, atol=2e-6)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_only_the_row_itself_is_masked(count):
    logits, positives = contrastive_logits(torch.randn(2 * count, 3), 0.5)
    assert torch.equal(logits.isinf(), torch.eye(2 * count, dtype=torch.bool))
    assert positives.tolist() == [*range(count, 2 * count), *range(count)]
    assert logits.gather(1, positives[:, None]).isfinite().all()


def test_known_values():
    same = torch.ones(8, 3)  # all alike: one of 2N - 1
    assert loss_of(same, 0.1).item() == pytest.approx(np.log(7), abs=1e-5)
    pairs = torch.eye(4).repeat(2, 1)  # the positive alike, the six others at right angles
    assert loss_of(pairs, 0.5).item() == pytest.approx(np.log(1 + 6 * np.exp(-2)), abs=1e-5)


def test_the_authors_reduction_is_twice_the_papers():
    views = two_views(1, 6)
    mean, total = objective(), objective(reduction="sum-of-views")
    first, second = mean(views)["loss"], total(views)["loss"]
    first.backward()
    second.backward()
    assert second.item() == pytest.approx(2 * first.item(), rel=1e-6)
    for p, q in zip(mean.parameters(), total.parameters(), strict=True):
        torch.testing.assert_close(q.grad, 2 * p.grad)


def test_the_sum_of_views_is_the_sum_of_the_two_views_means():
    views = two_views(1, 6)
    simclr = objective(reduction="sum-of-views")
    logits, positives = contrastive_logits(simclr.projector(simclr.backbone(torch.cat(views))), 0.5)
    rows = F.cross_entropy(logits, positives, reduction="none")
    assert simclr(views)["loss"].item() == pytest.approx((rows[:6].mean() + rows[6:].mean()).item(), rel=1e-6)


def test_the_order_of_views_does_not_matter():
    simclr, views = objective(), two_views(1, 6)
    assert simclr(views)["loss"].item() == pytest.approx(simclr(views[::-1])["loss"].item(), rel=1e-6)


def test_both_views_share_their_batch_statistics():
    simclr = objective(Normed)
    simclr(two_views(3, 6))
    assert simclr.backbone.batch_sizes == [12]


def test_large_similarities_do_not_overflow():
    z = (torch.randn(16, 8) * 1e4).requires_grad_()
    loss = loss_of(z, 1e-3)
    loss.backward()
    assert loss.isfinite() and z.grad.isfinite().all()


def test_bfloat16_is_computed_in_float32():
    z = torch.randn(16, 8).bfloat16()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits, _ = contrastive_logits(z, 0.1)
    assert logits.dtype == torch.float32
    expected, _ = reference(z.double().numpy(), 0.1)
    assert loss_of(z, 0.1).item() == pytest.approx(expected, rel=1e-5)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = objective()([view.bfloat16() for view in two_views(0, 8)])["loss"]
    assert loss.dtype == torch.float32
    loss.backward()


def test_one_sample_has_no_negatives():
    assert loss_of(torch.randn(2, 4), 0.5).item() == 0.0
    simclr = objective()
    with pytest.raises(SSLKitError, match="no negatives"):
        simclr(two_views(0, 1))
    assert simclr.eval()(two_views(0, 1))["loss"].item() == 0.0


def test_the_wrong_number_of_views_is_refused():
    with pytest.raises(SSLKitError, match="takes 2 views"):
        objective()(two_views(0, 4) * 2)


def test_accuracy_is_that_of_the_nearest_neighbour():
    simclr = objective()
    view = two_views(0, 8)[0]
    assert simclr([view, view])["contrastive_accuracy"].item() == 1.0
    assert simclr([view, view.roll(1, 0)])["contrastive_accuracy"].item() == 0.0


def test_every_parameter_is_trained_and_held_by_the_state_dict():
    first, second = objective(Normed, seed=0), objective(Normed, seed=1)
    first(two_views(0, 4))["loss"].backward()
    assert all(p.grad is not None for p in first.parameters())
    second.load_state_dict(first.state_dict())
    assert second(two_views(1, 4))["loss"].item() == first(two_views(1, 4))["loss"].item()


def test_the_default_head_serves():
    assert SimCLR(Normed())(two_views(0, 4))["loss"].isfinite()
    assert objective().after_step(0.5) == {}


SETTINGS = {"temperature": 0.2, "reduction": "mean"}


def train_on_half(rank):
    simclr = objective(**SETTINGS)
    network = DistributedDataParallel(simclr, find_unused_parameters=False)
    views = [view[5 * rank : 5 * rank + 5] for view in two_views(7, 10)]
    loss = network(views)["loss"]
    loss.backward()
    return loss.item(), [p.grad for p in simclr.parameters()], _masks(rank)


def _masks(rank):
    logits, positives = contrastive_logits(torch.randn(4, 3), 0.5)
    return logits.isinf(), positives


def test_two_processes_equal_one_with_the_whole_batch(tmp_path):
    results = in_two_processes(train_on_half, tmp_path)
    simclr = objective(**SETTINGS)
    loss = simclr(two_views(7, 10))["loss"]
    loss.backward()
    assert np.mean([result[0] for result in results]) == pytest.approx(loss.item(), abs=1e-5)
    for _, gradients, _ in results:
        for gradient, parameter in zip(gradients, simclr.parameters(), strict=True):
            torch.testing.assert_close(gradient, parameter.grad, rtol=1e-5, atol=1e-6)
    for rank, (_, _, (masked, positives)) in enumerate(results):
        assert masked.nonzero().tolist() == [[i, 4 * rank + i] for i in range(4)]
        assert positives.tolist() == [4 * rank + i for i in (2, 3, 0, 1)]
