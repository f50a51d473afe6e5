"""The range test's suggestions beside fastai's formulas (2.7, fastai/callback/schedule.py), written out in NumPy here."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np

CLI = os.environ["FROSTLINE_CLI"]
NAMES = ["valley", "slide", "minimum", "steep"]


def valley(rates, losses):
    count = len(losses)
    start = end = 0
    lengths = [1] * count
    for i in range(1, count):
        for j in range(i):
            if losses[i] < losses[j] and lengths[i] < lengths[j] + 1:
                lengths[i] = lengths[j] + 1
            if lengths[end] < lengths[i]:
                end = i
                start = end - lengths[end]
    sections = (end - start) / 3
    # fastai's index of a fall of two that begins the curve is -1, which Python takes for the last rate.
    return rates[max(0, start + int(sections) + int(sections / 2))]


def slide(rates, losses, steps=15, threshold=0.005):
    slopes = np.gradient(losses)
    right, left = -1, -1 - steps
    found = rates[left]
    while left >= -len(losses) and abs(slopes[right] - slopes[left]) > threshold:
        found = rates[left]
        right -= 1
        left -= 1
    return found


def minimum(rates, losses):
    return rates[np.argmin(losses)] / 10


def steep(rates, losses):
    return rates[np.argmin((losses[1:] - losses[:-1]) / (np.log(rates[1:]) - np.log(rates[:-1])))]


def suggestions(rates, losses, steps):
    """As lr_find: without the first tenth of the steps asked for and the last five; none where there is no fall."""
    rates, losses = np.array(rates[steps // 10:-5]), np.array(losses[steps // 10:-5])
    if len(losses) < 3 or not (np.diff(losses) < 0).any():
        return dict.fromkeys(NAMES)
    return {"valley": valley(rates, losses), "slide": slide(rates, losses) if len(losses) > 15 else None,
            "minimum": minimum(rates, losses), "steep": steep(rates, losses)}


def smoothed(losses, beta=0.98):
    """fastai's AvgSmoothLoss, which its recorder writes down."""
    value, values = 0.0, []
    for count, loss in enumerate(losses, 1):
        value = loss + beta * (value - loss)
        values.append(value / (1 - beta ** count))
    return values


def curve(generator, steps, made):
    """A random one of the usual shape: level, falling, rising; the losses smoothed as in a test."""
    place = np.linspace(0.0, 1.0, steps)
    depth, middle, width, climb = generator.uniform([0.5, 0.3, 0.05, 0.0], [2.0, 0.7, 0.2, 30.0])
    losses = 2.3 - depth / (1 + np.exp(-(place - middle) / width)) + climb * np.maximum(0.0, place - 0.85) ** 2
    losses += generator.normal(0.0, generator.choice([0.0, 0.02, 0.2]), steps)
    rates = 1e-7 * 1e8 ** place
    return {"steps": steps, "learning_rate": list(rates[:made]), "smoothed_loss": smoothed(losses)[:made]}


class RateSuggestions(unittest.TestCase):
    def assertSuggested(self, found, expected):
        self.assertEqual(list(found), NAMES)
        for name in NAMES:
            if expected[name] is None:
                self.assertIsNone(found[name], name)
            else:
                self.assertIsNotNone(found[name], name)
                self.assertAlmostEqual(found[name] / expected[name], 1.0, delta=1e-12, msg=name)

    def test_synthetic_curves(self):
        generator = np.random.default_rng(1)
        curves = [curve(generator, int(steps), int(made)) for steps in (10, 20, 30, 100, 101, 250)
                  for made in (1, steps // 3, steps // 2, steps - 1, steps) for _ in range(8)]
        level = {"steps": 40, "learning_rate": list(np.geomspace(1e-6, 1, 40)), "smoothed_loss": [1.5] * 40}
        falling = {**level, "smoothed_loss": list(np.linspace(3, 1, 40))}
        rising = {**level, "smoothed_loss": list(np.linspace(1, 3, 40))}
        brief = {**level, "smoothed_loss": [2.0, 2, 2, 2, 1.9, 1.8] + [2.5] * 34}
        curves += [level, falling, rising, brief]
        done = subprocess.run([os.environ["FROSTLINE_RATE_PROBE"]], check=True, capture_output=True, text=True,
                              input="".join(json.dumps(each) + "\n" for each in curves))
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(found), len(curves))
        given = 0
        for suggested, each in zip(found, curves):
            expected = suggestions(each["learning_rate"], each["smoothed_loss"], each["steps"])
            self.assertSuggested(suggested, expected)
            given += sum(rate is not None for rate in expected.values())
        print(f"{len(curves)} curves, {given} suggestions")
        self.assertGreater(given, 400)

    def test_curves_of_real_range_tests(self):
        for kind, rate, steps in (("adam", 10, 100), ("sgd", 100, 100), ("sgd", 0.01, 40)):
            with self.subTest(kind=kind, end=rate, steps=steps), tempfile.TemporaryDirectory() as folder:
                recipe = {"frostline": "recipe/1", "name": "curve", "seed": 1, "batch_size": 16, "epochs": 1,
                          "data": {"source": "idx", "path": "dataset:fashion-mnist", "train_limit": 200,
                                   "classes": ["sandal", "sneaker", "bag"], "validation": {"limit": 10}},
                          "model": {"architecture": "mlp", "options": {"sizes": [32]}},
                          "optimizer": {"kind": kind}}
                path = pathlib.Path(folder) / "curve.json"
                path.write_text(json.dumps(recipe))
                done = subprocess.run([CLI, "lr-find", path, "--end", str(rate), "--steps", str(steps), "--threads",
                                       "1", "--json"], check=True, capture_output=True, text=True)
                report = json.loads(done.stdout)
                self.assertTrue(np.allclose(report["smoothed_loss"], smoothed(report["loss"]), rtol=1e-12, atol=0))
                expected = suggestions(report["learning_rate"], report["smoothed_loss"], steps)
                self.assertSuggested(report["suggestions"], expected)
                self.assertIsNotNone(expected["valley"])


if __name__ == "__main__":
    unittest.main()
