"""resume, branch and replay, as the command line gives them."""

import json
import unittest

from cli_case import cli
from session_case import CHANGES, OPTIMIZERS, STEPS, SessionCase, last_bytes, read, series


class Sessions(SessionCase):
    def test_resumed_is_the_run_that_was_never_stopped(self):
        for name, optimizer in OPTIMIZERS.items():
            with self.subTest(optimizer=name):
                recipe = self.recipe(optimizer=optimizer)
                whole = self.run_session(recipe, f"whole-{name}")
                part = self.run_session(recipe, f"part-{name}", "--steps", 21, before=21)
                rest = [each for change in CHANGES if int(change.split(":")[0]) >= 21 for each in ("--at", change)]
                done = cli("resume", part, *rest)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stdout.strip(), str(part))
                self.assertSameRun(part, whole)

    def test_replay_tells_identical_and_where_it_first_differs(self):
        folder = self.run_session(self.recipe(), "sessions")
        same = cli("replay", folder)
        self.assertEqual(same.returncode, 0, same.stderr)
        self.assertIn(f"identical to the bit: {STEPS} steps, 6 epochs", same.stdout)
        session = read(folder)
        session["interventions"][0]["step"] += 3
        (folder / "session.json").write_text(json.dumps(session))
        other = cli("replay", folder, "--json")
        self.assertEqual(other.returncode, 1, other.stderr)
        difference = json.loads(other.stdout)["difference"]
        self.assertIn(difference["step"], (5, 6, 7))
        self.assertTrue(difference["layer"].startswith("block1"), difference)
        text = cli("replay", folder, "--threads", 2)
        self.assertIn("threads: 1 when it was recorded, 2 now", text.stdout)
        self.assertRegex(text.stdout, r"first differs at step \d+: .* recorded, .* replayed, difference")

    def test_branch_is_its_parent_up_to_there(self):
        parent = self.run_session(self.recipe(), "sessions")
        same = cli("branch", parent, "--step", 13, "--keep-later")
        self.assertEqual(same.returncode, 0, same.stderr)
        self.assertSameRun(same.stdout.strip(), parent)
        other = cli("branch", parent, "--step", 13, "--set", "optimizer.learning_rate=0.01", "--epochs", 7)
        self.assertEqual(other.returncode, 0, other.stderr)
        child, before = read(other.stdout.strip()), read(parent)
        self.assertEqual(child["parent"], {"id": before["id"], "step": 13})
        self.assertEqual(child["steps"]["loss"][:13], before["steps"]["loss"][:13])
        self.assertEqual(child["epochs"][0]["validation"], before["epochs"][0]["validation"])
        self.assertNotEqual(child["steps"]["loss"][14:STEPS], before["steps"]["loss"][14:])
        self.assertEqual(len(child["steps"]["step"]), 56)
        made = [(each["step"], each["kind"]) for each in child["interventions"]]
        self.assertEqual(made, [(5, "trainable"), (12, "sparsity"), (13, "learning_rate")])
        self.assertEqual(cli("replay", other.stdout.strip()).returncode, 0)

    def test_checkpoints_are_kept_as_the_recipe_says(self):
        recipe = self.recipe(checkpoints={"every_steps": 10, "keep": 2, "monitor": "validation_loss"})
        folder = self.run_session(recipe, "sessions")
        session = read(folder)
        kept = {each["step"]: each for each in session["checkpoints"]}
        losses = [epoch["validation"]["loss"] for epoch in session["epochs"]]
        best = session["epochs"][losses.index(min(losses))]["step"]
        self.assertEqual([step for step, each in kept.items() if each["best"]], [best])
        self.assertIn(STEPS, kept)
        self.assertLessEqual({30, 40}, set(kept))
        self.assertFalse({10, 20} & set(kept) - {best})
        files = {f"checkpoints/{file.name}" for file in (folder / "checkpoints").iterdir()}
        self.assertEqual(files, {each["file"] for each in session["checkpoints"]})

    def test_bad_input_is_one_sentence(self):
        folder = self.run_session(self.recipe(), "sessions")
        self.assertRefused(cli("resume", folder), "is finished: there is nothing to resume")
        self.assertRefused(cli("resume", self.path / "nowhere"), "nowhere")
        self.assertRefused(cli("branch", folder, "--step", 49), "has no step 49 to go back to")
        self.assertRefused(cli("branch", folder, "--step", 48), "nothing is left to train from step 48 on")
        self.assertRefused(cli("branch", folder, "--step", 9, "--set", "batch_size=8"),
                           "/batch_size cannot change in a branch")
        self.assertRefused(cli("branch", folder, "--step", 9, "--at", "3:note=early"), "goes on from step 9")
        self.assertRefused(cli("replay", self.path), "session.json")


if __name__ == "__main__":
    unittest.main()
