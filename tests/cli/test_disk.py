"""A full disk, a folder made read-only, a folder that is removed, each in the middle of a run: training pauses and
says why, nothing earlier is harmed, and it goes on when mended."""

import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

from cli_case import CLI, cli
from session_case import SessionCase, losses_kept, read

INSIDE = "FROSTLINE_TEST_MOUNTS"
EPOCHS = 300
LONG = {"epochs": EPOCHS, "checkpoints": {"every_steps": 25, "keep": 2}}


def enter_own_mounts():
    """Runs this file again where it may mount without anybody noticing."""
    for command in (["unshare", "-m"], ["unshare", "-Urm"]):
        if subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0:
            os.execvpe(command[0], [*command, sys.executable, *sys.argv], {**os.environ, INSIDE: "1"})


class Disk(SessionCase):
    def setUp(self):
        super().setUp()
        if INSIDE not in os.environ:
            self.skipTest("this machine lets nobody mount a small disk, not even in a namespace of its own")
        self.disk = self.path / "disk"
        self.disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", self.disk], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=False)

    def start(self):
        self.errors = self.path / "stderr"
        command = [CLI, *map(str, self.arguments(self.recipe(**LONG), "disk"))]
        with self.errors.open("w") as errors:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.wait_until(lambda: "epoch 2/" in self.errors.read_text())
        return process, next(self.disk.glob("*/journal.jsonl")).parent

    def fill(self):
        with (self.disk / "filler").open("wb", buffering=0) as out:
            try:
                while True:
                    out.write(b"\0" * 1024)
            except OSError:
                pass

    def wait_until(self, condition, seconds=60):
        until = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), until, self.errors.read_text())
            time.sleep(0.02)

    def wait_for_pause(self, says):
        self.wait_until(lambda: "the session cannot be saved" in self.errors.read_text())
        self.assertIn(says, self.errors.read_text())

    def assertEndsWhole(self, process, folder):
        process.wait(timeout=120)
        self.assertEqual(process.returncode, 0, self.errors.read_text())
        self.assertIn("goes on at step", self.errors.read_text())
        session = read(folder)
        self.assertEqual(session["state"], "finished")
        self.assertEqual(session["steps"]["step"], list(range(EPOCHS * 8)))
        self.assertEqual(len(session["epochs"]), EPOCHS)
        self.assertEqual(cli("replay", folder).returncode, 0)

    def test_full_disk(self):
        process, folder = self.start()
        self.fill()
        self.wait_for_pause("No space left on device")
        kept = losses_kept(folder)
        self.assertGreater(len(kept), 0)
        (self.disk / "filler").unlink()
        self.assertEndsWhole(process, folder)
        self.assertEqual(read(folder)["steps"]["loss"][:len(kept)], kept)

    def test_no_room_for_features(self):
        """What lies under the frost line is computed for each batch then, and the run is the same."""
        frozen = [{"match": "*", "trainable": False}, {"match": "head", "trainable": True}]
        recipe = self.recipe(layers=frozen)
        plain = self.run_session(recipe, "plain", "--no-feature-cache", changes=[])
        self.fill()
        done = cli(*self.arguments(recipe, "full", changes=[]), "--cache-memory", 0, "--cache-folder", self.disk / "cache")
        self.assertEqual(done.returncode, 0, done.stderr)
        warnings = [line for line in done.stderr.splitlines() if line.startswith("warning:")]
        self.assertEqual(len(warnings), 1, done.stderr)
        self.assertIn("is computed for each batch", warnings[0])
        self.assertSameRun(done.stdout.splitlines()[-1], plain)

    def test_stopped_while_the_disk_is_full(self):
        """Ctrl+C ends the wait: one sentence, no half file, and what was trained is there when it is opened."""
        process, folder = self.start()
        self.fill()
        self.wait_for_pause("No space left on device")
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        self.assertEqual(process.returncode, 1)
        self.assertIn("the session could not be completed", self.errors.read_text().splitlines()[-1])
        self.assertEqual(list(folder.rglob("*.part")), [])
        (self.disk / "filler").unlink()
        done = cli("resume", folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(read(folder)["steps"]["step"], list(range(EPOCHS * 8)))

    def test_read_only(self):
        process, folder = self.start()
        # A disk with a file open for writing cannot be made read-only; the folder of checkpoints can.
        checkpoints = folder / "checkpoints"
        subprocess.run(["mount", "--bind", checkpoints, checkpoints], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", checkpoints], check=True)
        self.wait_for_pause("Read-only file system")
        subprocess.run(["umount", checkpoints], check=True)
        self.assertEndsWhole(process, folder)

    def test_removed_folder(self):
        process, folder = self.start()
        shutil.rmtree(folder)
        self.wait_for_pause("was removed while the run goes on")
        self.assertEndsWhole(process, folder)


if __name__ == "__main__":
    if INSIDE not in os.environ:
        enter_own_mounts()
    unittest.main()
