import torch

from sslkit.objectives.gather import gather
from tests.objectives.networks import in_two_processes

WEIGHTS = torch.arange(24.0).reshape(2, 6, 2)  # what each process multiplies everybody's rows with


def rows_of(rank):
    return torch.arange(6.0).reshape(3, 2) + 100 * rank


def gather_and_differentiate(rank):
    rows = rows_of(rank).requires_grad_()
    everyone, first = gather(rows)
    (everyone * WEIGHTS[rank]).sum().backward()
    return everyone.detach(), first, rows.grad


def test_rows_stand_in_the_order_of_ranks_and_gradients_are_summed(tmp_path):
    results = in_two_processes(gather_and_differentiate, tmp_path)
    for rank, (everyone, first, gradient) in enumerate(results):
        assert torch.equal(everyone, torch.cat([rows_of(0), rows_of(1)]))
        assert first == 3 * rank
        assert torch.equal(gradient, WEIGHTS.sum(0)[first : first + 3])


def test_one_process_keeps_its_rows():
    rows = torch.randn(3, 2)
    everyone, first = gather(rows)
    assert everyone is rows and first == 0
