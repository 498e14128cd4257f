"""Commands that make, judge and use one encoder: pretrain, evaluate, embed."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from sslkit.cli.commands import Commands, add_force, add_out
from sslkit.cli.console import make_console
from sslkit.cli.progress_bar import ProgressBar


def add_commands(commands: Commands) -> None:
    """Add them to a parser."""
    parser = commands.add_with_config(
        "pretrain", pretrain, "pre-train the first objective under the first seed"
    )
    add_out(parser, "folder of the results (default runs/NAME-pretrain)")
    parser.set_defaults(together=True)
    parser = commands.add("evaluate", evaluate, "judge the encoder of a run again")
    parser.add_argument("run", type=Path, help="the folder of a run")
    parser = commands.add("embed", embed, "features of new samples by a run's encoder")
    parser.add_argument("run", type=Path, help="the folder of a run")
    parser.add_argument(
        "data", type=Path, help=".npz, .npy; or a file, a folder or a list of the encoder's modality"
    )
    parser.add_argument(
        "overrides",
        nargs="*",
        metavar="a=b",
        help="settings of the data source for these files, e.g. clips=all",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("features.npz"),
        metavar="FILE",
        help="where the features go: .npz, .csv or .parquet (default features.npz)",
    )
    add_force(parser)
    parser = commands.add("export", export, "weights of a run's backbone for torchvision or timm")
    parser.add_argument("run", type=Path, help="the folder of a run")
    parser.add_argument(
        "--weights", choices=("torchvision", "timm"), required=True, help="the library that will load them"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("weights.safetensors"),
        metavar="FILE",
        help="where the weights go (default weights.safetensors)",
    )
    add_force(parser)


def pretrain(options: argparse.Namespace) -> None:
    """Pre-train, and print where the encoder is."""
    from sslkit import api

    with ProgressBar("pre-training") as bar:
        folder = api.pretrain(
            options.config, options.overrides, options.out, options.plugin_path, bar, quiet=False
        )
    if os.environ.get("RANK", "0") == "0":  # of those that torchrun started, one says it
        print(f"encoder: {folder}")


def evaluate(options: argparse.Namespace) -> None:
    """Judge an encoder again, and print its figures."""
    from rich.table import Table

    from sslkit import api

    with ProgressBar("evaluating") as bar:
        path, rows = api.evaluate(options.run, options.plugin_path, bar)
    table = Table("evaluator", "labels per class", "draw", "metric", "value")
    for row in rows:
        where = (row["evaluator"], row["labels_per_class"], row["draw"], row["metric"])
        table.add_row(*map(str, where), f"{row['value']:.4f}")
    make_console().print(table)
    print(f"result: {path}")


def embed(options: argparse.Namespace) -> None:
    """Write features of new samples, and print their shapes."""
    from sslkit import api
    from sslkit.config.merging import plain_settings
    from sslkit.deploy.feature_files import FEATURES, check_kind, is_feature_file, write_features
    from sslkit.outputs import output_file

    check_kind(options.output)
    output = output_file(options.output, (options.run, options.data), is_feature_file, options.force)
    check_kind(output)
    settings = plain_settings(options.overrides)
    columns = api.embed(options.run, options.data, options.plugin_path, settings=settings, quiet=False)
    write_features(output, columns)
    others = ", ".join(name for name in columns if name != FEATURES)
    count, width = columns[FEATURES].shape
    print(f"{options.output}: {count:,} samples, {width} features each, with {others}")


def export(options: argparse.Namespace) -> None:
    """Write a backbone's weights for another library, and print how they are loaded there."""
    from sslkit.api.job import registry_with
    from sslkit.deploy.encoder import load_encoder
    from sslkit.deploy.weights import is_library_weights, write_library_weights
    from sslkit.outputs import output_file

    output = output_file(options.output, (options.run,), is_library_weights, options.force)
    encoder = load_encoder(options.run, registry_with(options.plugin_path))
    print(write_library_weights(encoder, options.weights, output))
