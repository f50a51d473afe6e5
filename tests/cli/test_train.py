"""The command line's promises: what it prints, that frozen is frozen, that a seed is a seed."""

import json
import unittest

import numpy as np

from cli_case import RESOURCES, TRANSFER, CliCase, cli, safetensors_io

SHORT = ["--set", "data.validation.limit=50", "--epochs", "3"]
OPTIMIZERS = {
    "adam with decay": '{"kind": "adam", "learning_rate": 0.001, "weight_decay": 0.01}',
    "adamw": '{"kind": "adamw", "learning_rate": 0.001, "weight_decay": 0.1}',
    "sgd with momentum": '{"kind": "sgd", "learning_rate": 0.01, "momentum": 0.9, "weight_decay": 0.01}',
}


class Train(CliCase):
    def test_default_demo_reaches_ninety_per_cent_with_its_base_frozen(self):
        done = cli("train", TRANSFER, "--out", self.path / "sessions", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        recipe = json.loads(TRANSFER.read_text())
        self.assertEqual(len(lines), recipe["epochs"] + 1)
        self.assertEqual(list(lines[-1])[-1], "session")
        session = json.loads((self.path / "sessions" / lines[-1]["session"] / "session.json").read_text())
        frozen = [layer for layer in session["layers"] if layer["leaf"] and not layer["trainable"]]
        self.assertTrue(frozen)
        self.assertTrue(all(layer["drift"] == 0.0 for layer in frozen))
        self.assertGreater(lines[-1]["last_validation"]["accuracy"], 0.9)

    def test_layers_frozen_in_the_middle_keep_every_byte(self):
        everything = ["--set", 'layers=[{"match": "*", "trainable": true}]', *SHORT]
        freeze = ["--at", "15:trainable:*=off", "--at", "15:trainable:head*=on"]
        for name, optimizer in OPTIMIZERS.items():
            with self.subTest(optimizer=name):
                chosen = ["--set", f"optimizer={optimizer}", *everything]
                stopped = self.weights(*self.train(*chosen, "--steps", "15"))
                session, folder = self.train(*chosen, *freeze)
                ended = self.weights(session, folder)
                self.assertGreater(session["summary"]["steps"], 15)
                self.assertEqual([change["step"] for change in session["interventions"]], [15, 15])
                for key, before in stopped.items():
                    same = before.tobytes() == ended[key].tobytes()
                    self.assertEqual(same, not key.startswith("head."), key)

    def test_same_seed_same_bytes_and_metrics(self):
        session, folder = self.train(*SHORT)
        again, again_folder = self.train(*SHORT)
        other, other_folder = self.train(*SHORT, "--set", "seed=2")
        first = (folder / session["checkpoints"][0]["file"]).read_bytes()
        self.assertEqual(first, (again_folder / again["checkpoints"][0]["file"]).read_bytes())
        self.assertNotEqual(first, (other_folder / other["checkpoints"][0]["file"]).read_bytes())
        for series in ("step", "loss", "accuracy", "learning_rate", "sparsity"):
            self.assertEqual(session["steps"][series], again["steps"][series])
        for mine, theirs in zip(session["epochs"], again["epochs"]):
            for key in ("train", "validation", "layers"):
                self.assertEqual(mine[key], theirs[key])
        self.assertNotEqual(session["steps"]["loss"], other["steps"]["loss"])

    def test_shipped_weights_have_every_tensor_of_their_network(self):
        session, folder = self.train("--epochs", "1", "--steps", "1", recipe=RESOURCES / "recipes/fashion-pretrain.json")
        shipped = safetensors_io.load(RESOURCES / "weights/fashion-clothes-convnet.safetensors")
        trained = self.weights(session, folder)
        self.assertEqual({k: v.shape for k, v in shipped.items()}, {k: v.shape for k, v in trained.items()})
        self.assertTrue(all(np.isfinite(v).all() for v in shipped.values()))

    def test_masked_weights_are_zero_in_the_saved_file(self):
        for name, optimizer in OPTIMIZERS.items():
            with self.subTest(optimizer=name):
                chosen = ["--set", f"optimizer={optimizer}", "--set", 'layers=[{"match": "*", "trainable": true}]', *SHORT]
                session, folder = self.train(*chosen, "--at", "3:sparsity:*=0.5")
                weights = self.weights(session, folder)
                pruned = [value for key, value in weights.items() if value.ndim >= 2]
                self.assertEqual(len(pruned), 5)
                for value in pruned:
                    self.assertEqual((value == 0).sum(), round(value.size / 2))

    def test_half_precision_weights_are_widened(self):
        shipped = safetensors_io.load(RESOURCES / "weights/fashion-clothes-convnet.safetensors")
        halved = {name: value.astype(np.float16) if value.dtype == np.float32 else value for name, value in shipped.items()}
        safetensors_io.save(self.path / "half.safetensors", halved)
        session, folder = self.train("--set", f"model.weights={self.path / 'half.safetensors'}", "--steps", "1")
        trained = self.weights(session, folder)
        for name, value in halved.items():
            if not name.startswith("head."):
                self.assertEqual(trained[name].tobytes(), value.astype(shipped[name].dtype).tobytes(), name)

    def test_changes_are_scripted_and_recorded(self):
        session, _ = self.train(*SHORT, "--at", "4:learning_rate=1e-4", "--at", "6:sparsity:head*=0.5", "--at", "2:note=look here")
        self.assertEqual([(c["step"], c["kind"], c["value"]) for c in session["interventions"]],
                         [(2, "note", "look here"), (4, "learning_rate", 1e-4), (6, "sparsity", 0.5)])
        rates = session["steps"]["learning_rate"]
        self.assertEqual((rates[3], rates[4]), (0.001, 1e-4))
        self.assertEqual(session["steps"]["sparsity"][5], 0.0)
        self.assertGreater(session["steps"]["sparsity"][6], 0.0)

    def test_tables_are_printed_and_listed(self):
        _, folder = self.train(*SHORT)
        listed = json.loads(cli("sessions", self.path / "sessions", "--json").stdout)
        self.assertEqual([row["id"] for row in listed], [folder.name])
        self.assertIn("finished", cli("sessions", self.path / "sessions").stdout)
        rows = {row["path"]: row for row in json.loads(cli("layers", TRANSFER, "--json").stdout)}
        self.assertEqual(rows["block1.norm"]["non_trainable_parameters"], 128)
        self.assertFalse(rows["block4.conv"]["trainable"])
        self.assertIn("block4", cli("layers", TRANSFER).stdout)
        report = json.loads(cli("doctor", "--json").stdout)
        self.assertGreaterEqual(report["cores"], 1)
        self.assertIn("fashion-mnist", " ".join(report["datasets"]))


if __name__ == "__main__":
    unittest.main()
