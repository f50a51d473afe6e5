"""Sounds from a folder, through the command line: YAMNet frozen under a head, speakers that it never heard."""

import json
import unittest
import wave

import numpy as np

from cli_case import CliCase, cli
from assets import ASSETS

UNSEEN = ["theo", "yweweler"]


def recipe_for(folder, **data):
    return {
        "frostline": "recipe/1", "name": "sounds", "seed": 1,
        "data": {"source": "audio_folder", "path": str(folder), "normalize": {"mean": [0.0], "std": [1.0]}, **data},
        "model": {"architecture": "convnet", "options": {"widths": [8, 8]}},
        "optimizer": {"kind": "adam", "learning_rate": 0.003},
        "batch_size": 16, "epochs": 6}


def write_tone(path, hertz, seconds=1.0, rate=8000):
    path.parent.mkdir(parents=True, exist_ok=True)
    time = np.arange(int(seconds * rate)) / rate
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((9000 * np.sin(2 * np.pi * hertz * time)).astype("<i2").tobytes())


class Audio(CliCase):
    def write(self, recipe):
        path = self.path / "recipe.json"
        path.write_text(json.dumps(recipe))
        return path

    def tones(self):
        """Low and high tones of four makers, six recordings each; everyone's are a little different."""
        folder = self.path / "tones"
        for m, maker in enumerate(["ann", "bob", "cyd", "dan"]):
            for take in range(6):
                write_tone(folder / "low" / f"{maker}_{take}.wav", 300 + 20 * m + 5 * take)
                write_tone(folder / "high" / f"{maker}_{take}.wav", 1500 + 50 * m + 10 * take)
        return folder

    def test_tones_are_told_apart(self):
        groups = {"pattern": "([a-z]+)_.*", "test": ["dan"]}
        session, _ = self.train(recipe=self.write(recipe_for(self.tones(), groups=groups)))
        self.assertEqual(session["state"], "finished")
        self.assertGreater(session["summary"]["best_validation_accuracy"], 0.95)

    def test_bad_folders_are_refused_in_a_sentence(self):
        folder = self.tones()
        pattern = "([a-z]+)_.*"
        for says, groups in {
                'there is no group "dam"; there are ann, bob, cyd, dan; did you mean "dan"?':
                    {"pattern": pattern, "test": ["dam"]},
                "is not a regular expression": {"pattern": "([a-z]+_.*"},
                "does not match its name": {"pattern": "([a-z]+)-.*", "test": ["dan"]}}.items():
            with self.subTest(says):
                recipe = self.write(recipe_for(folder, groups=groups))
                self.assertRefused(cli("train", recipe, "--out", self.path / "sessions"), says)
        recipe = self.write(recipe_for(folder, groups={"pattern": pattern, "test": ["dan"]}))
        (folder / "low" / "ann_0.wav").write_bytes(b"")
        self.assertRefused(cli("train", recipe, "--out", self.path / "sessions"), "low/ann_0.wav: is empty")
        (folder / "low" / "ann_0.wav").unlink()
        (folder / "hum").mkdir()
        self.assertRefused(cli("train", recipe, "--out", self.path / "sessions"), "hum: has no sound file")

    def digits(self, **data):
        """Accuracy on the digits kept for validation, YAMNet frozen under one dense layer. Chance is a tenth."""
        recipe = recipe_for(ASSETS / "fsdd", **data)
        recipe["model"] = {"architecture": "yamnet", "weights": str(ASSETS / "yamnet.safetensors"), "head": {}}
        recipe["layers"] = [{"match": "*", "trainable": False}, {"match": "fc", "trainable": True}]
        recipe.update(optimizer={"kind": "adam", "learning_rate": 0.005}, batch_size=32, epochs=40)
        session, _ = self.train(recipe=self.write(recipe))
        self.assertTrue(all(layer["drift"] == 0.0 for layer in session["layers"] if layer["path"] != "fc"))
        return session["epochs"][-1]["validation"]["clip_accuracy"]

    @unittest.skipUnless((ASSETS / "fsdd").is_dir(), f"no recordings in {ASSETS / 'fsdd'}")
    def test_yamnet_knows_digits_by_the_voices_it_learned(self):
        """It tells sounds apart, not words: takes of known speakers it finds, new speakers little above chance."""
        known = self.digits(validation={"from": "train", "fraction": 0.3})
        unseen = self.digits(groups={"pattern": "([a-z]+)_.*", "test": UNSEEN})
        print(f"clips of known speakers: {known:.3f}, of two unseen ones: {unseen:.3f}")
        self.assertGreater(known, 0.6)
        self.assertGreater(unseen, 0.15)


if __name__ == "__main__":
    unittest.main()
