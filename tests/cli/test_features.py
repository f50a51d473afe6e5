"""What lies under the frost line, kept or computed for every batch: the same bytes, whatever is done to the cache."""

import json
import os
import pathlib
import resource
import signal
import subprocess
import time
import unittest

from cli_case import CLI, CliCase, cli
from session_case import RECIPE, SessionCase, read

FROZEN = [{"match": "*", "trainable": False}, {"match": "head", "trainable": True}]
MOVES = ["10:trainable:block2=on", "17:trainable:block2=off", "25:trainable:block1=on", "31:trainable:block*=off"]


class Features(SessionCase):
    def run_frozen(self, out, *more, recipe=None):
        return self.run_session(recipe or self.recipe(layers=FROZEN), out, *more, changes=MOVES)

    def test_changes_nothing_but_time(self):
        """Memory, files, no cache: one run; and each replays, with a cache and without."""
        plain = self.run_frozen("plain", "--no-feature-cache")
        self.assertSameRun(self.run_frozen("memory", "--cache-memory", 100), plain)
        files = self.path / "cache"
        from_files = self.run_frozen("files", "--cache-memory", 0, "--cache-folder", files)
        self.assertSameRun(from_files, plain)
        self.assertEqual(list(files.iterdir()), [], "files were left behind")
        self.assertEqual(cli("replay", from_files, "--no-feature-cache").returncode, 0)
        self.assertEqual(cli("replay", plain).returncode, 0)

    def test_resumed_and_branched(self):
        recipe = self.recipe(layers=FROZEN)
        whole = self.run_frozen("whole", "--no-feature-cache", recipe=recipe)
        stopped = self.run_session(recipe, "stopped", "--steps", 28, before=28, changes=MOVES)
        done = cli("resume", stopped, "--no-feature-cache", "--at", MOVES[-1])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertSameRun(stopped, whole)
        branched = cli("branch", whole, "--step", 20, "--keep-later", "--out", self.path / "branch")
        self.assertEqual(branched.returncode, 0, branched.stderr)
        folder = branched.stdout.splitlines()[-1]
        self.assertEqual(read(folder)["steps"]["loss"], read(whole)["steps"]["loss"])

    def test_folder_that_cannot_be_used(self):
        """No cache is no reason not to train."""
        (self.path / "file").write_text("in the way")
        done = cli(*self.arguments(self.recipe(layers=FROZEN), "out", changes=[]), "--cache-memory", 0,
                   "--cache-folder", self.path / "file" / "cache")
        self.assertEqual(done.returncode, 0, done.stderr)
        warnings = [line for line in done.stderr.splitlines() if line.startswith("warning:")]
        self.assertEqual(len(warnings), 1, done.stderr)
        self.assertIn("is computed for each batch: cannot use", warnings[0])

    def test_file_of_a_killed_run_is_removed_by_the_next(self):
        cache = self.path / "cache"
        recipe = self.recipe(layers=FROZEN, epochs=100000)
        command = [CLI, *map(str, self.arguments(recipe, "killed", changes=[])), "--cache-memory", "0",
                   "--cache-folder", str(cache)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        until = time.monotonic() + 60
        while not (cache.exists() and list(cache.iterdir())):
            self.assertLess(time.monotonic(), until)
            time.sleep(0.02)
        left = next(cache.iterdir())
        self.run_frozen("beside", "--cache-memory", 0, "--cache-folder", cache)
        self.assertTrue(left.exists(), "the file of a program that runs was removed")
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.run_frozen("after", "--cache-memory", 0, "--cache-folder", cache)
        self.assertFalse(left.exists())

    def test_measured_threads_are_recorded_and_replayed(self):
        recipe = self.recipe(compute={"threads": "auto", "memory_format": "auto"})
        done = cli("train", recipe, "--out", self.path / "auto")
        self.assertEqual(done.returncode, 0, done.stderr)
        folder = pathlib.Path(done.stdout.splitlines()[-1])
        environment = read(folder)["environment"]
        self.assertIn(environment["threads"], range(1, (os.cpu_count() or 1) + 1))
        self.assertIn(environment["memory_format"], ("contiguous", "channels_last"))
        self.assertEqual(cli("replay", folder).returncode, 0)


class Memory(SessionCase):
    def test_out_of_memory_says_what_would_fit(self):
        """The session is kept at its last step, and goes on once there is room."""
        recipe = self.recipe(batch_size=120, epochs=1, model={
            "architecture": "convnet", "options": {"widths": [2048, 16]}})
        limit = 2_500_000_000 # Of addresses: enough for libraries, data and weights.
        done = cli("train", recipe, "--out", self.path / "out", "--threads", 1,
                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, r"step 0: out of memory in layer block\d.*; a batch of 60, or freezing everything "
                                      r"up to block\d\S*, needs about half of the \S+ GB")
        folder = next((self.path / "out").iterdir())
        self.assertEqual(read(folder)["state"], "failed")
        self.assertEqual(cli("resume", folder).returncode, 0)
        self.assertEqual(read(folder)["state"], "finished")


class BadInput(CliCase):
    def refused(self, compute, says):
        recipe = self.path / "bad.json"
        recipe.write_text(json.dumps({**RECIPE, "compute": compute}))
        self.assertRefused(cli("train", recipe, "--out", self.path / "out"), says)

    def test_compute(self):
        self.refused({"threads": "many"}, '/compute/threads: expected "auto" or a whole number')
        self.refused({"threads": 0}, "/compute/threads")
        self.refused({"precision": "fp8"}, "/compute/precision")
        self.refused({"memory_format": "nchw"}, "/compute/memory_format")
        self.refused({"features": "quarter"}, "/compute/features")
        self.refused({"thread": 2}, 'did you mean "threads"?')

    def test_arguments(self):
        self.assertRefused(cli("train", "x.json", "--cache-memory", "-5"), "--cache-memory")


if __name__ == "__main__":
    unittest.main()
