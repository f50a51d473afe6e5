"""lr-find: the range test of the learning rate."""

import csv
import json
import os
import unittest
import xml.etree.ElementTree as ElementTree

from cli_case import TRANSFER, CliCase, cli

NAMES = ["valley", "slide", "minimum", "steep"]


class LrFind(CliCase):
    def find(self, *arguments):
        done = cli("lr-find", TRANSFER, "--threads", 2, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_table_and_what_it_says_of_itself(self):
        done = self.find("--steps", 30)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0].split(), ["suggestion", "learning", "rate"])
        self.assertEqual([line.split()[0] for line in lines[1:]], NAMES)
        for line in lines[1:]:
            self.assertTrue("none: " in line or 0 < float(line.split()[1]) <= 10, line)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("nothing was changed", done.stderr)

    def test_json_csv_and_svg_tell_the_same(self):
        table, picture = self.path / "curve.csv", self.path / "curve.svg"
        report = json.loads(self.find("--start", "1e-6", "--end", "1", "--steps", 60, "--json", "--csv", table,
                                      "--svg", picture).stdout)
        self.assertEqual((report["start"], report["end"], report["steps"], report["threads"]), (1e-6, 1, 60, 2))
        self.assertEqual(list(report["suggestions"]), NAMES)
        self.assertEqual(report["learning_rate"][0], 1e-6)
        self.assertEqual(report["ended"] == "completed", len(report["loss"]) == 60)
        self.assertEqual(report["end_rate"], report["learning_rate"][-1])
        rows = list(csv.DictReader(table.read_text().splitlines()))
        for key in ("learning_rate", "loss", "smoothed_loss"):
            self.assertEqual([float(row[key]) for row in rows], report[key])
        texts = [each.text for each in ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text")]
        for name, rate in report["suggestions"].items():
            self.assertEqual(any(text.startswith(name) for text in texts), rate is not None, name)

    def test_the_same_test_gives_the_same_curve_and_settings_count(self):
        first, again = (self.find("--steps", 20, "--json").stdout for _ in range(2))
        self.assertEqual(first, again)
        slower = self.find("--steps", 20, "--json", "--set", "seed=2").stdout
        self.assertNotEqual(json.loads(first)["loss"], json.loads(slower)["loss"])

    def test_writes_no_session(self):
        home = self.path / "home"
        done = cli("lr-find", TRANSFER, "--steps", 10, "--threads", 1, env={
            **os.environ, "XDG_DATA_HOME": str(home), "HOME": str(home)})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([path for path in home.rglob("*") if path.name.startswith("session")], [])

    def test_bad_input(self):
        for arguments, says in ((("--start", "1", "--end", "0.1"), "below its end"),
                                (("--start", "0"), "above 0"),
                                (("--end", "1e9"), "to 1000"),
                                (("--steps", "9"), "10 to"),
                                (("--steps", "many"), "--steps"),
                                (("--from", "1"), "--from"),
                                (("--set", "optimizer.rate=1"), "optimizer"),
                                (("--set", 'layers=[{"match": "*", "trainable": false}]'), "nothing is trainable"),
                                (("--steps", "10", "--csv", self.path / "none" / "a.csv"), "a.csv")):
            with self.subTest(arguments=arguments):
                self.assertRefused(cli("lr-find", TRANSFER, "--threads", 1, *arguments), says)
        self.assertRefused(cli("lr-find", self.path / "none.json"), "none.json")


if __name__ == "__main__":
    unittest.main()
