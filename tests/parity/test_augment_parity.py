"""Colours and sizes beside torchvision's: the same bytes, but for how the last step is rounded."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import safetensors_io

import numpy as np
import torch
import torchvision.transforms.functional as F

FACTORS = [0.0, 0.4, 0.75, 1.0, 1.3, 2.0]
TURNS = [-0.5, -0.21, 0.0, 0.05, 0.37, 0.5]
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def probe(images, size):
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, name) for name in ("inputs", "outputs")]
        safetensors_io.save(files[0], {"images": images.numpy(), "factors": np.array(FACTORS),
                                       "turns": np.array(TURNS), "size": np.array(size)})
        subprocess.run([os.environ["FROSTLINE_AUGMENT_PROBE"], *files], check=True)
        return {name: torch.tensor(value) for name, value in safetensors_io.load(files[1]).items()}


def sample_images():
    """Noise, smooth colours and a grey one: every branch of the hue's formulas."""
    torch.manual_seed(3)
    noise = torch.randint(0, 256, (6, 3, 23, 31))
    smooth = F.resize(torch.randint(0, 256, (5, 3, 3, 4)).float(), [23, 31])
    grey = torch.randint(0, 256, (1, 1, 23, 31)).expand(1, 3, 23, 31)
    return torch.cat([noise, smooth.round().long(), grey]).clamp(0, 255).to(torch.uint8)


class AugmentParity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.images = sample_images()
        cls.ours = probe(cls.images, [17, 40])

    def check(self, name, amounts, function, most):
        for amount, ours in zip(amounts, self.ours[name]):
            expected = function(self.images, amount)
            difference = (ours.int() - expected.int()).abs()
            self.assertLessEqual(difference.max().item(), most, f"{name} by {amount}")
            self.assertLess((difference > 0).float().mean().item(), 0.01, f"{name} by {amount}")

    def test_brightness(self):
        self.check("brightness", FACTORS, F.adjust_brightness, 1)

    def test_contrast(self):
        self.check("contrast", FACTORS, F.adjust_contrast, 1)

    def test_saturation(self):
        self.check("saturation", FACTORS, F.adjust_saturation, 1)

    def test_hue(self):
        """Beside its floats: torchvision 0.14 drops a level of many bytes on the way back, later ones do not."""
        def from_floats(images, turn):
            return (F.adjust_hue(images / 255, turn) * 255.999).to(torch.uint8)
        self.check("hue", TURNS, from_floats, 1)

    def check_size(self, size, ours):
        """As floats, since torchvision rounds bytes once more; ours are bytes: half of one, and what a pass rounds."""
        expected = F.normalize(F.resize(self.images.float() / 255, size, antialias=True), MEAN, STD)
        self.assertEqual(ours.shape, expected.shape)
        levels = ((ours - expected) * torch.tensor(STD).view(3, 1, 1) * 255).abs()
        self.assertLess(levels.max().item(), 1.0, f"to {size}")

    def test_sizes(self):
        self.check_size([17, 40], self.ours["resized"])
        for size in ([64, 64], [5, 7], [23, 62]):
            self.check_size(size, probe(self.images, size)["resized"])


if __name__ == "__main__":
    unittest.main()
