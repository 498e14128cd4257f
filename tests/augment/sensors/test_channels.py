import pytest

from sslkit.augment.sensors.channels import ChannelGroups, part_of
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec

NAMES = ("t", "acc_x", "acc_y", "gyro_x", "gyro_y")
SPEC = SampleSpec("sensor", (5, 100), rate_hz=50.0, channels=NAMES)


def test_names_and_indices_mean_the_same():
    groups = ChannelGroups("rotation", [["acc_x", 2], [4, "gyro_x"]])
    assert groups.resolve(SPEC) == [[1, 2], [4, 3]]
    assert groups.indices(5) == [[1, 2], [4, 3]], "names are kept from resolve"


def test_indices_need_no_names():
    assert ChannelGroups("rotation", [[0, 2]]).indices(3) == [[0, 2]]


@pytest.mark.parametrize("groups", [[], [[]], [[0], []]])
def test_empty_groups_are_refused_at_once(groups):
    with pytest.raises(SSLKitError, match=r"^on-channels: every group names at least one channel"):
        ChannelGroups("on-channels", groups)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([["gyr_x"]], "rotation: the data have no channel 'gyr_x'. Did you mean 'gyro_x'?"),
        ([[0, 5]], "rotation: there is no channel 5; the data have 0…4."),
        ([[-1]], "rotation: there is no channel -1; the data have 0…4."),
        ([["acc_x"], [1]], "rotation: a channel stands in two places"),
        ([[3, 3]], "rotation: a channel stands in two places"),
    ],
)
def test_what_is_not_there_or_there_twice(groups, message):
    with pytest.raises(SSLKitError) as raised:
        ChannelGroups("rotation", groups).resolve(SPEC)
    assert str(raised.value).startswith(message)


def test_names_where_the_data_have_none():
    with pytest.raises(SSLKitError, match=r"no channel 'acc_x'\. They have no names: use indices"):
        ChannelGroups("rotation", [["acc_x"]]).resolve(SampleSpec("sensor", (5, 100)))


def test_a_part_of_the_samples():
    assert part_of(SPEC, [4, 1]) == SampleSpec("sensor", (2, 100), rate_hz=50.0, channels=("gyro_y", "acc_x"))
    assert part_of(SampleSpec("sensor", (5, 100)), [0]) == SampleSpec("sensor", (1, 100))
