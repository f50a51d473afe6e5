"""What the tests of the command line share."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import safetensors_io

CLI = os.environ["FROSTLINE_CLI"]
RESOURCES = pathlib.Path(os.environ["FROSTLINE_RESOURCES"])
TRANSFER = RESOURCES / "recipes" / "fashion-transfer.json"


def cli(*arguments, **options):
    return subprocess.run([CLI, *map(str, arguments)], capture_output=True, text=True, **options)


class CliCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def train(self, *arguments, recipe=TRANSFER):
        """Trains on two threads and gives back (session as JSON, its folder)."""
        done = cli("train", recipe, "--out", self.path / "sessions", "--threads", 2, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        folder = pathlib.Path(done.stdout.splitlines()[-1])
        return json.loads((folder / "session.json").read_text()), folder

    def weights(self, session, folder):
        """Weights and statistics alone; names with a slash are the optimizer's state and masks."""
        tensors = safetensors_io.load(folder / session["checkpoints"][-1]["file"])
        return {name: tensor for name, tensor in tensors.items() if "/" not in name}

    def assertRefused(self, done, says, status=2):
        """One sentence on standard error, nothing on standard output, the right exit status."""
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertIn(says, done.stderr)
