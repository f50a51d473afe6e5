"""The rate of every step beside PyTorch's own schedulers, which a real optimizer carries. What ends near 0 is compared
with its base rate, all else with itself."""

import json
import math
import os
import random
import subprocess
import unittest
import warnings

import torch
from torch.optim import lr_scheduler

TOLERANCE = 1e-12
PER_EPOCH, EPOCHS, BASE = 7, 12, 0.03
STEPS = PER_EPOCH * EPOCHS
UNITS = {"epoch": 1, "step": PER_EPOCH}  # A length of an epoch in calls of the scheduler's step().
CHANGED = ((0, BASE), (20, BASE / 10), (47, 2 * BASE))


def case(schedule, *, base=((0, BASE),), epochs=EPOCHS, figures=()):
    return {"schedule": schedule, "base": base, "steps_per_epoch": PER_EPOCH, "epochs": epochs, "figures": figures}


def stepped(make, *, by, count=STEPS, base=((0, BASE),), figures=None):
    """The rate before each step, the scheduler moved after every step or every epoch. A base that changes is what a
    hand does to a PyTorch optimizer: its rate times the same."""
    sgd = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base[0][1])
    scheduler = make(sgd)
    rates = []
    for step in range(count):
        for (_, before), (at, after) in zip(base, base[1:]):
            if at == step:
                sgd.param_groups[0]["lr"] *= after / before
        rates.append(sgd.param_groups[0]["lr"])
        sgd.step()
        ends_epoch = (step + 1) % PER_EPOCH == 0
        if figures is not None:
            if ends_epoch:
                scheduler.step(figures[step // PER_EPOCH])
        elif (by == "step" or ends_epoch) and step + 1 < count:
            scheduler.step()
    return rates


def warmed(make, total, start):
    """A linear rise, and then the scheduler from its beginning."""
    def build(sgd):
        rise = lr_scheduler.LinearLR(sgd, start_factor=start, total_iters=total)
        return lr_scheduler.SequentialLR(sgd, [rise, make(sgd)], milestones=[total])
    return build


def wander(seed):
    """Figures of a training: they fall, stand still, rise."""
    chance = random.Random(seed)
    figures = [2.0]
    while len(figures) < 60:
        figures.append(figures[-1] * chance.choice([0.8, 0.9, 1.0, 1.0, 0.99995, 1.05, 1.1]))
    return figures


class Schedules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.process = subprocess.Popen([os.environ["FROSTLINE_SCHEDULE_PROBE"]], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True)

    @classmethod
    def tearDownClass(cls):
        cls.process.communicate()

    def probe(self, cases):
        """Our rates, a list of them for each case."""
        answers = []
        for asked in cases:
            self.process.stdin.write(json.dumps(asked) + "\n")
            self.process.stdin.flush()
            answers.append(json.loads(self.process.stdout.readline()))
        return answers

    def setUp(self):
        # SequentialLR of PyTorch 1.13 warns of its own calls.
        self.enterContext(warnings.catch_warnings())
        warnings.simplefilter("ignore")

    def compare(self, rows, *, to_base=False):
        """Rows of (our case, PyTorch's rates)."""
        for (asked, expected), ours in zip(rows, self.probe([asked for asked, _ in rows])):
            with self.subTest(asked["schedule"]):
                self.assertGreaterEqual(len(ours), len(expected))
                self.assertGreater(len(set(expected)), 1, "the case shows nothing")
                for step, (mine, theirs) in enumerate(zip(ours, expected)):
                    allowed = TOLERANCE * (BASE if to_base else abs(theirs))
                    self.assertLessEqual(abs(mine - theirs), allowed, f"step {step}: {mine!r}, PyTorch {theirs!r}")

    def both(self, schedule, make, **options):
        """The schedule moved once an epoch, and at each step. `make(optimizer, unit)`: its lengths count in units."""
        return [(case({**schedule, "by": by}, base=options.get("base", ((0, BASE),))),
                 stepped(lambda sgd: make(sgd, unit), by=by, **options)) for by, unit in UNITS.items()]

    def test_constant_is_the_base_to_the_bit(self):
        for base in (1e-3, 0.0):
            self.assertEqual(self.probe([case({"kind": "constant"}, base=((0, base),))]), [[base] * STEPS])

    def test_step(self):
        for every, factor in ((1, 0.5), (3, 0.1), (5, 0.9)):
            self.compare(self.both({"kind": "step", "every": every, "factor": factor},
                                   lambda sgd, unit: lr_scheduler.StepLR(sgd, every * unit, factor)))
        parts = stepped(lambda sgd: lr_scheduler.StepLR(sgd, 2, 0.7), by="step")
        self.compare([(case({"kind": "step", "by": "step", "every": 2 / 7, "factor": 0.7}), parts)])

    def test_multi_step(self):
        for milestones, factor in (([2, 5], 0.1), ([1, 2, 3, 11], 0.5), ([4], 0.3)):
            self.compare(self.both(
                {"kind": "multi_step", "milestones": milestones, "factor": factor},
                lambda sgd, unit: lr_scheduler.MultiStepLR(sgd, [each * unit for each in milestones], factor)))

    def test_exponential(self):
        for factor in (0.9, 0.5, 0.999):
            self.compare(self.both({"kind": "exponential", "factor": factor},
                                   lambda sgd, unit: lr_scheduler.ExponentialLR(sgd, factor ** (1 / unit))))

    def test_cosine(self):
        for length, minimum in ((EPOCHS, 0.0), (8, 1e-4), (2, 1e-3), (5, 0.0)):
            rows = self.both({"kind": "cosine", "length": length, "minimum": minimum},
                             lambda sgd, unit: lr_scheduler.CosineAnnealingLR(sgd, length * unit, minimum))
            # Beyond its length PyTorch's goes up again, and ours stays.
            self.compare([(asked, theirs[:length * PER_EPOCH + 1]) for asked, theirs in rows], to_base=True)
            for rates in self.probe([asked for asked, _ in rows]):
                self.assertEqual(rates[length * PER_EPOCH:], [minimum] * (STEPS - length * PER_EPOCH))

    def test_cosine_takes_the_whole_run_if_not_told(self):
        whole = stepped(lambda sgd: lr_scheduler.CosineAnnealingLR(sgd, STEPS), by="step")
        self.compare([(case({"kind": "cosine"}), whole)], to_base=True)

    def test_cosine_with_restarts(self):
        for length, lengthen, minimum in ((3, 1, 0.0), (2, 2, 1e-3), (2, 3, 1e-4), (5, 1, 0.0), (2, 1, 1e-5)):
            self.compare(self.both(
                {"kind": "cosine_restarts", "length": length, "lengthen": lengthen, "minimum": minimum},
                lambda sgd, unit: lr_scheduler.CosineAnnealingWarmRestarts(sgd, length * unit, lengthen, minimum)),
                to_base=True)

    def test_one_cycle(self):
        for rise, start, end, anneal in ((0.3, 25, 1e4, "cos"), (0.5, 10, 100, "linear"), (0.25, 3, 1e3, "linear"),
                                         (0.0, 25, 1e4, "cos"), (0.85, 4, 50, "cos")):
            schedule = {"kind": "one_cycle", "rise": rise, "start_divisor": start, "end_divisor": end,
                        "anneal": "cosine" if anneal == "cos" else anneal}
            for length in (EPOCHS, 6):
                rows = self.both({**schedule, "length": length}, lambda sgd, unit: lr_scheduler.OneCycleLR(
                    sgd, BASE, total_steps=length * unit, pct_start=rise, div_factor=start, final_div_factor=end,
                    anneal_strategy=anneal, cycle_momentum=False), count=length * PER_EPOCH)
                self.compare(rows)
                for (_, theirs), ours in zip(rows, self.probe([asked for asked, _ in rows])):
                    self.assertEqual(len(set(ours[len(theirs) - 1:])), 1, "it stays where it ended")

    def test_plateau(self):
        """PyTorch's reads its figures through the record of each epoch, as ours does."""
        settings = [
            {"patience": 0}, {"patience": 1, "factor": 0.5}, {"patience": 3, "factor": 0.5, "minimum": 0.004},
            {"patience": 1, "cooldown": 2, "factor": 0.3}, {"patience": 0, "cooldown": 1, "factor": 0.9},
            {"patience": 1, "threshold": 0.15, "factor": 0.7}, {"patience": 2, "threshold": 0.0, "factor": 0.7},
            {"patience": 1, "threshold": 0.1, "threshold_mode": "absolute", "factor": 0.6}]
        for mode in ("min", "max"):
            rows = []
            for seed, own in enumerate(settings):
                epochs = 60
                figures = wander(seed) if mode == "min" else [3.0 - figure for figure in wander(seed)]
                figures[7 + seed] = math.nan
                theirs = stepped(lambda sgd: lr_scheduler.ReduceLROnPlateau(
                    sgd, mode, own.get("factor", 0.1), own["patience"], own.get("threshold", 1e-4),
                    "abs" if own.get("threshold_mode") == "absolute" else "rel", own.get("cooldown", 0),
                    own.get("minimum", 0.0)), by="epoch", count=epochs * PER_EPOCH, figures=figures)
                watched = {"monitor": "validation_loss" if mode == "min" else "validation_accuracy"}
                figures[7 + seed] = None
                rows.append((case({"kind": "plateau", **watched, **own}, epochs=epochs, figures=figures), theirs))
            self.compare(rows)

    def test_plateau_in_the_other_direction(self):
        figures = [math.sin(epoch) for epoch in range(EPOCHS)]
        theirs = stepped(lambda sgd: lr_scheduler.ReduceLROnPlateau(sgd, "max", 0.5, 1), by="epoch", figures=figures)
        schedule = {"kind": "plateau", "monitor": "validation_loss", "mode": "max", "factor": 0.5, "patience": 1}
        self.compare([(case(schedule, figures=figures), theirs)])

    def test_warm_up(self):
        kinds = [
            ({"kind": "constant"}, lambda sgd: lr_scheduler.LambdaLR(sgd, lambda step: 1.0)),
            ({"kind": "step", "by": "step", "every": 3, "factor": 0.2},
             lambda sgd: lr_scheduler.StepLR(sgd, 3 * PER_EPOCH, 0.2)),
            ({"kind": "multi_step", "by": "step", "milestones": [2, 4], "factor": 0.2},
             lambda sgd: lr_scheduler.MultiStepLR(sgd, [2 * PER_EPOCH, 4 * PER_EPOCH], 0.2)),
            ({"kind": "exponential", "by": "step", "factor": 0.9},
             lambda sgd: lr_scheduler.ExponentialLR(sgd, 0.9 ** (1 / PER_EPOCH))),
            ({"kind": "cosine", "length": EPOCHS, "minimum": 1e-4},
             lambda sgd: lr_scheduler.CosineAnnealingLR(sgd, STEPS, 1e-4)),
            ({"kind": "cosine_restarts", "length": 2, "lengthen": 2},
             lambda sgd: lr_scheduler.CosineAnnealingWarmRestarts(sgd, 2 * PER_EPOCH, 2))]
        for total, told in ((10, {"steps": 10}), (14, {"epochs": 2}), (7, {"epochs": 1.0, "from": 0.01}),
                            (1, {"steps": 1, "from": 0.5}), (5, {"epochs": 0.7142857})):
            start = told.get("from", 0.1)
            self.compare([(case({**schedule, "warmup": told}), stepped(warmed(make, total, start), by="step"))
                          for schedule, make in kinds], to_base=True)

    def test_after_the_warm_up_epochs_are_counted_anew(self):
        total = 10
        rise = stepped(lambda sgd: lr_scheduler.LinearLR(sgd, 0.2, total_iters=total), by="step", count=total)
        rest = stepped(lambda sgd: lr_scheduler.StepLR(sgd, 2, 0.3), by="epoch", count=STEPS - total)
        schedule = {"kind": "step", "every": 2, "factor": 0.3, "warmup": {"steps": total, "from": 0.2}}
        self.compare([(case(schedule), rise + rest)])

    def test_the_usual_length_is_what_the_warm_up_leaves(self):
        theirs = stepped(warmed(lambda sgd: lr_scheduler.CosineAnnealingLR(sgd, STEPS - 10), 10, 0.1), by="step")
        self.compare([(case({"kind": "cosine", "warmup": {"steps": 10}}), theirs)], to_base=True)

    def test_a_warm_up_rises_to_the_first_rate_of_what_follows(self):
        schedule = {"kind": "one_cycle", "length": 6, "start_divisor": 10}
        plain, rising = self.probe([case(schedule), case({**schedule, "warmup": {"steps": 4, "from": 0.5}})])
        for step, factor in enumerate((0.5, 0.625, 0.75, 0.875)):
            self.assertLessEqual(abs(rising[step] - plain[0] * factor), TOLERANCE * plain[0])
        self.assertEqual(rising[4:6 * PER_EPOCH], plain[:6 * PER_EPOCH - 4])

    def test_a_base_changed_by_hand_multiplies(self):
        self.compare(
            self.both({"kind": "step", "every": 2, "factor": 0.5},
                      lambda sgd, unit: lr_scheduler.StepLR(sgd, 2 * unit, 0.5), base=CHANGED)
            + self.both({"kind": "multi_step", "milestones": [2, 5], "factor": 0.1},
                        lambda sgd, unit: lr_scheduler.MultiStepLR(sgd, [2 * unit, 5 * unit], 0.1), base=CHANGED)
            + self.both({"kind": "exponential", "factor": 0.8},
                        lambda sgd, unit: lr_scheduler.ExponentialLR(sgd, 0.8 ** (1 / unit)), base=CHANGED))
        self.compare(self.both({"kind": "cosine", "length": EPOCHS},
                               lambda sgd, unit: lr_scheduler.CosineAnnealingLR(sgd, EPOCHS * unit), base=CHANGED),
                     to_base=True)
        figures = wander(1)[:EPOCHS]
        theirs = stepped(lambda sgd: lr_scheduler.ReduceLROnPlateau(sgd, "min", 0.5, 1), by="epoch", base=CHANGED,
                         figures=figures)
        schedule = {"kind": "plateau", "factor": 0.5, "patience": 1}
        self.compare([(case(schedule, base=CHANGED, figures=figures), theirs)])
        for schedule in ({"kind": "one_cycle"}, {"kind": "cosine_restarts", "length": 2, "lengthen": 2}):
            plain, changed = self.probe([case(schedule), case(schedule, base=CHANGED)])
            for step, (before, after) in enumerate(zip(plain, changed)):
                wanted = before * (1 if step < 20 else 0.1 if step < 47 else 2)
                self.assertLessEqual(abs(after - wanted), TOLERANCE * BASE)


if __name__ == "__main__":
    unittest.main()
