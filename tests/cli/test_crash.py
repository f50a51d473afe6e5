"""A training process is killed at 100 random moments: each time its session opens, has lost at most what came
after its last sync, resumes, and ends with the bytes of the run that was never killed."""

import json
import random
import signal
import subprocess
import time
import unittest

from cli_case import CLI, cli
from session_case import OPTIMIZERS, SessionCase, losses_kept, read

KILLS = 100
MOST_TRIES = 180
EPOCHS = 24
STEPS_OF_AN_EPOCH = 8
# A checkpoint every other step: many kills fall into writing one.
CHECKPOINTS = {"every_steps": 2, "keep": 3}


class Crash(SessionCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(20261121)
        self.recipes, self.whole, self.seconds = {}, {}, {}
        for name, optimizer in OPTIMIZERS.items():
            (self.path / name).mkdir()
            self.recipes[name] = self.recipe(optimizer=optimizer, checkpoints=CHECKPOINTS, epochs=EPOCHS).rename(
                self.path / name / "tiny.json")
            process = self.started(name, f"whole-{name}")
            began = time.monotonic()
            self.assertEqual(process.wait(), 0)
            self.seconds[name] = time.monotonic() - began
            self.whole[name] = next((self.path / f"whole-{name}").glob("*/session.json")).parent
            process.stdout.close()

    def started(self, name, out):
        """A run that has made its session."""
        command = [CLI, *map(str, self.arguments(self.recipes[name], out)), "--json"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        while process.poll() is None and not any((self.path / out).glob("*/journal.jsonl")):
            time.sleep(0.002)
        return process

    def killed(self, name, out):
        """Kills a run; gives back its folder, if it had not ended before, and the epochs it had told of."""
        with self.started(name, out) as process:
            time.sleep(self.random.uniform(0.0, 0.95) * self.seconds[name])
            process.send_signal(signal.SIGKILL)
            told = [json.loads(line) for line in process.stdout.read().splitlines() if line.endswith("}")]
        folders = list((self.path / out).glob("*/session.json"))
        return (folders[0].parent if process.returncode == -signal.SIGKILL and folders else None), len(told)

    def test_killed_at_random_moments(self):
        kills, torn, halves, worst = 0, 0, 0, 0
        for attempt in range(MOST_TRIES):
            name = list(OPTIMIZERS)[attempt % len(OPTIMIZERS)]
            folder, told = self.killed(name, f"try-{attempt}")
            if folder is None:
                continue
            if read(folder)["state"] == "finished":
                self.assertSameRun(folder, self.whole[name])  # Killed when all was written.
                continue
            kills += 1
            kept = losses_kept(folder)
            self.assertEqual(kept, read(self.whole[name])["steps"]["loss"][:len(kept)])
            worst = max(worst, told * STEPS_OF_AN_EPOCH - len(kept))
            halves += any((folder / "checkpoints").glob("*.part"))
            done = cli("resume", folder)
            self.assertEqual(done.returncode, 0, f"{folder}: {done.stderr}")
            torn += "was not written whole" in done.stderr
            session = read(folder)
            self.assertEqual(session["state"], "finished")
            self.assertFalse((folder / "journal.jsonl").exists())
            self.assertSameRun(folder, self.whole[name])
            if kills == KILLS:
                break
        print(f"\n{kills} kills: {torn} tore the journal's last line, {halves} left half a checkpoint; worst loss "
              f"{worst} steps of those whose epoch was told of", flush=True)
        self.assertEqual(kills, KILLS)

    def test_an_interrupted_session_says_so(self):
        for attempt in range(5):
            folder, _ = self.killed("adam", f"look-{attempt}")
            if folder is None or read(folder)["state"] == "finished":
                continue
            kept = len(losses_kept(folder))
            done = cli("branch", folder, "--step", 0, "--steps", 1)  # Opens it, which folds the journal in.
            self.assertEqual(done.returncode, 0, done.stderr)
            session = read(folder)
            self.assertEqual(session["state"], "stopped")
            self.assertIn("interrupted", session["error"]["message"])
            self.assertEqual(len(session["steps"]["step"]), kept)


if __name__ == "__main__":
    unittest.main()
