import pytest
import torch

from sslkit.errors import SSLKitError
from sslkit.objectives.views import check_views


def test_two_views_of_the_same_samples_pass():
    check_views("byol", [torch.zeros(3, 2), torch.zeros(3, 2)], 2)


@pytest.mark.parametrize(
    ("sizes", "part"),
    [((3,), "takes 2 views"), ((3, 3, 3), "got 3"), ((3, 4), r"\[3, 4\]"), ((0, 0), "at least one")],
)
def test_others_are_refused_with_what_is_wrong(sizes, part):
    with pytest.raises(SSLKitError, match=part):
        check_views("byol", [torch.zeros(size, 2) for size in sizes], 2)
