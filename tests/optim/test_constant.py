from sslkit.optim.constant import Constant


def test_the_rate_stays():
    assert [Constant().factor(step, 10) for step in (0, 5, 10)] == [1.0, 1.0, 1.0]
