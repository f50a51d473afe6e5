"""Sweeps: a session for each point and seed, what is shared between them, the table, and going on after a kill."""

import csv
import io
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
import unittest

from cli_case import CLI, RESOURCES, cli
from idx_data import make_images
from session_case import RECIPE, SessionCase, read
from test_schemas import validator

FROZEN = [{"match": "*", "trainable": False, "rate": 0.5}, {"match": "head", "trainable": True}]
STAGES = ["head", "block2", "block1"]


class Sweep(SessionCase):
    def recipe(self, **values):
        """Images made for the test are read at once."""
        images = self.path / "images"
        if not images.exists():
            make_images(images)
        data = {"source": "idx", "path": str(images), **values.pop("data", {})}
        return super().recipe(data=data, **values)

    def sweep(self, out, *more, recipe=None, status=0):
        done = cli("sweep", recipe or self.recipe(epochs=2, layers=FROZEN), "--out", self.path / out,
                   "--threads", 1, *more)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def record(self, out):
        record = json.loads((self.path / out / "sweep.json").read_text())
        validator("sweep.schema.json").validate(record)
        return record

    def sessions(self, out):
        """Folders of the sessions by depth, values and seed."""
        return {(point.get("depth"), *point["values"].values(), run["seed"]): self.path / out / run["session"]
                for point in self.record(out)["points"] for run in point["runs"]}


class Depths(Sweep):
    """All of one sweep: every depth of the network, two seeds, on real images."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.done_in = pathlib.Path(folder.name)
        cls.file = cls.done_in / "tiny.json"
        cls.file.write_text(json.dumps({**RECIPE, "epochs": 2, "layers": FROZEN}))
        cls.done = cls.run_again(cls.done_in, "--seeds", 2, "--svg", cls.done_in / "plot.svg",
                                 "--csv", cls.done_in / "table.csv")

    @classmethod
    def run_again(cls, folder, *more):
        return cli("sweep", cls.file, "--out", folder / "sweep", "--threads", 1, "--unfreeze-depths", "all", *more)

    def setUp(self):
        super().setUp()
        self.assertEqual(self.done.returncode, 0, self.done.stderr)
        shutil.copytree(self.done_in, self.path, dirs_exist_ok=True)

    def test_every_depth_and_seed_is_a_session(self):
        sessions = self.sessions("sweep")
        self.assertEqual(len(set(sessions.values())), 6)
        for (depth, seed), folder in sessions.items():
            session = read(folder)
            self.assertEqual(session["state"], "finished")
            self.assertEqual(session["recipe"]["seed"], seed)
            trained = {layer["path"].split(".")[0] for layer in session["layers"]
                       if layer["leaf"] and layer["parameters"] and layer["trainable"]}
            self.assertEqual(trained, set(STAGES[:depth]))
            rates = {layer["rate"] for layer in session["layers"] if layer["leaf"] and layer["parameters"]}
            self.assertEqual(rates, {0.5}, "the recipe's other rules went")
        self.assertEqual(sorted({seed for _, seed in sessions}), [3, 4])

    def test_the_table_is_of_the_sessions(self):
        self.assertEqual(self.done.stdout.splitlines()[-1], str(self.done_in / "sweep"))
        rows = list(csv.DictReader(io.StringIO((self.path / "table.csv").read_text())))
        self.assertEqual([(row["depth"], row["lowest"]) for row in rows], list(zip("123", STAGES)))
        means = []
        for row in rows:
            best = [read(folder)["summary"]["best_validation_accuracy"]
                    for (depth, _), folder in self.sessions("sweep").items() if depth == int(row["depth"])]
            means.append(statistics.mean(best))
            self.assertAlmostEqual(float(row["validation_accuracy_mean"]), means[-1], places=12)
            self.assertAlmostEqual(float(row["validation_accuracy_deviation"]), statistics.stdev(best), places=12)
            self.assertEqual(row["test_accuracy_mean"], "", "validation is the test split here")
        self.assertEqual([row["best"] for row in rows].index("1"), means.index(max(means)))
        shares = [float(row["trainable_share"]) for row in rows]
        self.assertTrue(0 < shares[0] < shares[1] < shares[2] == 1.0, shares)
        self.assertIn("no test split apart from validation", self.done.stdout)
        self.assertIn(f"{100 * means[0]:.2f} +/- ", self.done.stdout)
        self.assertIn("Best by validation: depth", (self.path / "plot.svg").read_text())

    def test_what_was_not_written_down_is_found(self):
        """As if the program had ended between making a session's folder and saying so, and between a session's
        end and its figures. Then all is done, and only the table is told."""
        record = self.record("sweep")
        first, second = (point["runs"][0] for point in record["points"][:2])
        del first["figures"], first["session"], second["figures"]
        first["state"], second["state"] = "waiting", "running"
        (self.path / "sweep" / "sweep.json").write_text(json.dumps(record))
        before = sorted(os.listdir(self.path / "sweep"))
        for _ in range(2):
            done = self.run_again(self.path, "--seeds", 2)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(sorted(os.listdir(self.path / "sweep")), before)
            self.assertEqual(done.stdout.splitlines()[:-1], self.done.stdout.splitlines()[:-1])
        self.assertEqual(done.stderr, "")
        self.assertEqual(self.record("sweep"), json.loads((self.done_in / "sweep" / "sweep.json").read_text()))

    def test_another_plan_and_damage_are_refused(self):
        self.assertRefused(self.run_again(self.path), "holds another sweep: /seeds is 2 there and 1 here")
        self.assertRefused(self.run_again(self.path, "--seeds", 2, "--grid", "batch_size=8"), "/grid/0 is not set there")
        self.assertRefused(cli("sweep", self.file, "--out", self.path / "sweep", "--unfreeze-depths", "all", "--seeds", 2,
                               "--threads", 2), "was begun with --threads 1")
        file = self.path / "sweep" / "sweep.json"
        file.write_text(file.read_text().replace('"finished"', '"done"', 1))
        self.assertRefused(self.run_again(self.path, "--seeds", 2), "/points/0/runs/0/state: unknown state")


class Figures(Sweep):
    def test_of_a_test_split_apart(self):
        """They are of the best checkpoint, and as `evaluate --best` gives them."""
        recipe = self.recipe(epochs=10, data={"validation": {"from": "train", "fraction": 0.3}},
                             optimizer={"kind": "adam", "learning_rate": 0.1})
        self.sweep("out", "--unfreeze-depths", "2", recipe=recipe)
        run = self.record("out")["points"][0]["runs"][0]
        self.assertLess(run["figures"]["best_epoch"], 10, "the last state is the best: nothing is shown")
        done = cli("evaluate", self.path / "out" / run["session"], "--split", "test", "--best", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        evaluated = json.loads(done.stdout)
        self.assertEqual(evaluated["accuracy"], run["figures"]["test"]["accuracy"])
        self.assertEqual(evaluated["loss"], run["figures"]["test"]["loss"])

    def test_of_a_task_without_accuracy(self):
        recipe = self.path / "images.json"
        recipe.write_text(json.dumps({
            "frostline": "recipe/1", "name": "images", "model": {"architecture": "autoencoder"}, "epochs": 1,
            "data": {"path": str(make_images(self.path / "images")), "task": "reconstruction"}}))
        done = self.sweep("out", "--unfreeze-depths", "1,all", "--json", recipe=recipe)
        points = json.loads(done.stdout)["points"]
        losses = [point["validation_loss"]["mean"] for point in points]
        self.assertEqual([point["best"] for point in points].index(True), losses.index(min(losses)))

    def test_of_a_run_that_fails(self):
        """The others are made all the same."""
        recipe = self.recipe(epochs=1, optimizer={"kind": "sgd", "learning_rate": 0.01})
        done = self.sweep("out", "--grid", "optimizer.learning_rate=0.01,1000", "--json", recipe=recipe, status=1)
        good, bad = json.loads(done.stdout)["points"]
        self.assertEqual((good["runs"][0]["state"], bad["runs"][0]["state"]), ("finished", "failed"))
        self.assertTrue(good["best"])
        self.assertIsNone(bad["validation_accuracy"])
        self.assertIn("Lower the learning rate", bad["runs"][0]["error"])
        self.assertIn("1 of 2 runs failed", done.stderr)


class Sharing(Sweep):
    def test_what_is_shared_changes_nothing(self):
        """One cache for all, none, and every run alone in a process of its own: the same bytes."""
        arguments = ["--unfreeze-depths", "all", "--seeds", 2, "--grid", "optimizer.learning_rate=0.01,0.001"]
        self.sweep("shared", *arguments)
        self.sweep("apart", *arguments, "--no-feature-cache")
        apart = self.sessions("apart")
        for place, folder in self.sessions("shared").items():
            self.assertSameRun(folder, apart[place])
        alone = self.path / "alone.json"
        session = read(self.sessions("shared")[1, "0.01", 4])
        alone.write_text(json.dumps(session["recipe"]))
        done = cli("train", alone, "--out", self.path / "alone", "--threads", 1)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertSameRun(done.stdout.splitlines()[-1], apart[1, "0.01", 4])


class GoingOn(Sweep):
    ARGUMENTS = ["--unfreeze-depths", "all", "--seeds", "2"]

    def started(self, out, recipe, until):
        """A sweep that is under way; `until` says of its record how far."""
        command = [CLI, "sweep", str(recipe), "--out", str(self.path / out), "--threads", "1", *self.ARGUMENTS]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        deadline = time.monotonic() + 60
        file = self.path / out / "sweep.json"
        while not (file.exists() and until(json.loads(file.read_text()))):
            self.assertIsNone(process.poll(), "it ended before it could be stopped")
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.002)
        return process

    @staticmethod
    def states(record):
        return [run["state"] for point in record["points"] for run in point["runs"]]

    def is_under_way(self, record):
        """The third run has a checkpoint to go on from."""
        running = [run for point in record["points"] for run in point["runs"] if run["state"] == "running"]
        return self.states(record).count("finished") == 2 and running and any(
            (self.path / "out" / running[0]["session"] / "checkpoints").glob("*.safetensors"))

    def test_killed_and_interrupted_it_goes_on_where_it_was(self):
        recipe = self.recipe(epochs=30, layers=FROZEN, checkpoints={"every_steps": 2, "keep": 2})
        process = self.started("out", recipe, self.is_under_way)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept = {run["session"]: (self.path / "out" / run["session"] / "session.json").read_bytes()
                for point in self.record("out")["points"] for run in point["runs"] if run["state"] == "finished"}
        begun = {folder.name for folder in (self.path / "out").iterdir() if folder.is_dir()}
        process = self.started("out", recipe, lambda record: self.states(record).count("finished") > len(kept))
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
        self.assertEqual(process.wait(), 0)
        self.assertIn("the same command goes on", told)
        self.assertNotIn("running", self.states(self.record("out")))
        self.sweep("out", *self.ARGUMENTS, recipe=recipe)
        self.assertEqual(set(self.states(self.record("out"))), {"finished"})
        for session, content in kept.items():
            self.assertEqual((self.path / "out" / session / "session.json").read_bytes(), content)
        sessions = self.sessions("out")
        self.assertLessEqual(begun, {folder.name for folder in sessions.values()}, "a session was left behind")
        self.sweep("whole", *self.ARGUMENTS, recipe=recipe)
        whole = self.sessions("whole")
        for place, folder in sessions.items():
            self.assertSameRun(folder, whole[place])


class Grids(Sweep):
    def test_lists_are_values(self):
        recipe = self.recipe(epochs=1)
        self.sweep("out", "--grid", "model.head.hidden=[4,4],[]", "--steps", 3, recipe=recipe)
        sessions = [read(folder) for folder in self.sessions("out").values()]
        self.assertEqual([session["recipe"]["model"]["head"]["hidden"] for session in sessions], [[4, 4], []])
        self.assertEqual([len(session["steps"]["step"]) for session in sessions], [3, 3])

    def test_mistakes_are_found_before_anything_runs(self):
        recipe = self.recipe()
        weights = RESOURCES / "weights" / "fashion-clothes-convnet.safetensors"
        for arguments, says in ((["--grid", "optimizer.learnin_rate=0.1,0.2"], 'did you mean "learning_rate"?'),
                                (["--grid", 'layers=[],[{"match": "nix", "trainable": false}]'],
                                 'pattern "nix" matches no layer'),
                                (["--grid", f'model.weights="",{weights}'], "fashion-clothes-convnet.safetensors"),
                                (["--unfreeze-depths", "1,4"], "go from 1 (head) to 3 (block1)"),
                                (["--svg", self.path / "nowhere" / "x.svg"], "nowhere does not exist")):
            with self.subTest(says):
                out = self.path / "out"
                self.assertRefused(cli("sweep", recipe, "--out", out, "--threads", 1, *arguments), says)
                self.assertFalse(out.exists(), "something was begun")


if __name__ == "__main__":
    unittest.main()
