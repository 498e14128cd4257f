import pytest
import torch

from sslkit.augment.recipes_sensors import HAR, SensorDefault, Vibration, axis_triples
from sslkit.augment.views import Pipeline
from sslkit.plugins import load_registry
from sslkit.types import SampleSpec

RECIPES = [HAR, SensorDefault, Vibration]
NAMES = ("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z")


def build(pipeline):
    registry, problems = load_registry()[0], []
    specs = [registry.check("augmentation", one, "views", problems) for one in pipeline]
    assert problems == []
    return Pipeline([registry.build(spec) for spec in specs])


def names(recipe, spec):
    return [one["name"] for one in recipe.pipelines(spec)[0]]


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("shape", [(6, 128), (1, 2048), (40, 97), (3, 16)], ids=str)
def test_specs_are_valid_and_run_on_any_shape(recipe, shape):
    spec = SampleSpec("sensor", shape, channels=NAMES if shape[0] == 6 else ())
    for settings in recipe().pipelines(spec):
        pipeline = build(settings)
        x = torch.randn(4, *shape)
        generator = torch.Generator().manual_seed(0)
        for augmentation in pipeline.augmentations:
            augmentation.check(spec)
            x = augmentation(x, generator)
        assert x.shape == (4, *shape) and x.isfinite().all()


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        (NAMES, [[0, 1, 2], [3, 4, 5]]),
        (("ax", "ay", "az", "heart_rate"), [[0, 1, 2]]),
        (("Accel-Z", "Accel-X", "Accel-Y", "x"), [[1, 2, 0]]),
        (("x", "y", "z"), [[0, 1, 2]]),
        (("x_chest", "y_chest", "z_chest", "x_arm", "y_arm"), [[0, 1, 2]]),
        (("wrist_x_acc", "wrist_y_acc", "wrist_z_acc", "y_wrist"), [[0, 1, 2]]),
        (("acceleration.z", "acceleration.y", "acceleration.x"), [[2, 1, 0]]),
        (("phase_u", "phase_v", "phase_w"), []),
        ((), []),
    ],
)
def test_axis_triples(channels, expected):
    assert axis_triples(channels) == expected


def test_rotation_only_where_there_are_axes():
    nameless = SampleSpec("sensor", (6, 128))
    motor = SampleSpec("sensor", (3, 128), channels=("current_u", "current_v", "current_w"))
    named = SampleSpec("sensor", (6, 128), channels=NAMES)
    assert "rotation" in names(HAR(), nameless) and "rotation" not in names(SensorDefault(), nameless)
    assert "rotation" not in names(HAR(), motor) and "rotation" not in names(SensorDefault(), motor)
    assert "rotation" in names(HAR(), named) and "rotation" in names(SensorDefault(), named)
    assert "rotation" not in names(HAR(), SampleSpec("sensor", (4, 128)))


def test_vibration_keeps_its_frequencies():
    assert not {"time-warp", "window-warp", "permutation"} & set(
        names(Vibration(), SampleSpec("sensor", (2, 2048)))
    )


def test_the_rotations_angle():
    named = SampleSpec("sensor", (6, 128), channels=NAMES)

    def degrees(recipe):
        return recipe.pipelines(named)[0][0]["degrees"]

    assert (degrees(HAR()), degrees(HAR(degrees=180.0)), degrees(SensorDefault())) == (30.0, 180.0, 15.0)
