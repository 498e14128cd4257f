import pytest

from sslkit.backbones.shapes import require_axes
from sslkit.errors import SSLKitError


@pytest.mark.parametrize(("shape", "axes"), [((3, 8), 3), ((8,), 2), ((1, 3, 8), 2), ((3, 0), 2), ((), 3)])
def test_other_axes_and_empty_axes_are_refused_by_name(shape, axes):
    with pytest.raises(SSLKitError, match="backbone net takes samples"):
        require_axes("net", shape, axes)


def test_the_right_number_of_axes_passes():
    require_axes("net", (1, 1), 2)
    require_axes("net", (13, 5, 7), 3)
