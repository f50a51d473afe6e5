"""frostline-cli evaluate: a recipe's start and a session's weights over a split."""

import json
import subprocess
import unittest

from cli_case import CLI, cli
from session_case import SessionCase, read
import safetensors_io
from idx_data import make_images


class Evaluate(SessionCase):
    def setUp(self):
        super().setUp()
        images = make_images(self.path / "images")
        self.data = {"source": "idx", "path": str(images), "validation": {"from": "train", "fraction": 0.2}}
        self.file = self.recipe(data=self.data, epochs=2, checkpoints={"every_epochs": 1})

    def evaluated(self, source, *arguments):
        done = cli("evaluate", source, "--json", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def session(self, recipe=None):
        return self.run_session(recipe or self.file, "sessions", changes=[])

    def test_a_session_gives_what_it_recorded(self):
        folder = self.session()
        session = read(folder)
        report = self.evaluated(folder)
        self.assertEqual(report["step"], session["summary"]["steps"])
        self.assertEqual({key: report[key] for key in ("loss", "accuracy", "top5")},
                         session["epochs"][-1]["validation"])
        first = self.evaluated(folder, "--step", session["epochs"][0]["step"])
        self.assertEqual(first["loss"], session["epochs"][0]["validation"]["loss"])
        best = self.evaluated(folder, "--best")
        self.assertEqual(best["accuracy"], session["summary"]["best_validation_accuracy"])
        self.assertEqual(sum(map(sum, report["confusion"])), report["samples"])

    def test_other_splits_and_predictions(self):
        folder = self.session()
        test = self.evaluated(folder, "--split", "test", "--predictions", self.path / "p.safetensors")
        self.assertEqual((test["split"], test["samples"]), ("test", 70))
        made = safetensors_io.load(self.path / "p.safetensors")
        self.assertEqual(made["logits"].shape, (70, 7))
        right = (made["logits"].argmax(1) == made["targets"]).mean()
        self.assertAlmostEqual(test["accuracy"], float(right))
        self.assertEqual(list(made["index"]), list(range(70)))
        train = self.evaluated(folder, "--split", "train")
        self.assertEqual(train["samples"], 112)

    def test_text(self):
        done = cli("evaluate", self.session(), "--split", "test")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertIn("test: 70 samples", lines[0])
        row = next(line for line in lines if line.startswith("class 3"))
        self.assertEqual(sum(map(int, row.split()[2:])), 10)

    def test_long_names_are_cut_between_characters(self):
        (self.path / "images" / "classes.txt").write_text("".join(f"{'ä' * 10}{i}\n" for i in range(7)), encoding="utf-8")
        done = subprocess.run([CLI, "evaluate", self.file], capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"{'ä' * 6}~", done.stdout.decode())

    def test_a_recipe_as_it_starts(self):
        report = self.evaluated(self.file, "--threads", 1)
        self.assertEqual(report["step"], 0)
        self.assertEqual(report, self.evaluated(self.file, "--threads", 1))

    def test_without_the_starting_weights(self):
        weights = self.path / "start.safetensors"
        folder = self.session()
        tensors = self.weights(read(folder), folder)
        safetensors_io.save(weights, tensors)
        recipe = self.recipe(data=self.data, epochs=1, model={**read(folder)["recipe"]["model"], "weights": str(weights)})
        again = self.session(recipe)
        before = self.evaluated(again)
        weights.unlink()
        self.assertEqual(self.evaluated(again), before)

    def test_bad_input(self):
        folder = self.session()
        for arguments, says in (
                ((folder, "--split", "tset"), 'no split "tset"; take train, validation or test'),
                ((folder, "--step", 999), "no checkpoint of step 999; it has those of steps"),
                ((self.file, "--step", 0), "go with a session's folder"),
                ((self.file, "--best"), "go with a session's folder"),
                ((self.path / "nowhere.json",), "nowhere.json"),
                ((self.path / "images",), "session.json"),
                ((folder, "--predictions", self.path / "no" / "p.safetensors"), "p.safetensors")):
            with self.subTest(says):
                self.assertRefused(cli("evaluate", *arguments), says)

    def test_without_checkpoints(self):
        folder = self.session()
        session = read(folder)
        session["checkpoints"] = []
        (folder / "session.json").write_text(json.dumps(session))
        self.assertRefused(cli("evaluate", folder), "has no checkpoint")

    def test_damaged_checkpoint(self):
        folder = self.session()
        for file in (folder / "checkpoints").iterdir():
            file.write_bytes(file.read_bytes()[:-1] + b"x")
        self.assertRefused(cli("evaluate", folder), "checkpoints/step-")


class OtherTasks(SessionCase):
    """Runs without accuracy are stopped, resumed and replayed to the bit, too."""

    def setUp(self):
        super().setUp()
        images = make_images(self.path / "images", train=60, test=20)
        self.file = self.recipe(
            data={"source": "idx", "path": str(images), "task": "reconstruction", "validation": {"from": "test"}},
            model={"architecture": "autoencoder"}, epochs=3)

    def test_resumed_and_replayed(self):
        whole = self.run_session(self.file, "whole", changes=[])
        parts = self.run_session(self.file, "parts", "--steps", 6, changes=[])
        done = cli("resume", parts)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertSameRun(whole, parts)
        done = cli("replay", whole)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_best_is_the_least_loss(self):
        session = read(self.run_session(self.file, "whole", changes=[]))
        losses = [epoch["validation"]["loss"] for epoch in session["epochs"]]
        summary = session["summary"]
        self.assertEqual(summary["best_validation_loss"], min(losses))
        self.assertEqual(summary["best_epoch"], losses.index(min(losses)) + 1)
        self.assertIsNone(summary["best_validation_accuracy"])

    def test_no_accuracy_to_watch(self):
        done = cli("train", self.file, "--out", self.path / "none", "--set", "checkpoints.monitor=validation_accuracy")
        self.assertRefused(done, "the task reconstruction has no accuracy; take validation_loss or train_loss")
        self.assertFalse((self.path / "none").exists())

    def test_tables(self):
        folder = self.run_session(self.file, "whole", changes=[])
        listed = cli("sessions", self.path / "whole")
        self.assertIn("best loss", listed.stdout)
        csv = self.path / "steps.csv"
        self.assertEqual(cli("export", folder, "--csv", csv).returncode, 0)
        header, first = csv.read_text().splitlines()[:2]
        self.assertTrue(header.endswith("validation_accuracy,mae,validation_mae,validation_psnr"), header)
        self.assertEqual(first.split(",")[3], "")
        text = cli("evaluate", folder).stdout
        self.assertIn("PSNR", text)
        self.assertNotIn("accuracy", text)


if __name__ == "__main__":
    unittest.main()
