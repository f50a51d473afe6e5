"""The shipped experiments: each is read, or says which file it wants; each reduced one runs, and trains what it says at
the rate it says."""

import fnmatch
import json
import math
import os
import pathlib
import re
import struct
import unittest
import wave
import zlib

import numpy as np

from cli_case import RESOURCES, CliCase, cli, safetensors_io
from idx_data import make_images
from test_schemas import validator

RECIPES = RESOURCES / "recipes"
EXPERIMENTS = sorted(path.stem.removesuffix("-small") for path in RECIPES.glob("*-small.json"))
# What makes a reduced recipe shorter still.
SHORTER = {
    "resnet50-cifar10-two-phase": ["data.train_limit=3", "phases.two_phase.head_epochs=1", "phases.two_phase.epochs=1"],
    "resnet18-cifar10-two-phase": ["data.train_limit=4", "phases.0.epochs=1", "phases.1.epochs=2"],
    "vgg16-transfer": ["data.train_limit=3", "phases.0.epochs=1", "phases.1.epochs=1"],
    "xception-binary": ["data.train_limit=8", "phases.0.epochs=1", "phases.1.epochs=1"],
    "yamnet-20-classes": ["phases.0.epochs=4", "phases.1.epochs=3", "phases.0.until.patience=2",
                          "phases.1.until.patience=2", "schedule.patience=0"],
    "autoencoder-unfreeze-last-two": ["data.train_limit=8", "schedule.patience=0", "schedule.threshold=0.02"],
    "autoencoder-unfreeze-code": ["data.train_limit=8", "epochs=3"],
    "autoencoder-unfreeze-all": ["data.train_limit=8", "epochs=3"],
    "mlp-mnist-pruning": ["data.train_limit=20", "epochs=3"],
    "unfreeze-depth-sweep": ["data.train_limit=10", "epochs=2"],
}
SCHEDULES = [
    ({"kind": "cosine", "minimum": 1e-5, "warmup": {"steps": 3, "from": 0.2}},
     lambda step, per_epoch, steps: 0.2 + 0.8 * step / 3 if step < 3 else
     0.01 + 0.99 * (1 + math.cos(math.pi * (step - 3) / (steps - 3))) / 2),
    ({"kind": "step", "every": 2, "factor": 0.3}, lambda step, per_epoch, steps: 0.3 ** (step // (2 * per_epoch))),
    ({"kind": "exponential", "factor": 0.5, "by": "step"}, lambda step, per_epoch, steps: 0.5 ** (step / per_epoch)),
]


def document(name):
    return json.loads((RECIPES / f"{name}.json").read_text())


def write_tones(folder):
    """Two kinds of sound, eight recordings of a second each."""
    for kind, hertz in (("low", 200), ("high", 2000)):
        (folder / kind).mkdir(parents=True)
        for take in range(8):
            samples = 9000 * np.sin(2 * np.pi * hertz * (1 + take / 20) * np.arange(8000) / 8000)
            with wave.open(str(folder / kind / f"{take}.wav"), "wb") as file:
                file.setparams((1, 2, 8000, 0, "NONE", ""))
                file.writeframes(samples.astype("<i2").tobytes())
    return folder


def write_png(path):
    """A grey image of 8 x 8 pixels."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + bytes(range(8))) * 8
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def write_data(folder):
    """A little of each data set that recipes name."""
    (folder / "cifar-10").mkdir(parents=True)
    images = b"".join(bytes([label]) + bytes(3072) for label in range(10)) * 3
    for name in ("data_batch_1.bin", "test_batch.bin"):
        (folder / "cifar-10" / name).write_bytes(images)
    (folder / "cifar-10/batches.meta.txt").write_text("".join(f"kind {i}\n" for i in range(10)))
    make_images(folder / "mnist", classes=10, side=28)
    for name, split in (("flower-photos", ""), ("cats-and-dogs", "train/"), ("cats-and-dogs", "validation/")):
        for kind in ("first", "second"):
            for take in range(6):
                write_png(folder / name / f"{split}{kind}/{take}.png")
    write_tones(folder / "sounds-20")
    write_tones(folder / "sounds")


def matching(layers, pattern):
    """Paths of the layers with parameters that a pattern means."""
    leaves = [layer for layer in layers if layer["leaf"] and layer["parameters"] > 0]
    last = re.fullmatch(r"last (\d+) (layer|stage)s?", pattern)
    if last and last[2] == "layer":
        return {layer["path"] for layer in leaves[-int(last[1]):]}
    if last:
        stages = sorted({layer["stage"] for layer in leaves})[-int(last[1]):]
        return {layer["path"] for layer in leaves if layer["stage"] in stages}

    def is_meant(path):
        parts = path.split(".")
        return any(fnmatch.fnmatchcase(".".join(parts[:end]), pattern) for end in range(1, len(parts) + 1))
    return {layer["path"] for layer in leaves if is_meant(layer["path"])}


def phases_of(recipe, layers):
    """(name, what trains, base rate) of each phase, as the recipe's own words have it."""
    everything = matching(layers, "*")
    rate = recipe["optimizer"]["learning_rate"]
    phases = recipe.get("phases")
    if phases is None:
        trainable = set(everything)
        for rule in recipe.get("layers", []):
            if "trainable" in rule:
                meant = matching(layers, rule["match"])
                trainable = trainable | meant if rule["trainable"] else trainable - meant
        return [(None, trainable, rate)]
    if isinstance(phases, dict):
        form = phases["two_phase"]
        phases = [{"name": "head", "trainable": ["last 1 stage"]},
                  {"name": "unfrozen", "trainable": form["trainable"], "learning_rate": form["learning_rate"]}]
    rows = []
    for phase in phases:
        rate = phase.get("learning_rate", rate)
        trainable = set().union(*(matching(layers, pattern) for pattern in phase["trainable"]))
        rows.append((phase["name"], trainable, rate))
    return rows


def plateau_factors(schedule, losses):
    """How many times smaller each epoch's rate is, by the losses of those before it."""
    factors, best, bad, factor = [], math.inf, 0, 1.0
    for loss in losses:
        factors.append(factor)
        if loss < best * (1 - schedule.get("threshold", 1e-4)):
            best, bad = loss, 0
        else:
            bad += 1
        if bad > schedule["patience"]:
            factor, bad = factor * schedule["factor"], 0
    return factors


def moved(before, after):
    """The layers of which a byte is another."""
    return {key.rpartition(".")[0] for key in after if after[key].tobytes() != before[key].tobytes()}


class Experiment:
    """A session with the recipe that it was to follow."""

    def __init__(self, recipe, folder):
        self.recipe = recipe
        self.folder = pathlib.Path(folder)
        self.session = json.loads((self.folder / "session.json").read_text())
        self.layers = self.session["layers"]
        self.phases = phases_of(recipe, self.layers)
        marks = [change for change in self.session["interventions"] if change["kind"] == "phase"]
        self.names = [mark["value"] for mark in marks]
        self.begins = [mark["step"] for mark in marks] or [0]
        self.ends = [*self.begins[1:], len(self.session["steps"]["step"])]

    def epochs(self, phase):
        return [epoch for epoch in self.session["epochs"] if self.begins[phase] < epoch["step"] <= self.ends[phase]]

    def trainable_by_the_record(self, phase):
        """The recipe's first layers and the changes up to the phase's beginning, made one after another."""
        trainable = matching(self.layers, "*")
        rules = [(rule["match"], rule["trainable"]) for rule in self.session["recipe"]["layers"] if "trainable" in rule]
        changes = [(change["target"], change["value"]) for change in self.session["interventions"]
                   if change["kind"] == "trainable" and change["step"] <= self.begins[phase]]
        for pattern, on in [*rules, *changes]:
            trainable = trainable | matching(self.layers, pattern) if on else trainable - matching(self.layers, pattern)
        return trainable

    def begin(self, phase):
        """The tensors that a phase begins with: those of the epoch before it, or of the one that it went back to."""
        step = self.begins[phase]
        back = [int(change["value"]) for change in self.session["interventions"]
                if change["kind"] == "restore" and change["step"] == step]
        return self.tensors(back[0] if back else step)

    def tensors(self, step, *, newest=False):
        """Weights and statistics after that many steps: before what the next phase changes, or after it."""
        there = [each for each in self.session["checkpoints"] if each["step"] == step]
        chosen = sorted(there, key=lambda each: each["interventions"])[-1 if newest else 0]
        tensors = safetensors_io.load(self.folder / chosen["file"])
        return {name: tensor for name, tensor in tensors.items() if "/" not in name}


class Recipes(CliCase):
    def check_reading(self, name, environment, *says):
        """A table, where nothing is to be said, or one sentence."""
        done = cli("layers", RECIPES / f"{name}.json", env={**os.environ, **environment})
        if not says:
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("trainable", done.stdout)
            return
        for words in says:
            self.assertRefused(done, words)

    def test_all_are_there_and_fit_the_schema(self):
        self.assertEqual(set(SHORTER), set(EXPERIMENTS))
        for name in EXPERIMENTS:
            for each in (name, f"{name}-small"):
                with self.subTest(each):
                    recipe = document(each)
                    validator("recipe.schema.json").validate(recipe)
                    self.assertEqual(recipe["name"], each)

    def test_what_is_missing_is_named_with_its_source_and_layout(self):
        data, weights = self.path / "data/frostline/datasets", self.path / "data/frostline/weights"
        environment = {"XDG_DATA_HOME": str(self.path / "data")}
        cifar = ('data set "cifar-10" not found', "https://www.cs.toronto.edu", str(data / "cifar-10"))
        wants = {
            "vgg16-transfer": ('data set "flower-photos" not found', "flower_photos.tgz", str(data / "flower-photos")),
            "yamnet-20-classes": ('data set "sounds-20" not found', "as in sounds-20/dog/1.wav", str(data / "sounds-20")),
            "xception-binary": ('"cats-and-dogs" not found', "cats_and_dogs_filtered.zip", str(data / "cats-and-dogs")),
            "mlp-mnist-pruning": ('data set "mnist" not found', "train-images-idx3-ubyte.gz", str(data / "mnist"))}
        for name in EXPERIMENTS:
            with self.subTest(name, missing="data"):
                self.check_reading(name, environment, *wants.get(name, cifar))
        self.check_reading("yamnet-20-classes-small", environment, 'data set "sounds" not found', "as in sounds/dog/1.wav")
        write_data(data)
        files = {
            "resnet50-cifar10-two-phase": "resnet50-0676ba61.pth", "resnet18-cifar10-two-phase": "resnet18-f37072fd.pth",
            "unfreeze-depth-sweep": "resnet18-f37072fd.pth", "vgg16-transfer": "vgg16-397923af.pth",
            "xception-binary": "xception-43020ad28.pth", "yamnet-20-classes": "yamnet.pth"}
        for name in EXPERIMENTS:
            with self.subTest(name, missing="weights"):
                place = weights / ("yamnet.safetensors" if name.startswith("yamnet") else files.get(name, ""))
                says = (f"looked for the file {place}", f"/{files[name]}") if name in files else ()
                self.check_reading(name, environment, *says)

    def experiment(self, name, *more, at=()):
        """Runs a reduced recipe, with a checkpoint after each epoch and a hand's changes."""
        sounds = self.path / "sounds"
        if name.startswith("yamnet"):
            more = (*more, f"data.path={sounds}")
            if not sounds.exists():
                write_tones(sounds)
        chosen = [*SHORTER[name], "data.validation.limit=8", "checkpoints.every_epochs=1", *more]
        done = cli("train", RECIPES / f"{name}-small.json", "--out", self.path / "sessions", "--threads", 1,
                   *(word for each in chosen for word in ("--set", each)), *(word for each in at for word in ("--at", each)))
        self.assertEqual(done.returncode, 0, done.stderr)
        return Experiment(document(f"{name}-small"), done.stdout.splitlines()[-1])

    def check_phases(self, run):
        """What is trainable, by the recipe, by the record and by the last table."""
        names = [name for name, _, _ in run.phases]
        self.assertEqual(run.names, [] if names == [None] else names)
        for phase, (name, trainable, _) in enumerate(run.phases):
            self.assertEqual(run.trainable_by_the_record(phase), trainable, name)
        last = {layer["path"] for layer in run.layers if layer["leaf"] and layer["parameters"] and layer["trainable"]}
        self.assertEqual(last, run.phases[-1][1])

    def check_bytes(self, run):
        """What is frozen in a phase keeps every byte, statistics too; what trains does not."""
        for phase, (name, trainable, _) in enumerate(run.phases):
            epochs = run.epochs(phase)
            if phase == 0:
                drifts = [(layer["path"], layer["drift"]) for epoch in epochs for layer in epoch["layers"]]
                self.assertTrue(all((drift == 0.0) != (path in trainable) for path, drift in drifts), name)
            self.check_bytes_of(run, phase, trainable)

    def check_bytes_of(self, run, phase, trainable):
        epochs = run.epochs(phase)
        begin = run.begin(phase) if phase else run.tensors(epochs[0]["step"])
        for epoch in epochs[0 if phase else 1:]:
            now = run.tensors(epoch["step"])
            self.assertEqual(begin.keys(), now.keys())
            self.assertEqual(moved(begin, now), trainable, f"epoch {epoch['epoch']}")

    def check_rates(self, run):
        schedule = run.recipe.get("schedule", {"kind": "constant"})
        shortened = run.session["recipe"].get("schedule", {})
        schedule.update({key: shortened[key] for key in ("patience", "threshold") if key in shortened})
        rates = run.session["steps"]["learning_rate"]
        for phase, (name, _, base) in enumerate(run.phases):
            epochs = run.epochs(phase)
            losses = [epoch["validation"]["loss"] for epoch in epochs]
            factors = plateau_factors(schedule, losses) if schedule["kind"] == "plateau" else [1.0] * len(epochs)
            begins = [run.begins[phase], *(epoch["step"] for epoch in epochs[:-1])]
            for begin, epoch, factor in zip(begins, epochs, factors):
                wanted = max(base * factor, schedule.get("minimum", 0.0))
                for step in range(begin, epoch["step"]):
                    self.assertLessEqual(abs(rates[step] - wanted), 1e-12 * wanted, f"{name}, step {step}")

    def check(self, name):
        run = self.experiment(name)
        validator("session.schema.json").validate(run.session)
        self.assertEqual(run.session["state"], "finished")
        self.check_phases(run)
        self.check_bytes(run)
        self.check_rates(run)
        return run

    def test_reduced_resnet50(self):
        run = self.check("resnet50-cifar10-two-phase")
        self.assertEqual({path.rpartition(".")[0] for path in run.phases[1][1]}, {"fc", "layer4.1", "layer4.2"})

    def test_reduced_resnet18(self):
        run = self.check("resnet18-cifar10-two-phase")
        self.assertEqual(sum(path.startswith("layer4.") for path in run.phases[1][1]), 10)

    def test_reduced_vgg16(self):
        self.check("vgg16-transfer")

    def test_reduced_xception_keeps_its_statistics(self):
        run = self.check("xception-binary")
        first, last = run.tensors(run.begins[1]), run.tensors(run.ends[1])
        statistics = [key for key in first if "running_" in key]
        self.assertEqual(len(statistics), 80)
        for key in statistics:
            self.assertEqual(first[key].tobytes(), last[key].tobytes(), key)

    def test_reduced_yamnet_goes_back_to_its_best(self):
        run = self.check("yamnet-20-classes")
        restored = {change["step"]: change["value"] for change in run.session["interventions"] if change["kind"] == "restore"}
        wanted = {}
        for phase, end in enumerate(run.ends):
            epochs = run.epochs(phase)
            best = min(epochs, key=lambda epoch: epoch["validation"]["loss"])["step"]
            if best != end:
                wanted[end] = best
        self.assertEqual(restored, wanted)
        end = run.ends[-1]
        self.assertEqual(moved(run.tensors(wanted.get(end, end)), run.tensors(end, newest=True)), set())

    def test_the_next_phase_begins_with_what_was_gone_back_to(self):
        """The worst epoch is taken for the best here, which is not the last; a rate of 0 then keeps it as it is."""
        phases = [{"name": "learn", "epochs": 3, "restore_best": True}, {"name": "keep", "epochs": 1, "learning_rate": 0}]
        run = self.dense(phases, more=["checkpoints.mode=min"])
        *learned, after = run.session["epochs"]
        worst = min(learned, key=lambda epoch: epoch["validation"]["accuracy"])["step"]
        last = learned[-1]["step"]
        back = [(change["step"], change["value"]) for change in run.session["interventions"] if change["kind"] == "restore"]
        self.assertEqual(back, [(last, worst)])
        self.assertEqual(moved(run.tensors(worst), run.tensors(after["step"])), set())
        self.assertNotEqual(moved(run.tensors(last), run.tensors(after["step"])), set())

    def test_reduced_autoencoders(self):
        counts = {"last-two": 2, "code": 4, "all": 13}
        for what, count in counts.items():
            with self.subTest(what):
                run = self.check(f"autoencoder-unfreeze-{what}")
                self.assertEqual(len(run.phases[0][1]), count)
                self.assertIn("psnr", run.session["epochs"][-1]["validation"])
                if what == "last-two":
                    self.assertGreater(len(set(run.session["steps"]["learning_rate"])), 2, "the rate never dropped")

    def test_reduced_pruning_keeps_its_zeros(self):
        run = self.check("mlp-mnist-pruning")
        for epoch in run.session["epochs"]:
            weights = {key: tensor for key, tensor in run.tensors(epoch["step"]).items() if tensor.ndim == 2}
            self.assertEqual(len(weights), 3)
            for key, weight in weights.items():
                self.assertEqual((weight == 0).sum(), weight.size // 2, key)

    def test_reduced_depth_sweep(self):
        self.check("unfreeze-depth-sweep")

    def dense(self, phases, *, more=(), at=()):
        """The small dense network in phases; dense1, dense2 and head, of four steps an epoch."""
        return self.experiment("mlp-mnist-pruning", f"phases={json.dumps(phases)}", "epochs=null", *more, at=at)

    def test_gradual_unfreezing_goes_from_the_top_down(self):
        run = self.dense({"gradual": {"stages": 1, "every": 1, "phases": 2, "ratio": 2.6, "all_epochs": 2}})
        self.assertEqual(run.names, ["last 1 stage", "last 2 stages", "everything"])
        self.assertEqual(run.begins, [0, 4, 8])
        for phase, trainable in enumerate(({"head"}, {"dense2", "head"}, {"dense1", "dense2", "head"})):
            self.assertEqual(run.trainable_by_the_record(phase), trainable)
        rates = {layer["path"]: layer["rate"] for layer in run.layers if layer["parameters"]}
        for path, rate in {"head": 1, "dense2": 1 / 2.6, "dense1": 1 / 2.6 ** 2}.items():
            self.assertAlmostEqual(rates[path], rate, places=12)
        self.check_bytes_of(run, 1, {"dense2", "head"})

    def test_a_hand_changes_what_a_phase_does_not_name(self):
        phases = [{"name": "one", "epochs": 1, "trainable": ["head"]},
                  {"name": "two", "epochs": 1, "trainable": ["dense2", "head"], "learning_rate": 1e-4},
                  {"name": "three", "epochs": 1, "trainable": ["head"]}]
        at = ["1:trainable:dense1=on", "2:learning_rate=0.002", "5:learning_rate=0.003", "6:trainable:dense2=off"]
        run = self.dense(phases, at=at)
        self.assertEqual(run.trainable_by_the_record(1), {"dense1", "dense2", "head"})
        self.assertEqual(run.trainable_by_the_record(2), {"dense1", "head"})
        self.assertEqual(run.session["steps"]["learning_rate"],
                         [1e-3] * 2 + [2e-3] * 2 + [1e-4] + [3e-3] * 7)
        self.check_bytes_of(run, 2, {"dense1", "head"})

    def test_a_session_tells_all_of_a_phases_optimizer(self):
        """What it leaves out would be the recipe's when the session is gone on with."""
        phases = [{"name": "clipped", "epochs": 1}, {"name": "free", "epochs": 1, "optimizer": {"clip_norm": 0}}]
        run = self.dense(phases, more=["optimizer.clip_norm=1", "optimizer.weight_decay=0.01"])
        told = run.session["recipe"]["phases"][1]["optimizer"]
        self.assertEqual((told["clip_norm"], told["weight_decay"]), (0, 0.01))
        changes = [(change["target"], change["value"]) for change in run.session["interventions"] if change["kind"] == "optimizer"]
        self.assertEqual(changes, [("clip_norm", 0)])

    def test_other_schedules_are_followed_too(self):
        for schedule, formula in SCHEDULES:
            with self.subTest(schedule["kind"]):
                run = self.experiment("mlp-mnist-pruning", f"schedule={json.dumps(schedule)}", "epochs=6")
                rates = run.session["steps"]["learning_rate"]
                for step, rate in enumerate(rates):
                    wanted = 1e-3 * formula(step, len(rates) // 6, len(rates))
                    self.assertLessEqual(abs(rate - wanted), 1e-12 * 1e-3, f"step {step}")


if __name__ == "__main__":
    unittest.main()
