"""Small data sets in MNIST's layout, made for a test."""

import struct

import numpy as np


def write_idx(path, array):
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(">" + "I" * array.ndim, *array.shape)
    path.write_bytes(header + array.astype(np.uint8).tobytes())


def make_images(folder, *, classes=7, train=140, test=70, side=8, channels=1, seed=5):
    """Each class has a pattern of its own under noise. Without test images where `test` is 0."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    patterns = random.integers(0, 256, (classes, channels, side, side))
    for name, count in (("train", train), ("t10k", test)):
        labels = np.arange(count) % classes
        noise = random.integers(0, 256, (count, channels, side, side))
        images = (patterns[labels] * 0.4 + noise * 0.6).astype(np.uint8)
        if channels == 1:
            write_idx(folder / f"{name}-images-idx3-ubyte", images[:, 0])
        else:
            write_idx(folder / f"{name}-images-idx4-ubyte", images)
        write_idx(folder / f"{name}-labels-idx1-ubyte", labels)
    (folder / "classes.txt").write_text("".join(f"class {i}\n" for i in range(classes)))
    return folder
