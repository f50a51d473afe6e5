"""Images as PIL and torchvision read them: decoded alike, resized to within one, in the same order with the same labels."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np
import PIL.Image
import torch
import torchvision

torch.set_num_threads(1)
PROBE = os.environ["FROSTLINE_IMAGE_PROBE"]
#: Of what another version of libjpeg may round otherwise.
JPEG_TOLERANCE = 2


def picture(height, width, seed=0, channels=3):
    """Smooth, with edges and some noise, as a photograph has."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [128 + 90 * np.sin(x / (7 + 5 * c) + seed) * np.cos(y / (9 + 3 * c)) + 40 * ((x // 11 + y // 13) % 2)
              for c in range(channels)]
    values = np.stack(planes, -1) + random.normal(0, 6, (height, width, channels))
    return np.clip(values, 0, 255).astype(np.uint8)


class Images(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def probe(self, *arguments):
        out = self.folder / "out.bin"
        done = subprocess.run([PROBE, out, *map(str, arguments)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines(), np.fromfile(out, np.uint8)

    def decoded(self, files):
        lines, pixels = self.probe("decode", *files)
        for line in lines:
            shape = (*map(int, line.split()), 3)
            yield pixels[:np.prod(shape)].reshape(shape)
            pixels = pixels[np.prod(shape):]

    def assertDecodesAsPil(self, tolerance, images):
        """`images`: name, image, and how it is saved."""
        for name, image, options in images:
            image.save(self.folder / name, **options)
        files = [self.folder / name for name, _, _ in images]
        for file, ours in zip(files, self.decoded(files), strict=True):
            with self.subTest(file.name):
                theirs = np.asarray(PIL.Image.open(file).convert("RGB")).astype(int)
                self.assertEqual(ours.shape, theirs.shape)
                self.assertLessEqual(np.abs(ours - theirs).max(), tolerance)

    def test_png_is_exact(self):
        rgb = PIL.Image.fromarray(picture(37, 53))
        rgba = PIL.Image.fromarray(picture(37, 53, channels=4))
        plain = {"rgb": rgb, "grey": rgb.convert("L"), "bits": rgb.convert("1"), "palette": rgb.quantize(200),
                 "small-palette": rgb.quantize(5), "rgba": rgba, "la": rgba.convert("LA")}
        self.assertDecodesAsPil(0, [*((f"{name}.png", image, {}) for name, image in plain.items()),
                                    ("transparent.png", rgb.quantize(7), {"transparency": 3}),
                                    ("really-a-png.jpg", rgb, {"format": "png"})])

    def test_jpeg_is_as_libjpeg_gives_it(self):
        rgb = PIL.Image.fromarray(picture(83, 117))
        self.assertDecodesAsPil(JPEG_TOLERANCE, [
            *((f"{sampling}.jpg", rgb, {"subsampling": sampling, "quality": 80}) for sampling in (0, 1, 2)),
            ("progressive.jpg", rgb, {"progressive": True}), ("grey.jpg", rgb.convert("L"), {}),
            ("cmyk.jpg", PIL.Image.fromarray(picture(40, 60, channels=4), "CMYK"), {})])

    def write_folder(self, sizes):
        for number, (height, width) in enumerate(sizes):
            file = self.folder / "images" / f"class {number % 3}" / f"{number}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            PIL.Image.fromarray(picture(height, width, number)).save(file)
        return self.folder / "images"

    def test_resized_within_one(self):
        sizes = [(240, 320), (320, 240), (48, 64), (64, 40), (31, 500), (1, 1), (2, 3), (700, 9), (90, 64), (64, 90)]
        root = self.write_folder(sizes)
        for height, width in ((64, 90), (128, 128), (7, 5)):
            with self.subTest(size=(height, width)):
                theirs = torchvision.datasets.ImageFolder(root, torchvision.transforms.Resize((height, width)))
                lines, pixels = self.probe("folder", root, height, width)
                self.assertEqual(lines, [f"{label} {pathlib.Path(file).relative_to(root)}" for file, label in theirs.samples])
                for ours, (image, _), (file, _) in zip(pixels.reshape(-1, 3, height, width), theirs, theirs.samples):
                    self.assertLessEqual(np.abs(ours.transpose(1, 2, 0) - np.asarray(image).astype(int)).max(), 1)
                    self.assertNearTensorResize(ours, file, (height, width))

    def assertNearTensorResize(self, ours, file, size):
        """torchvision's other path, antialiased on tensors, does not round between its passes; nor do we."""
        pixels = torch.tensor(np.asarray(PIL.Image.open(file)).transpose(2, 0, 1).copy()).double()
        theirs = torchvision.transforms.functional.resize(pixels, size, antialias=True)
        self.assertLess(np.abs(ours - theirs.numpy()).max(), 0.6)


if __name__ == "__main__":
    unittest.main()
