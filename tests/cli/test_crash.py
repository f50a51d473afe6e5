"""A training process is killed at 100 random moments: each time its session opens, has lost at most what came
after its last sync, resumes, and ends with the bytes of the run that was never killed."""

import json
import random
import signal
import subprocess
import time
import unittest

from cli_case import CLI, cli
from session_case import OPTIMIZERS, STEPS, SessionCase, read

KILLS = 100
MOST_TRIES = 250
STEPS_OF_AN_EPOCH = 8
# A checkpoint every other step: many kills fall into writing one.
CHECKPOINTS = {"every_steps": 2, "keep": 3}


def losses_kept(folder):
    """The steps in a journal's whole lines, without opening the session, which would mend it."""
    journal = folder / "journal.jsonl"
    lines = journal.read_text().split("\n")[:-1] if journal.exists() else []
    batches = [line["steps"]["loss"] for line in map(json.loads, lines) if isinstance(line.get("steps"), dict)]
    return [loss for batch in batches for loss in batch]


class Crash(SessionCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(20261121)
        self.recipes, self.whole, self.seconds = {}, {}, {}
        for name, optimizer in OPTIMIZERS.items():
            (self.path / name).mkdir()
            self.recipes[name] = self.recipe(optimizer=optimizer, checkpoints=CHECKPOINTS).rename(
                self.path / name / "tiny.json")
            began = time.monotonic()
            self.whole[name] = self.run_session(self.recipes[name], f"whole-{name}")
            self.seconds[name] = time.monotonic() - began

    def killed(self, name, out):
        """Kills a run; gives back its folder, if it had made one, and the epochs it had told of."""
        command = [CLI, *map(str, self.arguments(self.recipes[name], out)), "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            time.sleep(self.random.uniform(0.2, 1.0) * self.seconds[name])
            process.send_signal(signal.SIGKILL)
            told = [json.loads(line) for line in process.stdout.read().splitlines() if line.endswith("}")]
        ended = process.returncode != -signal.SIGKILL
        folders = list((self.path / out).glob("*/session.json"))
        return (None if ended or not folders else folders[0].parent), len(told)

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
