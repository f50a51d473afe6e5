"""Bad input: one clear sentence, the right exit status, nothing half-written."""

import gzip
import json
import os
import shutil
import subprocess
import unittest

from cli_case import RESOURCES, TRANSFER, CliCase, cli

FASHION = "/usr/share/datasets/fashion-mnist"


def demoted():
    """Root may write anywhere; these tests then run the program as nobody."""
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)


class BadInput(CliCase):
    def recipe(self, **changes):
        recipe = json.loads(TRANSFER.read_text())
        for key, value in changes.items():
            *outer, last = key.split("__")
            place = recipe
            for name in outer:
                place = place[name]
            place[last] = value
        path = self.path / "recipe.json"
        path.write_text(json.dumps(recipe))
        return path

    def refused(self, recipe, says, *arguments, status=2):
        out = self.path / "sessions"
        self.assertRefused(cli("train", recipe, "--out", out, *arguments), says, status)
        self.assertFalse(out.exists() and list(out.iterdir()), "something was left behind")

    def test_usage(self):
        self.assertRefused(cli(), "A subcommand is required")
        self.assertRefused(cli("thaw"), "A subcommand is required")
        self.assertRefused(cli("train"), "RECIPE is required")
        self.assertRefused(cli("train", TRANSFER, "--threads", "none"), "--threads")
        self.assertRefused(cli("train", TRANSFER, "--device", "tpu"), 'unknown device "tpu"')
        self.assertRefused(cli("sessions", self.path / "nowhere"), "does not exist")

    def test_recipes(self):
        self.refused(self.path / "nowhere.json", "No such file")
        self.refused(self.path, "it is a folder")
        self.refused(self.recipe(optimizer__learnin_rate=0.1), 'did you mean "learning_rate"?')
        self.refused(self.recipe(model__architecture="resnet19"), 'did you mean "resnet18"?')
        self.refused(self.recipe(layers=[{"match": "blok4", "trainable": False}]), '"blok4" matches no layer')
        self.refused(self.recipe(layers=[{"match": "*", "trainable": False}]), "nothing is trainable")
        self.refused(self.recipe(data__classes=["sandals"]), 'did you mean "sandal"?')
        self.refused(self.recipe(data__path="dataset:mnist-fashion"), "not found")
        self.refused(self.recipe(model__weights="nowhere.safetensors"), "nowhere.safetensors")
        broken = self.path / "broken.json"
        broken.write_text('{"frostline": "recipe/1",\n oops}')
        self.refused(broken, "line 2, column 2")

    def test_arguments(self):
        self.refused(TRANSFER, "expected KEY=VALUE", "--set", "epochs")
        self.refused(TRANSFER, "/epoch: unknown key", "--set", "epoch=3")
        self.refused(TRANSFER, "expected STEP:CHANGE", "--at", "trainable:*=on")
        self.refused(TRANSFER, "the run has only 150 steps, 0 to 149", "--at", "150:learning_rate=1")
        self.refused(TRANSFER, 'unknown change "freeze"', "--at", "3:freeze:*=on")

    def test_scripted_changes_are_checked_before_the_start(self):
        self.refused(TRANSFER, 'at step 99, trainable:blok4=on: pattern "blok4" matches no layer',
                     "--at", "99:trainable:blok4=on")
        self.refused(TRANSFER, "the run has only 20 steps", "--at", "20:learning_rate=1", "--steps", "20")
        done = cli("train", TRANSFER, "--out", self.path / "kept", "--at", "2:sparsity:block4=0.5", "--epochs", "1")
        self.assertRefused(done, "matches frozen layers only") if done.returncode else self.fail("not refused")
        frozen = [{"match": "block*", "trainable": False, "sparsity": 0.5}]
        self.refused(self.recipe(layers=frozen), "all these layers are frozen and keep their weights")

    def test_weights_of_another_network(self):
        recipe = self.recipe(model__options={"widths": [32, 64, 96, 64]})
        self.refused(recipe, "block4.conv.weight [128, 96, 3, 3] in the file, [64, 96, 3, 3] in the network")
        other = self.recipe(model__architecture="resnet18", model__options={}, model__head={})
        self.refused(other, "missing: conv1.weight")

    def test_damaged_weights(self):
        good = (RESOURCES / "weights/fashion-clothes-convnet.safetensors").read_bytes()
        for name, data, says in (("cut", good[:-100], "lies outside the file"), ("head", good[:50], "cut short"),
                                 ("text", b"hello, this is not a tensor file", "not a safetensors file")):
            with self.subTest(name):
                (self.path / "w.safetensors").write_bytes(data)
                self.refused(self.recipe(model__weights="w.safetensors"), says)

    def test_damaged_images(self):
        data = self.path / "images"
        shutil.copytree(FASHION, data)
        images = data / "train-images-idx3-ubyte.gz"
        labels = data / "t10k-labels-idx1-ubyte.gz"
        good_images, good_labels = images.read_bytes(), labels.read_bytes()
        raw = gzip.decompress(good_labels)
        cases = (
            ("cut gzip", images, good_images[:-1000], "train-images"),
            ("corrupt gzip", images, good_images[:5000] + b"\0" * 50 + good_images[5050:], "damaged gzip data"),
            ("wrong magic", labels, gzip.compress(b"\0\0\x08\x03" + raw[4:]), "has 3 dimensions, expected 1"),
            ("not IDX", labels, gzip.compress(b"PK" + raw), "not an IDX file"),
            ("label out of range", labels, gzip.compress(raw[:8] + b"\x0b" + raw[9:]), "label 11 of image 0 is out of range"),
            ("too few labels", labels, gzip.compress(raw[:-1]), "t10k-labels"),
        )
        for name, file, content, says in cases:
            with self.subTest(name):
                file.write_bytes(content)
                names = json.loads(TRANSFER.read_text())["data"]["classes"]
                (data / "classes.txt").write_text(
                    "t-shirt\ntrouser\npullover\ndress\ncoat\nsandal\nshirt\nsneaker\nbag\nankle boot\n")
                self.refused(self.recipe(data__path="images", data__classes=names), says)
                images.write_bytes(good_images)
                labels.write_bytes(good_labels)

    def test_folders_that_cannot_be_used(self):
        os.chmod(self.path, 0o755)
        locked = self.path / "locked"
        locked.mkdir()
        hidden = self.recipe()
        for mode, arguments, says in ((0o500, ["--out", locked / "sessions"], "Permission denied"),):
            os.chmod(locked, mode)
            done = cli("train", hidden, *arguments, "--epochs", "1", preexec_fn=demoted)
            self.assertRefused(done, says)
            self.assertEqual(list(locked.iterdir()), [])
        os.chmod(hidden, 0o000)
        self.assertRefused(cli("train", hidden, preexec_fn=demoted), "Permission denied")
        os.chmod(locked, 0o700)


if __name__ == "__main__":
    unittest.main()
