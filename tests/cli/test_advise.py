"""frostline-cli advise: a suggestion with reasons, and what would apply it."""

import json
import shlex
import unittest

from cli_case import RESOURCES, TRANSFER, CliCase, cli

PRETRAIN = RESOURCES / "recipes" / "fashion-pretrain.json"
WEIGHTS = "resource:weights/fashion-clothes-convnet.safetensors"


def advise(recipe, *arguments):
    done = cli("advise", recipe, "--threads", 1, "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Advise(CliCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = advise(TRANSFER)

    def kinds(self, advice):
        return [reason["kind"] for reason in advice["reasons"]]

    def test_the_demo_has_few_samples(self):
        advice = self.demo
        self.assertEqual(advice["amount"], "few")
        self.assertEqual(advice["samples"], 100)
        self.assertEqual(advice["likeness"], "unknown")
        self.assertIn(advice["frozen_up_to"], ("block3", "block4"))
        self.assertEqual([block["path"] for block in advice["blocks"]],
                         ["block1", "block2", "block3", "block4", "head"])
        self.assertTrue(all(block["ratio"] > 0 for block in advice["blocks"]))
        self.assertEqual(advice["probe"]["samples"], 100)
        self.assertEqual(advice["probe"]["classes"], 4)
        self.assertEqual(self.kinds(advice)[:2], ["samples", "measured"])
        self.assertTrue(all(reason["text"] for reason in advice["reasons"]))

    def test_it_says_the_same_again(self):
        self.assertEqual(advise(TRANSFER), self.demo)

    def test_own_classes_are_closer_than_others(self):
        model = ["--set", f'model.weights="{WEIGHTS}"', "--set", 'model.head={"pooling": "none"}',
                 "--set", "data.train_limit=50"]
        own = advise(PRETRAIN, *model)
        print("gain of own classes", own["probe"]["gain"], "of others", self.demo["probe"]["gain"])
        self.assertEqual(own["closeness"], "close")
        self.assertGreater(own["probe"]["gain"], self.demo["probe"]["gain"])
        self.assertEqual(own["part"], "head")
        self.assertEqual(own["learning_rate"], 0.001)

    def test_nothing_is_there_to_keep_without_weights(self):
        advice = advise(PRETRAIN, "--set", "data.train_limit=50")
        self.assertEqual(advice["part"], "all")
        self.assertIsNone(advice["frozen_up_to"])
        self.assertIsNone(advice["probe"])
        self.assertEqual(self.kinds(advice), ["no_weights"])
        self.assertEqual(advice["confidence"], "high")

    def test_what_is_said_counts(self):
        different = advise(TRANSFER, "--likeness", "different")
        self.assertEqual(different["likeness"], "different")
        self.assertIn("said", self.kinds(different))
        # What is measured decides, whatever is said; that the two differ makes it no surer.
        self.assertEqual(different["blocks"], self.demo["blocks"])
        order = ["low", "medium", "high"]
        self.assertLessEqual(order.index(different["confidence"]), order.index(self.demo["confidence"]))

    def test_what_it_prints_applies_it(self):
        done = cli("advise", TRANSFER, "--threads", 1, "--set", "layers=[]")
        self.assertEqual(done.returncode, 0, done.stderr)
        print(done.stdout)
        line = next(line for line in done.stdout.splitlines() if line.startswith("  --set"))
        table = cli("layers", TRANSFER, "--json", *shlex.split(line))
        self.assertEqual(table.returncode, 0, table.stderr)
        trains = {block["path"]: block["trains"] for block in self.demo["blocks"]}
        leaves = [layer for layer in json.loads(table.stdout) if "trainable" in layer]
        self.assertEqual(len(leaves), 9)
        for layer in leaves:
            self.assertEqual(layer["trainable"], trains[layer["path"].split(".")[0]], layer["path"])
        # Followed, it has nothing left to change.
        again = advise(TRANSFER, *shlex.split(line))
        self.assertEqual(again["set"]["layers"], json.loads(shlex.split(line)[1].split("=", 1)[1]))

    def test_bad_input(self):
        self.assertRefused(cli("advise", TRANSFER, "--likeness", "alike"),
                           '--likeness: likeness "alike" is not known; same, similar, different, unknown')
        self.assertRefused(cli("advise", self.path / "none.json"), "none.json")
        self.assertRefused(cli("advise", TRANSFER, "--set", "layers"), "expected KEY=VALUE")


if __name__ == "__main__":
    unittest.main()
