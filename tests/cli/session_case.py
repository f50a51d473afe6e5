"""What the tests of sessions share: a run of a second, and what must be the same to the bit."""

import json
import pathlib

from cli_case import CliCase, cli

RECIPE = {
    "frostline": "recipe/1", "name": "tiny", "seed": 3,
    "data": {"source": "idx", "path": "dataset:fashion-mnist", "classes": ["sneaker", "ankle boot", "bag"],
             "train_limit": 40, "validation": {"from": "test", "limit": 20}},
    "model": {"architecture": "convnet", "options": {"widths": [4, 8]},
              "head": {"pooling": "none", "hidden": [16], "dropout": 0.3}},
    "optimizer": {"kind": "adam", "learning_rate": 0.002, "weight_decay": 0.01},
    "batch_size": 16, "epochs": 6,
}
STEPS = 48
CHANGES = ["5:trainable:block1=off", "12:sparsity:block2=0.5", "20:optimizer:weight_decay=0.02",
           "30:trainable:block1=on", "33:learning_rate=0.0005", "40:sparsity:block2=0.2"]
OPTIMIZERS = {
    "adam": {"kind": "adam", "learning_rate": 0.002, "weight_decay": 0.01},
    "adamw": {"kind": "adamw", "learning_rate": 0.002, "weight_decay": 0.1},
    "sgd": {"kind": "sgd", "learning_rate": 0.02, "momentum": 0.9, "weight_decay": 0.01},
}


def read(folder):
    return json.loads((pathlib.Path(folder) / "session.json").read_text())


def series(session):
    """All that a session tells, times left out."""
    steps = {key: values for key, values in session["steps"].items() if key != "seconds"}
    epochs = [{key: epoch[key] for key in ("epoch", "step", "train", "validation", "layers")}
              for epoch in session["epochs"]]
    changes = [{key: change[key] for key in ("step", "kind", "target", "value")}
               for change in session["interventions"]]
    return steps, epochs, changes


def last_bytes(folder):
    """The last checkpoint's bytes, whole: weights, statistics, the optimizer's state, masks, settings."""
    session = read(folder)
    newest = max(session["checkpoints"], key=lambda each: (each["step"], each["interventions"]))
    return (pathlib.Path(folder) / newest["file"]).read_bytes()


def losses_kept(folder):
    """The steps in a journal's whole lines, without opening the session, which would mend it."""
    journal = folder / "journal.jsonl"
    lines = journal.read_text().split("\n")[:-1] if journal.exists() else []
    batches = [line["steps"]["loss"] for line in map(json.loads, lines) if isinstance(line.get("steps"), dict)]
    return [loss for batch in batches for loss in batch]


class SessionCase(CliCase):
    def recipe(self, **values):
        file = self.path / "tiny.json"
        file.write_text(json.dumps({**RECIPE, **values}))
        return file

    def arguments(self, recipe, out, *, before=STEPS, changes=CHANGES):
        planned = [each for change in changes if int(change.split(":")[0]) < before for each in ("--at", change)]
        return ["train", recipe, "--out", self.path / out, "--threads", 1, *planned]

    def run_session(self, recipe, out, *more, **options):
        done = cli(*self.arguments(recipe, out, **options), *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return pathlib.Path(done.stdout.splitlines()[-1])

    def assertSameRun(self, first, second):
        for mine, theirs in zip(series(read(first)), series(read(second))):
            self.assertEqual(mine, theirs)
        self.assertEqual(last_bytes(first), last_bytes(second))
