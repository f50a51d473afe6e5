#!/usr/bin/env python3
"""What people write: a recipe's training as a plain PyTorch script.

Images lie in memory as floats, normalised beforehand; batches are taken by index; what is frozen has no
gradients, and its norms stand in eval(). Prints a line of JSON for each training.

Usage: tests/bench/twin.py RECIPE [--threads N] [--epochs N] [--layers JSON]..."""

import argparse
import collections
import fnmatch
import gzip
import json
import pathlib
import sys
import time

import numpy as np
import torch
import torchvision
from torch import nn

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parent.parent)]
import safetensors_io
from batch_order import batch_order

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NORMS = nn.modules.batchnorm._BatchNorm
EVALUATION_BATCH = 256
FASHION = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]


def read_idx(folder, name):
    path = next(path for path in (folder / name, folder / (name + ".gz")) if path.exists())
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    dimensions = data[3]
    shape = np.frombuffer(data, ">u4", dimensions, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def read_split(folder, prefix):
    """Images [N, C, H, W] and labels [N], as bytes."""
    colour = any(folder.glob(f"{prefix}-images-idx4-ubyte*"))
    images = read_idx(folder, f"{prefix}-images-idx{4 if colour else 3}-ubyte")
    return images if colour else images[:, None], read_idx(folder, f"{prefix}-labels-idx1-ubyte")


def select(images, labels, classes, limit):
    """Some of Fashion-MNIST's classes, renumbered, at most `limit` images of each."""
    chosen = []
    for number, name in enumerate(classes):
        of_class = np.flatnonzero(labels == FASHION.index(name))[:limit or None]
        chosen += [(index, number) for index in of_class]
    indices, numbers = zip(*sorted(chosen))
    return images[list(indices)], np.array(numbers)


def load(data, folder):
    """Training and validation images and labels as tensors."""
    path = data["path"]
    folder = pathlib.Path("/usr/share/datasets") / path[8:] if path.startswith("dataset:") else folder / path
    splits = []
    for prefix, limit in (("train", data.get("train_limit", 0)), ("t10k", 0)):
        images, labels = read_split(folder, prefix)
        if "classes" in data:
            images, labels = select(images, labels, data["classes"], limit)
        normalised = torch.from_numpy(images.astype(np.float32) / 255)
        for channel in range(images.shape[1]):
            mean, deviation = (values[channel % len(values)] for values in data["normalize"].values())
            normalised[:, channel].sub_(mean).div_(deviation)
        splits.append((normalised, torch.from_numpy(labels.astype(np.int64))))
    return splits


def mlp(model, shape, classes):
    layers, features = [nn.Flatten()], int(np.prod(shape))
    for width in model["options"]["sizes"]:
        layers += [nn.Linear(features, width), nn.ReLU()]
        features = width
    return nn.Sequential(*layers, nn.Linear(features, classes))


def convnet(model, shape, classes):
    blocks, (channels, side, _) = collections.OrderedDict(), shape
    widths = model["options"]["widths"]
    for number, width in enumerate(widths, 1):
        block = collections.OrderedDict(conv=nn.Conv2d(channels, width, 3, padding=1, bias=False),
                                        norm=nn.BatchNorm2d(width), relu=nn.ReLU())
        if number < len(widths) and side >= 4:
            block["pool"] = nn.MaxPool2d(2)
            side //= 2
        blocks[f"block{number}"] = nn.Sequential(block)
        channels = width
    blocks["flatten"] = nn.Flatten()
    blocks["head"] = nn.Linear(channels * side * side, classes)
    return nn.Sequential(blocks)


def resnet(model, shape, classes):
    network = getattr(torchvision.models, model["architecture"])(num_classes=classes)
    if model["options"].get("stem") == "small":
        network.conv1 = nn.Conv2d(shape[0], 64, 3, 1, 1, bias=False)
        network.maxpool = nn.Identity()
    return network


def build(model, shape, classes):
    torch.manual_seed(1)
    network = {"mlp": mlp, "convnet": convnet}.get(model["architecture"], resnet)(model, shape, classes)
    if model.get("weights"):
        file = ROOT / "resources" / model["weights"].removeprefix("resource:")
        base = {name: torch.tensor(values) for name, values in safetensors_io.load(file).items()}
        wanted = network.state_dict()
        network.load_state_dict({name: value for name, value in base.items()
                                 if name in wanted and not name.startswith("head")}, strict=False)
    return network


def freeze(network, layers):
    """Sets requires_grad; gives the norms that are frozen."""
    def is_trainable(path):
        trainable = True
        for rule in layers:
            if any(fnmatch.fnmatchcase(path, pattern) for pattern in (rule["match"], rule["match"] + ".*")):
                trainable = rule["trainable"]
        return trainable
    for path, parameter in network.named_parameters():
        parameter.requires_grad = is_trainable(path)
    return [module for path, module in network.named_modules() if isinstance(module, NORMS) and not is_trainable(path)]


def optimizer_for(network, recipe):
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
    rate, decay = recipe["learning_rate"], recipe.get("weight_decay", 0.0)
    if recipe["kind"] == "sgd":
        return torch.optim.SGD(parameters, lr=rate, momentum=recipe.get("momentum", 0.0), weight_decay=decay)
    return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[recipe["kind"]](parameters, lr=rate, weight_decay=decay)


def train_epoch(network, images, labels, order, batch_size, optimizer):
    """The seconds of each step, and the mean loss."""
    steps, total = [], 0.0
    began = time.perf_counter()
    for batch in order.split(batch_size):
        x, y = images[batch], labels[batch]
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
        now = time.perf_counter()
        steps.append(now - began)
        began = now
    return steps, total / len(order)


def validate(network, images, labels):
    network.eval()
    total, correct = 0.0, 0
    with torch.no_grad():
        for x, y in zip(images.split(EVALUATION_BATCH), labels.split(EVALUATION_BATCH)):
            scores = network(x)
            total += nn.functional.cross_entropy(scores, y).item() * len(y)
            correct += (scores.argmax(1) == y).sum().item()
    return total / len(labels), correct / len(labels)


def train(recipe, splits, layers, epochs):
    (images, labels), validation = splits
    network = build(recipe["model"], images.shape[1:], int(labels.max()) + 1)
    frozen_norms = freeze(network, layers)
    optimizer = optimizer_for(network, recipe["optimizer"])
    record = []
    for epoch in range(1, epochs + 1):
        order = torch.tensor(batch_order(len(labels), recipe["seed"], epoch))
        network.train()
        for norm in frozen_norms:
            norm.eval()
        steps, loss = train_epoch(network, images, labels, order, recipe["batch_size"], optimizer)
        began = time.perf_counter()
        validation_loss, accuracy = validate(network, *validation)
        record.append({"steps": steps, "train": sum(steps), "validation": time.perf_counter() - began,
                       "loss": loss, "validation_loss": validation_loss, "accuracy": accuracy})
    return record


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("recipe", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--layers", action="append", type=json.loads)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    recipe = json.loads(arguments.recipe.read_text())
    splits = load(recipe["data"], arguments.recipe.parent)
    for layers in arguments.layers or [recipe["layers"]]:
        print(json.dumps({"epochs": train(recipe, splits, layers, arguments.epochs or recipe["epochs"])}), flush=True)


if __name__ == "__main__":
    main()
