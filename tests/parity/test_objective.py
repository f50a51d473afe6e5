"""Losses and metrics beside PyTorch's own, from what a session's network made of each sample."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "cli"))
import safetensors_io
from cli_case import CliCase, cli
from idx_data import make_images

import numpy as np
import torch
import torch.nn.functional as F

MEAN, DEVIATION = [0.5, 0.25], [0.5, 0.3]


class Objectives(CliCase):
    def evaluated(self, task, loss, *, classes=None, **more):
        """Trains a little and gives back (session, what evaluate prints, predictions as tensors)."""
        data = {"source": "idx", "path": str(make_images(self.path / "images", channels=2)), "task": task,
                "validation": {"from": "test"}, "normalize": {"mean": MEAN, "std": DEVIATION}, **more}
        if classes:
            data["classes"] = classes
        recipe = self.path / "trial.json"
        recipe.write_text(json.dumps({
            "frostline": "recipe/1", "name": "trial", "data": data, "loss": loss,
            "model": {"architecture": "autoencoder" if task == "reconstruction" else "mlp"},
            "optimizer": {"kind": "adam", "learning_rate": 0.003}, "batch_size": 20, "epochs": 2}))
        session, folder = self.train(recipe=recipe)
        file = self.path / "predictions.safetensors"
        done = cli("evaluate", folder, "--predictions", file, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        made = {name: torch.tensor(value) for name, value in safetensors_io.load(file).items()}
        report = json.loads(done.stdout)
        recorded = session["epochs"][-1]["validation"]
        for key, value in recorded.items():
            self.assertEqual(report[key], value, key)
        np.testing.assert_array_equal(made["index"], np.arange(report["samples"]))
        return session, report, made

    def assertNear(self, value, expected, places=6):
        self.assertAlmostEqual(value, float(expected), places=places)

    def check_classes(self, smoothing):
        _, report, made = self.evaluated("classes", {"label_smoothing": smoothing})
        logits, targets = made["logits"].double(), made["targets"]
        self.assertEqual(list(logits.shape), [70, 7])
        self.assertNear(report["loss"], F.cross_entropy(logits, targets, label_smoothing=smoothing))
        self.assertNear(report["accuracy"], (logits.argmax(1) == targets).double().mean())
        among = (logits.topk(5).indices == targets[:, None]).any(1)
        self.assertNear(report["top5"], among.double().mean())
        matrix = torch.zeros(7, 7, dtype=torch.long)
        matrix.index_put_((targets, logits.argmax(1)), torch.ones(70, dtype=torch.long), accumulate=True)
        self.assertEqual(report["confusion"], matrix.tolist())
        for index, figures in enumerate(report["classes"]):
            right, told, there = matrix[index, index].item(), matrix[:, index].sum().item(), matrix[index].sum().item()
            self.assertEqual(figures["samples"], there)
            self.assertNear(figures["recall"], right / there)
            self.assertEqual(figures["precision"], None if told == 0 else right / told)

    def test_cross_entropy(self):
        self.check_classes(0.0)

    def test_label_smoothing(self):
        self.check_classes(0.2)

    def test_binary(self):
        _, report, made = self.evaluated("binary", {}, classes=["class 2", "class 5"])
        logits, targets = made["logits"].double(), made["targets"].double()
        self.assertEqual(list(logits.shape), [20, 1])
        self.assertNear(report["loss"], F.binary_cross_entropy_with_logits(logits[:, 0], targets))
        self.assertNear(report["accuracy"], ((logits[:, 0] > 0) == (targets > 0.5)).double().mean())
        self.assertNotIn("top5", report)

    def check_reconstruction(self, loss, function):
        session, report, made = self.evaluated("reconstruction", {"kind": loss})
        outputs, targets = made["outputs"].double(), made["targets"].double()
        self.assertEqual(list(outputs.shape), [70, 2, 8, 8])
        self.assertNear(report["loss"], function(outputs, targets))
        self.assertNear(report["mae"], F.l1_loss(outputs, targets))
        deviation = torch.tensor(DEVIATION, dtype=torch.double)[:, None, None]
        error = ((outputs - targets) * deviation).square().mean()
        self.assertNear(report["psnr"], -10 * torch.log10(error), places=4)
        raw = np.fromfile(self.path / "images" / "t10k-images-idx4-ubyte", np.uint8, offset=20).reshape(70, 2, 8, 8)
        mean = torch.tensor(MEAN, dtype=torch.double)[:, None, None]
        expected = (torch.tensor(raw).double() / 255 - mean) / deviation
        torch.testing.assert_close(targets, expected, rtol=0, atol=1e-5)
        self.assertIsNone(report["accuracy"])
        self.assertTrue(all(value is None for value in session["steps"]["accuracy"]))
        self.assertLess(session["steps"]["mae"][-1], session["steps"]["mae"][0])
        self.assertEqual(session["recipe"]["checkpoints"]["monitor"], "validation_loss")

    def test_reconstruction_by_mean_square(self):
        self.check_reconstruction("mse", F.mse_loss)

    def test_reconstruction_by_mean_error(self):
        self.check_reconstruction("l1", F.l1_loss)


    def check_values(self, loss, function):
        random = np.random.default_rng(3)
        inputs = random.normal(size=(90, 1, 4, 4)).astype(np.float32)
        wanted = np.stack([inputs[:, 0, 0, 0], inputs.mean((1, 2, 3)), inputs[:, 0, 1, 1] * 2], 1).astype(np.float32)
        file = self.path / "values.safetensors"
        safetensors_io.save(file, {"data_input": inputs, "data_target": wanted})
        recipe = self.path / "values.json"
        recipe.write_text(json.dumps({
            "frostline": "recipe/1", "name": "values", "loss": {"kind": loss},
            "data": {"source": "tensors", "path": str(file), "task": "values",
                     "validation": {"from": "train", "fraction": 0.2}, "normalize": {"mean": [0], "std": [1]}},
            "model": {"architecture": "mlp", "options": {"sizes": [16]}},
            "optimizer": {"kind": "adam", "learning_rate": 0.01}, "batch_size": 8, "epochs": 3}))
        session, folder = self.train(recipe=recipe)
        done = cli("evaluate", folder, "--predictions", self.path / "p.safetensors", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads(done.stdout)
        made = {name: torch.tensor(value) for name, value in safetensors_io.load(self.path / "p.safetensors").items()}
        outputs, targets = made["outputs"].double(), made["targets"].double()
        self.assertNear(report["loss"], function(outputs, targets))
        self.assertNear(report["mae"], F.l1_loss(outputs, targets))
        self.assertNotIn("psnr", report)
        self.assertEqual(report["loss"], session["epochs"][-1]["validation"]["loss"])
        known = {tuple(row) for row in wanted.tolist()}
        self.assertTrue(all(tuple(row) in known for row in made["targets"].tolist()))
        self.assertLess(session["epochs"][-1]["train"]["mae"], session["epochs"][0]["train"]["mae"])

    def test_values_by_mean_square(self):
        self.check_values("mse", F.mse_loss)

    def test_values_by_mean_error(self):
        self.check_values("l1", F.l1_loss)


if __name__ == "__main__":
    unittest.main()
