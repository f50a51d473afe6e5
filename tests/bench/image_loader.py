#!/usr/bin/python3
"""The same images by torchvision's ImageFolder and a DataLoader: seconds of each epoch, set-up part of the first."""

import argparse
import json
import pathlib
import time

import torch
import torchvision
from torchvision import transforms


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", type=pathlib.Path)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--workers", type=int, default=0)
    options = parser.parse_args()
    recipe = json.loads(options.recipe.read_text())
    data = recipe["data"]
    began = time.monotonic()
    images = torchvision.datasets.ImageFolder(options.recipe.parent / data["path"] / "train", transforms.Compose([
        transforms.Resize(data["input_size"]), transforms.ToTensor(),
        transforms.Normalize(data["normalize"]["mean"], data["normalize"]["std"])]))
    loader = torch.utils.data.DataLoader(images, recipe["batch_size"], shuffle=True, num_workers=options.workers,
                                         persistent_workers=options.workers > 0)
    total, epochs = 0.0, []
    for _ in range(options.epochs):
        for batch, labels in loader:
            total += float(batch[0, 0, 0, 0]) + float(labels[0])
        epochs.append(time.monotonic() - began)
        began = time.monotonic()
    print(json.dumps({"epochs": epochs, "sum": total}))


if __name__ == "__main__":
    main()
