"""TorchScript modules trained by Frostline and read back by Python: the same tree, the same weights, the same outputs."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import torch

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "bench")]
import material
import safetensors_io
import script_models

SHAPE, CLASSES, IMAGES = (3, 32, 32), material.CLASSES, (48, 40)
INPUTS = SHAPE[0] * SHAPE[1] * SHAPE[2]
MODELS = {"mobilenet": lambda: script_models.mobilenet(CLASSES), "odd": lambda: script_models.odd(INPUTS, CLASSES)}
# The first lies under what trains, in the middle and at the top; a norm's statistics update though it is frozen.
FROZEN = {"mobilenet": [{"match": "features", "trainable": False}, {"match": "features.18", "trainable": True},
                        {"match": "features.0.1", "statistics": "updating"}],
          "odd": [{"match": "enter", "trainable": False}, {"match": "branches.0", "trainable": False},
                  {"match": "middle", "trainable": False}, {"match": "memory.weight_hh_l0", "sparsity": 0.5}]}
STILL = {"mobilenet": lambda name: name.startswith("features.") and not name.startswith("features.18.")
         and not name.startswith("features.0.1.running") and name != "features.0.1.num_batches_tracked",
         "odd": lambda name: name.startswith(("enter.", "branches.0.", "middle.")) or name.endswith("mask")}


def cli(*arguments):
    return subprocess.run([os.environ["FROSTLINE_CLI"], *map(str, arguments)], capture_output=True, text=True)


class TorchScript(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        material.write_images(self.folder / "data", SHAPE, *IMAGES)

    def recipe(self, name, **model):
        scripted = torch.jit.script(MODELS[name]())
        scripted.save(str(self.folder / f"{name}.pt"))
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps({
            "frostline": "recipe/1", "name": name, "seed": 3,
            "data": {"source": "idx", "path": "data", "normalize": material.NORMALIZE},
            "model": {"architecture": "torchscript", "options": {"module": f"{name}.pt"}, **model},
            "layers": FROZEN[name], "optimizer": {"kind": "adam", "learning_rate": 0.002},
            "batch_size": 16, "epochs": 3, "checkpoints": {"every_epochs": 1}}))
        return file, scripted

    def done(self, *arguments):
        done = cli(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def train(self, recipe, *arguments):
        return pathlib.Path(self.done("train", recipe, "--threads", 1, "--out", self.folder / "sessions",
                                      *arguments).splitlines()[-1])

    @staticmethod
    def session(folder):
        return json.loads((folder / "session.json").read_text())

    def weights(self, folder):
        last = max(self.session(folder)["checkpoints"], key=lambda each: each["step"])
        tensors = safetensors_io.load(folder / last["file"])
        return {name: tensor for name, tensor in tensors.items() if "/" not in name}

    def images(self):
        raw = np.frombuffer((self.folder / "data/t10k-images-idx4-ubyte").read_bytes()[20:], np.uint8)
        labels = np.frombuffer((self.folder / "data/t10k-labels-idx1-ubyte").read_bytes()[8:], np.uint8)
        images = torch.tensor(raw.reshape(-1, *SHAPE).astype(np.float32))
        mean, deviation = material.NORMALIZE["mean"][0], material.NORMALIZE["std"][0]
        return (images / 255 - mean) / deviation, torch.tensor(labels.astype(np.int64))

    def assertSameOutputs(self, module, session):
        images, labels = self.images()
        with torch.no_grad():
            scores = module(images)
        recorded = session["epochs"][-1]["validation"]
        loss = torch.nn.functional.cross_entropy(scores, labels).item()
        self.assertAlmostEqual(loss, recorded["loss"], delta=1e-5 * max(1.0, loss))
        self.assertEqual((scores.argmax(1) == labels).float().mean().item(), np.float32(recorded["accuracy"]))

    def assertTrained(self, name):
        recipe, before = self.recipe(name)
        folder = self.train(recipe)
        exported = self.folder / f"{name}-trained.pt"
        self.assertEqual(self.done("export", folder, "--torchscript", exported).strip(), str(exported))
        after = torch.jit.load(str(exported))
        self.assertFalse(any(module.training for module in after.modules()))
        self.assertSameOutputs(after, self.session(folder))
        start, end, kept = before.state_dict(), after.state_dict(), self.weights(folder)
        moved = 0
        for tensor in start:
            same = torch.equal(start[tensor], end[tensor])
            still = STILL[name](tensor)
            self.assertTrue(same or not still, f"{tensor} moved")
            moved += not same
            if tensor in kept:
                self.assertEqual(end[tensor].numpy().tobytes(), kept[tensor].tobytes(), tensor)
        self.assertGreater(moved, 5)
        for layer in self.session(folder)["layers"]:
            if layer["path"] in ("features.3.conv.0.0", "branches.0.gate", "branches.0.steps.1", "enter"):
                self.assertEqual(layer["drift"], 0.0, layer["path"])
        self.done("replay", folder)
        return start, end, kept

    def test_a_torchvision_model_trains_and_comes_back(self):
        start, end, kept = self.assertTrained("mobilenet")
        self.assertEqual(set(kept), set(start))
        name = "features.0.1.running_mean"
        self.assertFalse(torch.equal(start[name], end[name]))

    def test_an_odd_model_trains_and_comes_back(self):
        start, end, kept = self.assertTrained("odd")
        self.assertNotIn("tied.weight", kept)
        self.assertTrue(torch.equal(end["tied.weight"], end["middle.weight"]))
        self.assertEqual((end["memory.weight_hh_l0"] == 0).float().mean().item(), 0.5)
        self.assertFalse(torch.equal(start["branches.1.steps.1.largest"], end["branches.1.steps.1.largest"]))
        self.assertFalse(torch.equal(start["branches.1.norm.running_mean"], end["branches.1.norm.running_mean"]))

    def test_the_tree_has_the_modules_own_names_and_types(self):
        recipe, _ = self.recipe("odd")
        rows = {row["path"]: row for row in json.loads(self.done("layers", recipe, "--json"))}
        module = MODELS["odd"]()
        for path, part in module.named_modules():
            if path:
                self.assertEqual(rows[path]["kind"], type(part).__name__)
        self.assertEqual(rows["shift"]["kind"], "Parameter")
        self.assertEqual(rows["branches.0.mask"]["kind"], "Buffer")
        self.assertNotIn("again", rows)
        leaves = [row for path, row in rows.items() if not any(other.startswith(path + ".") for other in rows)]
        self.assertEqual(sum(row["parameters"] for row in leaves), sum(each.numel() for each in module.parameters()))

    def test_a_resumed_run_equals_one_that_was_not_stopped(self):
        for name in MODELS:
            with self.subTest(name):
                recipe, _ = self.recipe(name)
                change = ("--at", "5:trainable:*=on")
                whole = self.train(recipe, *change)
                stopped = self.train(recipe, *change, "--steps", 7)
                self.done("resume", stopped)
                first, second = self.session(whole), self.session(stopped)
                self.assertEqual(first["steps"]["loss"], second["steps"]["loss"])
                for tensor, value in self.weights(whole).items():
                    self.assertEqual(value.tobytes(), self.weights(stopped)[tensor].tobytes(), tensor)

    def test_losses_are_pytorchs(self):
        """Without dropout and Adam: what autograd gives is moved by SGD alone."""
        torch.manual_seed(1)
        model = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.BatchNorm2d(8), torch.nn.ReLU(),
                                    torch.nn.Flatten(), torch.nn.Linear(8 * 30 * 30, CLASSES))
        MODELS["plain"], FROZEN["plain"] = lambda: model, [{"match": "0", "trainable": False}]
        recipe, _ = self.recipe("plain")
        content = json.loads(recipe.read_text())
        content |= {"batch_size": IMAGES[0], "epochs": 4, "optimizer": {"kind": "sgd", "learning_rate": 0.01}}
        recipe.write_text(json.dumps(content))
        losses = self.session(self.train(recipe))["steps"]["loss"]
        raw = np.frombuffer((self.folder / "data/train-images-idx4-ubyte").read_bytes()[20:], np.uint8)
        images = (torch.tensor(raw.reshape(-1, *SHAPE).astype(np.float32)) / 255 - 0.5) / 0.25
        labels = torch.tensor(np.frombuffer((self.folder / "data/train-labels-idx1-ubyte").read_bytes()[8:],
                                            np.uint8).astype(np.int64))
        model[0].requires_grad_(False)
        optimizer = torch.optim.SGD([each for each in model.parameters() if each.requires_grad], lr=0.01)
        for loss in losses:
            optimizer.zero_grad()
            theirs = torch.nn.functional.cross_entropy(model(images), labels)
            theirs.backward()
            optimizer.step()
            self.assertAlmostEqual(loss, theirs.item(), delta=1e-4 * abs(loss))

    def test_weights_are_loaded_by_name(self):
        recipe, scripted = self.recipe("mobilenet", weights="other")
        torch.manual_seed(99)
        other = {name: torch.rand_like(value) if value.is_floating_point() else value
                 for name, value in scripted.state_dict().items()}
        safetensors_io.save(self.folder / "other", {name: value.numpy() for name, value in other.items()})
        folder = self.train(recipe, "--steps", 1)
        self.assertEqual(self.weights(folder)["features.3.conv.0.0.weight"].tobytes(),
                         other["features.3.conv.0.0.weight"].numpy().tobytes())

    def test_what_cannot_be_is_said(self):
        def assertRefused(done, says):
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
            self.assertIn(says, done.stderr)

        recipe, _ = self.recipe("mobilenet", head={"hidden": [8]})
        assertRefused(cli("layers", recipe), "keeps its own classifier; leave head out")
        recipe, _ = self.recipe("mobilenet")
        torch.jit.script(script_models.mobilenet(7)).save(str(self.folder / "mobilenet.pt"))
        assertRefused(cli("layers", recipe), "gives [2, 7] for 2 samples where [2, 10] is wanted")
        other = self.folder / "mlp.json"
        other.write_text(json.dumps(json.loads(recipe.read_text())
                                    | {"model": {"architecture": "mlp"}, "layers": []}))
        folder = self.train(other, "--steps", 1)
        assertRefused(cli("export", folder, "--torchscript", self.folder / "none.pt"), "no TorchScript module")
        self.assertFalse((self.folder / "none.pt").exists())

    def test_a_traced_module_says_what_it_cannot(self):
        recipe, _ = self.recipe("mobilenet")
        traced = torch.jit.trace(script_models.mobilenet(CLASSES).eval(), torch.rand(2, *SHAPE))
        traced.save(str(self.folder / "mobilenet.pt"))
        content = json.loads(recipe.read_text())
        recipe.write_text(json.dumps(content | {"layers": [{"match": "features", "trainable": False}], "epochs": 1}))
        done = cli("train", recipe, "--threads", 1, "--out", self.folder / "sessions")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("save with torch.jit.script rather than trace", done.stderr)
        kept = self.weights(pathlib.Path(done.stdout.splitlines()[-1]))
        start = traced.state_dict()
        for name, value in kept.items():
            if "running" in name:
                self.assertEqual(value.tobytes(), start[name].numpy().tobytes(), name)


if __name__ == "__main__":
    unittest.main()
