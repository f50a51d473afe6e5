"""The benchmark's twin does what ours does: from the same weights, the same losses after the same batches."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "bench")]
import material
import safetensors_io
import twin

IMAGES, BATCH, EPOCHS = (64, 32), 16, 2


class BenchmarkTwin(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def recipe(self, part):
        path = material.Material(self.folder).recipe("recipe", material.RESNET18, material.depth(material.RESNET18, part),
                                                     IMAGES, EPOCHS, BATCH)
        recipe = json.loads(path.read_text())
        weights = twin.build(recipe["model"], material.RESNET18.shape, material.CLASSES).state_dict()
        safetensors_io.save(self.folder / "weights", {name: value.numpy() for name, value in weights.items()})
        recipe["model"]["weights"] = str(self.folder / "weights")
        path.write_text(json.dumps(recipe))
        return path, recipe

    def ours(self, path):
        done = subprocess.run([os.environ["FROSTLINE_CLI"], "train", path, "--out", self.folder / "sessions", "--json",
                               "--threads", "1"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        folder = pathlib.Path(json.loads(done.stdout.splitlines()[-1])["session"])
        epochs = json.loads((folder / "session.json").read_text())["epochs"]
        return [loss for each in epochs for loss in (each["train"]["loss"], each["validation"]["loss"])]

    def test_losses_agree(self):
        twin.torch.set_num_threads(1)
        for part in ("all", "last stage", "head"):
            with self.subTest(part):
                path, recipe = self.recipe(part)
                epochs = twin.train(recipe, twin.load(recipe["data"], self.folder), recipe["layers"], EPOCHS)
                theirs = [loss for each in epochs for loss in (each["loss"], each["validation_loss"])]
                for our, their in zip(self.ours(path), theirs, strict=True):
                    self.assertAlmostEqual(our, their, delta=0.01 * their)


if __name__ == "__main__":
    unittest.main()
