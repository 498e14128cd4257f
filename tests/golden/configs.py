"""What was run for the golden files: every method on every modality, and what changes the arithmetic of training."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Config = dict[str, Any]

HEAD = {"hidden_dim": 16, "out_dim": 8}
BYOL: Config = {
    "name": "byol",
    "tau": 0.9,
    "projector": {"name": "byol-mlp", **HEAD},
    "predictor": {"name": "byol-mlp", **HEAD},
}
SIMCLR: Config = {"name": "simclr", "temperature": 0.2, "projector": {"name": "simclr-mlp", **HEAD}}
METHODS = {"byol": BYOL, "simclr": SIMCLR}

TRAINING = {
    "batch_size": 16,
    "log_every": 1,
    "checkpoint_seconds": 1000,
    "monitor_every": 4,
    "device": "cpu",
    "threads": 1,
}
SMALL_CONV = {"name": "small-conv", "width": 4, "depth": 3}
RESNET = {"name": "resnet1d", "width": 2}
AUDIO_CONV = {"name": "audio-conv", "width": 4, "out_dim": 16}
LOG_MEL = {"name": "log-mel", "n_mels": 16, "hop_s": 0.02}
ADAMW, SGD, LARS = ({"name": name} for name in ("adamw", "sgd", "lars"))


def pretraining(kind: str, method: str, views: str, **changes: Any) -> Config:
    """A config of one short pre-training; ``training`` in ``changes`` is added to the common settings."""
    training = {**TRAINING, **changes.pop("training", {})}
    backbone = {"sensors": RESNET, "audio": AUDIO_CONV}.get(kind, SMALL_CONV)
    config = {
        "data": {"name": "arrays", "path": f"{kind}.npz"},
        "views": views,
        "backbone": backbone,
        "objectives": [METHODS[method]],
        "budget": {"steps": 8},
        "training": training,
        "seeds": [3],
        **({"frontend": LOG_MEL} if kind == "audio" else {}),
        **changes,
    }
    return deepcopy(config)


CLIPPED = {"clip_norm": 0.5}  # below the norms of these gradients
WATCHED = {"clip_norm": 1e6}  # never reached: only logs the norm of every step's gradient
PRETRAININGS: dict[str, Config] = {
    "images-byol-lars-accumulated": pretraining(
        "images", "byol", "byol", optimizer=LARS, training={"accumulate": 2, **WATCHED}
    ),
    "images-simclr-adamw-clipped": pretraining("images", "simclr", "simclr", training=CLIPPED),
    "grey-simclr-sgd": pretraining("grey", "simclr", "inspection", optimizer=SGD, training=WATCHED),
    "images-simclr-bf16": pretraining(
        "images", "simclr", "simclr-small", training={"precision": "bf16", **WATCHED}
    ),
    "sensors-byol-adamw": pretraining("sensors", "byol", "har", training=WATCHED),
    "sensors-simclr-sgd-clipped": pretraining(
        "sensors", "simclr", "vibration", optimizer=SGD, training=CLIPPED, schedule="constant"
    ),
    "sensors-simclr-transformer": pretraining(
        "sensors",
        "simclr",
        "sensor-default",
        backbone={"name": "transformer1d", "width": 16, "depth": 1, "heads": 2},
        training=WATCHED,
    ),
    "audio-byol-features": pretraining("audio", "byol", "byol-a", training=WATCHED),
    "audio-simclr-raw-accumulated": pretraining(
        "audio", "simclr", "simclr-audio", optimizer=LARS, training={"accumulate": 2, **WATCHED}
    ),
}

TUNE = {"name": "fine-tune", "steps": 4, "checks": 2, "learning_rate": 1e-2}
SUPERVISED = {"name": "supervised", "steps": 6, "few_label_steps": 4, "checks": 2, "learning_rate": 1e-2}
GRADUAL = {**TUNE, "label": "gradual", "policy": "gradual"}


def study(kind: str, **changes: Any) -> Config:
    """A comparison of both methods with all baselines on one kind of data."""
    config = pretraining(kind, "byol", {"sensors": "har", "audio": "byol-a"}.get(kind, "simclr"))
    config |= {
        "objectives": [BYOL, SIMCLR],
        "optimizer": {"name": "adamw", "learning_rate": 3e-3},
        "evaluation": {"labels_per_class": [2, "all"], "draws": 2},
        "evaluators": ["linear", "knn"],
        "baselines": ["random", "handcrafted", SUPERVISED],
        "seeds": [0, 1],
        "workers": 1,
    }
    return deepcopy({**config, **changes})


def _suite(**members: Config) -> Config:
    """A suite in one file: ``workers`` is of the whole."""
    return {"suite": {name: {k: v for k, v in m.items() if k != "workers"} for name, m in members.items()}}


STUDIES: dict[str, Config] = {
    "two-modalities": {
        "workers": 1,
        **_suite(
            images=study(
                "images",
                evaluators=["linear", "knn", TUNE],
                evaluation={"labels_per_class": [2, "all"], "draws": 1},
            ),
            sensors=study("sensors", evaluators=["linear", "knn", GRADUAL]),
        ),
    },
    "grid-audio": study(
        "audio",
        seeds=[0],
        baselines=["random", "handcrafted"],
        grid={"training.batch_size": [12, 16]},
    ),
}

BEFORE: Config = {
    "name": "before",
    **study("sensors", baselines=["random", "handcrafted"], budget={"steps": 12}),
}
STOPPED = pretraining(
    "images",
    "byol",
    "byol",
    backbone={"name": "small-conv", "width": 4, "depth": 2},
    training={"monitor_every": 100},
)
STOPPED_AFTER = 4  # of its 8 steps
