"""Data sets and recipes that the cases train on."""

import dataclasses
import io
import json
import pathlib
import struct

import numpy as np
import PIL.Image

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DEMO = ROOT / "resources/recipes/fashion-transfer.json"
CLASSES = 10
ADAM = {"kind": "adam", "learning_rate": 0.001}
SGD = {"kind": "sgd", "learning_rate": 0.01, "momentum": 0.9, "weight_decay": 0.0005}
NORMALIZE = {"mean": [0.5], "std": [0.25]}


@dataclasses.dataclass(frozen=True)
class Model:
    name: str
    model: dict
    shape: tuple  # of an image, (C, H, W)
    batch: int
    optimizer: dict
    head: str
    last_stage: str = ""
    one_thread: bool = False  # waits longer for a second thread than that saves, here and there


MLP = Model("MLP", {"architecture": "mlp", "options": {"sizes": [128, 64]}}, (1, 28, 28), 128, ADAM, "head",
            one_thread=True)
CONVNET = Model("convnet", {"architecture": "convnet", "options": {"widths": [32, 64, 96, 128]},
                            "head": {"pooling": "none", "hidden": [], "dropout": 0.0}}, (1, 28, 28), 64, ADAM, "head")
RESNET18 = Model("ResNet-18", {"architecture": "resnet18", "options": {"stem": "small"}}, (3, 32, 32), 64, SGD, "fc",
                 "layer4")
RESNET50 = Model("ResNet-50", {"architecture": "resnet50", "options": {}}, (3, 96, 96), 16, SGD, "fc", "layer4")


def trained_only(*patterns):
    """A recipe's rules: everything frozen but these."""
    return [{"match": "*", "trainable": False}, *({"match": pattern, "trainable": True} for pattern in patterns)]


def depth(model, name):
    """Rules for `all`, `last stage` or `head`."""
    if name == "all":
        return []
    return trained_only(model.head) if name == "head" else trained_only(model.last_stage, model.head)


def write_idx(path, array):
    with open(path, "wb") as file:
        file.write(bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape))
        file.write(np.ascontiguousarray(array, np.uint8).tobytes())


def write_images(folder, shape, train, validation):
    """A pattern for each class under noise, in MNIST's layout; always the same. Every fourth label is wrong: a loss
    that goes to zero ends in denormal numbers, which have a speed of their own."""
    random = np.random.default_rng(1)
    patterns = random.integers(40, 216, (CLASSES, *shape))
    folder.mkdir(parents=True)
    for prefix, count in (("train", train), ("t10k", validation)):
        labels = np.arange(count) % CLASSES
        images = np.empty((count, *shape), np.uint8)
        for first in range(0, count, 1024):
            some = labels[first:first + 1024]
            noise = random.integers(-40, 40, (len(some), *shape), np.int16)
            images[first:first + 1024] = patterns[some] + noise
        grey = shape[0] == 1
        labels[::4] = random.integers(0, CLASSES, len(labels[::4]))
        write_idx(folder / f"{prefix}-images-idx{3 if grey else 4}-ubyte", images[:, 0] if grey else images)
        write_idx(folder / f"{prefix}-labels-idx1-ubyte", labels)


def write_photographs(folder, count, sizes=((120, 160), (180, 240), (240, 320)), different=300):
    """JPEG files of photographs' sizes, in folders as torchvision wants them. Few of them differ; no reader knows that."""
    random = np.random.default_rng(1)
    files = []
    for number in range(min(different, count)):
        height, width = sizes[number % len(sizes)]
        coarse = PIL.Image.fromarray(random.integers(0, 256, (height // 12, width // 12, 3), np.uint8))
        smooth = np.asarray(coarse.resize((width, height), PIL.Image.BICUBIC), np.int16)
        noisy = np.clip(smooth + random.normal(0, 8, smooth.shape), 0, 255).astype(np.uint8)
        file = io.BytesIO()
        PIL.Image.fromarray(noisy).save(file, "JPEG", quality=85)
        files.append(file.getvalue())
    for split, share in (("train", count), ("val", CLASSES)):
        for number in range(share):
            place = folder / split / f"class{number % CLASSES}"
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{number:06}.jpg").write_bytes(files[number % len(files)])


class Material:
    """Writes into a folder what the cases ask for, each data set once."""

    def __init__(self, folder):
        self.folder = folder

    def data(self, shape, train, validation):
        name = "x".join(map(str, shape)) + f"-{train}-{validation}"
        if not (self.folder / name).exists():
            write_images(self.folder / name, shape, train, validation)
        return name

    def recipe(self, name, model, layers, size, epochs, batch=None):
        """`size`: training and validation images."""
        return self.write(name, {
            "frostline": "recipe/1", "name": "bench", "seed": 1,
            "data": {"source": "idx", "path": self.data(model.shape, *size), "normalize": NORMALIZE},
            "model": model.model, "layers": layers, "optimizer": model.optimizer,
            "batch_size": batch or model.batch, "epochs": epochs})

    def photographs(self, count, side):
        name = f"photographs-{count}"
        if not (self.folder / name).exists():
            write_photographs(self.folder / name, count)
        return self.write(name, {
            "frostline": "recipe/1", "name": "bench", "seed": 1,
            "data": {"source": "image_folder", "path": name, "input_size": [side, side],
                     "normalize": {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}},
            "model": RESNET18.model, "optimizer": SGD, "batch_size": 64, "epochs": 1})

    def demo(self, epochs):
        return self.write("demo", json.loads(DEMO.read_text()) | {"epochs": epochs})

    def write(self, name, recipe):
        path = self.folder / f"{name.replace(' ', '-')}.json"
        path.write_text(json.dumps(recipe))
        return path
