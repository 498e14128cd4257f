"""Images by peers: lightly and torchvision one PIL image at a time, kornia batched."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from inputs import SIDE, stored_samples
from measuring import Call, Makers
from torch import Tensor, nn

if TYPE_CHECKING:
    from PIL.Image import Image

N_VIEWS = 2
Transform = Callable[[Any], Any]  # of a PIL image
IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}


def lightly_transform(recipe: str) -> Transform:
    """lightly's transform with the values of our recipe: PIL image → two normalised tensors."""
    from lightly.transforms import BYOLTransform, SimCLRTransform
    from lightly.transforms.byol_transform import BYOLView1Transform, BYOLView2Transform

    transform: Transform
    if recipe == "byol":
        transform = BYOLTransform(BYOLView1Transform(input_size=SIDE), BYOLView2Transform(input_size=SIDE))
    elif recipe == "simclr-small":
        transform = SimCLRTransform(input_size=SIDE, cj_strength=0.5, gaussian_blur=0.0)
    else:
        transform = SimCLRTransform(input_size=SIDE)
    return transform


def pil_images(count: int) -> list[Image]:
    from PIL.Image import fromarray

    return [fromarray(image.transpose(1, 2, 0)) for image in stored_samples("images", count, 0)]


def lightly(group: str, batch_size: int, window_length: int) -> Makers:
    images = pil_images(batch_size)

    def make(recipe: str) -> Call:
        transform = lightly_transform(recipe)

        def run() -> list[Tensor]:
            views = [transform(image) for image in images]
            return [torch.stack(view) for view in zip(*views, strict=True)]

        return Call(run, N_VIEWS * len(images))

    lightly_transform("byol")  # says so now if lightly is not installed
    return {f"recipe {name}": {"": partial(make, name)} for name in ("simclr", "simclr-small", "byol")}


def torchvision(group: str, batch_size: int, window_length: int) -> Makers:
    """What lightly's and most others' transforms are made of; PIL image to PIL image."""
    from torchvision import transforms as T

    images = pil_images(batch_size)
    transforms: dict[str, Transform] = {
        "random-resized-crop": T.RandomResizedCrop(SIDE),
        "color-jitter": T.ColorJitter(0.8, 0.8, 0.8, 0.2),
        "grayscale": T.RandomGrayscale(1.0),
        "gaussian-blur": T.GaussianBlur(3, (0.1, 2.0)),
        "solarize": T.RandomSolarize(128, 1.0),
        "horizontal-flip": T.RandomHorizontalFlip(1.0),
        "vertical-flip": T.RandomVerticalFlip(1.0),
    }

    def make(transform: Transform) -> Call:
        return Call(lambda: [transform(image) for image in images], len(images))

    return {name: {"": partial(make, transform)} for name, transform in transforms.items()}


def kornia(group: str, batch_size: int, window_length: int) -> Makers:
    """Batched, fresh parameters for each sample; the crop resamples, which is kornia's vectorised way."""
    import kornia.augmentation as K

    raw = torch.from_numpy(stored_samples(group, batch_size, window_length))
    floats = raw.float() / 255
    mean, std = (torch.tensor(IMAGENET[name]) for name in ("mean", "std"))

    def crop() -> nn.Module:
        module: nn.Module = K.RandomResizedCrop((SIDE, SIDE), scale=(0.08, 1.0), cropping_mode="resample")
        return module

    def blur(p: float) -> nn.Module:
        module: nn.Module = K.RandomGaussianBlur((3, 3), (0.1, 2.0), p=p)
        return module

    def view(jitter: tuple[float, ...], *last: nn.Module) -> nn.Module:
        colour = [K.ColorJitter(*jitter, p=0.8), K.RandomGrayscale(p=0.2)]
        return nn.Sequential(crop(), K.RandomHorizontalFlip(), *colour, *last, K.Normalize(mean, std))

    def recipe(*views: nn.Module) -> Call:
        return Call(lambda: [view(raw.float() / 255) for view in views], N_VIEWS * len(raw))

    simclr = view((0.8, 0.8, 0.8, 0.2), blur(0.5))
    small = view((0.4, 0.4, 0.4, 0.1))
    byol = [view((0.4, 0.4, 0.2, 0.1), blur(p), K.RandomSolarize(p=s)) for p, s in ((1.0, 0.0), (0.1, 0.2))]
    single: dict[str, nn.Module] = {
        "random-resized-crop": crop(),
        "color-jitter": K.ColorJitter(0.8, 0.8, 0.8, 0.2, p=1.0),
        "grayscale": K.RandomGrayscale(p=1.0),
        "gaussian-blur": blur(1.0),
        "solarize": K.RandomSolarize(p=1.0),
        "horizontal-flip": K.RandomHorizontalFlip(p=1.0),
        "vertical-flip": K.RandomVerticalFlip(p=1.0),
    }

    def operation(module: nn.Module) -> Call:
        return Call(lambda: module(floats), len(floats))

    return {
        "recipe simclr": {"": partial(recipe, simclr, simclr)},
        "recipe simclr-small": {"": partial(recipe, small, small)},
        "recipe byol": {"": partial(recipe, *byol)},
        **{name: {"": partial(operation, module)} for name, module in single.items()},
    }
