"""The cases: what one round of each runs, and the rows that come of it."""

import dataclasses
import statistics

from material import CONVNET, MLP, RESNET18, RESNET50, depth, trained_only
from report import Goal, Row

DEMO_IMAGES = 100
#: Rules of the sweep, the lowest frost line first.
SWEEP = [("layer4", "fc"), ("layer4.1", "fc"), ("fc",)]


@dataclasses.dataclass(frozen=True)
class Size:
    train: int
    validation: int
    epochs: int = 1
    limit_steps: int = 0
    batch: int = None


FULL = {
    "mlp": Size(25_600, 10_000, 4), "convnet": Size(3_840, 2_048),
    "resnet18-all": Size(512, 256), "resnet18-last": Size(1_024, 256, 2, 16), "resnet18-head": Size(1_024, 256, 200, 3_000),
    "resnet50-all": Size(112, 128), "resnet50-last": Size(256, 128, 2, 16), "resnet50-head": Size(256, 128, 200, 3_000),
    "bf16": Size(512, 256), "sweep": Size(2_000, 500, 5), "demo": Size(DEMO_IMAGES, 0, 20),
    "images": Size(10_000, 0, 2),
    "window-start": Size(DEMO_IMAGES, 0, 15), "window": Size(640, 64),
}
QUICK = {
    "mlp": Size(2_560, 512, 2), "convnet": Size(512, 64),
    "resnet18-all": Size(64, 32, batch=16), "resnet18-last": Size(64, 32, 2, 4, 16),
    "resnet18-head": Size(64, 32, 40, 200, 16),
    "resnet50-all": Size(20, 32, batch=4), "resnet50-last": Size(32, 32, 2, 4, 4), "resnet50-head": Size(32, 32, 40, 200, 4),
    "bf16": Size(64, 32, batch=16), "sweep": Size(64, 32), "demo": Size(DEMO_IMAGES, 0, 4),
    "images": Size(200, 0, 2),
    "window-start": Size(DEMO_IMAGES, 0, 2), "window": Size(64, 32, batch=16),
}


class Case:
    """`rows` by the figure's name; a round adds to `ours` and `other` of each."""

    def __init__(self, name, label, rounds=None):
        self.name = name
        self.label = label
        self.most_rounds = rounds
        self.rows = {}

    def row(self, key, figure, **fields):
        self.rows[key] = Row(self.label, figure, **fields)

    def add(self, key, ours, other=None):
        self.rows[key].ours.append(ours)
        if other is not None:
            self.rows[key].other.append(other)

    def reason_to_skip(self, _programs):
        return ""


class AllTrainable(Case):
    def __init__(self, name, model, size, goal=None):
        super().__init__(name, f"{model.name}, all trainable")
        self.model, self.size = model, size
        self.row("step", "step", goal=goal)
        self.row("validation", "validation pass")
        self.row("memory", "memory peak", unit="bytes")

    def measure(self, programs, material):
        recipe = material.recipe(self.name, self.model, [], (self.size.train, self.size.validation), self.size.epochs,
                                 self.size.batch)
        ours = programs.train(recipe, self.size.train, self.model)
        twin = programs.twin(recipe, self.model)
        self.add("step", median_step(ours), median_step(twin))
        self.add("validation", ours.epochs[-1].validation, twin.epochs[-1].validation)
        self.add("memory", ours.peak, twin.peak)


def median_step(training):
    return statistics.median(training.first_steps() + training.later_steps())


class Frozen(Case):
    """Ours keeps what lies under the frost line; the script computes it in every epoch, so one of them tells all."""

    def __init__(self, name, model, part, size, goal=None, limit_goal=None):
        super().__init__(name, f"{model.name}, {part}" + (" only" if part == "head" else ""))
        self.model, self.size, self.layers = model, size, depth(model, part)
        self.row("first", "first epoch, filling the cache")
        self.row("step", "step, epochs after the first", goal=goal)
        self.row("limit", "the same, beside its limit", beside="features in memory", goal=limit_goal or Goal(1.15, "within"))
        self.row("epoch", "whole epoch after the first")
        self.row("validation", "validation pass, after the first")
        self.row("memory", "memory peak", unit="bytes")

    def measure(self, programs, material):
        recipe = material.recipe(self.name, self.model, self.layers, (self.size.train, self.size.validation),
                                 self.size.epochs, self.size.batch)
        ours = programs.train(recipe, self.size.train, self.model)
        twin = programs.twin(recipe, self.model, "--epochs", 1)
        limit = programs.limit(recipe, self.size.limit_steps, self.model)
        step = statistics.median(ours.later_steps())
        self.add("first", ours.epochs[0].train, twin.epochs[0].train)
        self.add("step", step, median_step(twin))
        self.add("limit", step, limit)
        self.add("epoch", statistics.median(epoch.whole for epoch in ours.epochs[1:]), twin.epochs[0].whole)
        self.add("validation", statistics.median(epoch.validation for epoch in ours.epochs[1:]), twin.epochs[0].validation)
        self.add("memory", ours.peak, twin.peak)


class Bf16(Case):
    def __init__(self, model, size):
        super().__init__("bf16", f"{model.name}, all trainable, bf16")
        self.model, self.size = model, size
        self.row("step", "step", beside="fp32", goal=Goal(1.5, "faster"))
        self.row("memory", "memory peak", unit="bytes", beside="fp32")

    def reason_to_skip(self, programs):
        return "" if programs.doctor()["bf16"] != "none" else "this processor has no instructions for bfloat16"

    def measure(self, programs, material):
        recipe = material.recipe(self.name, self.model, [], (self.size.train, self.size.validation), self.size.epochs,
                                 self.size.batch)
        bf16 = programs.train(recipe, self.size.train, self.model, "--set", 'compute.precision="bf16"')
        fp32 = programs.train(recipe, self.size.train, self.model, "--set", 'compute.precision="fp32"')
        self.add("step", median_step(bf16), median_step(fp32))
        self.add("memory", bf16.peak, fp32.peak)


class Demo(Case):
    def __init__(self, size):
        super().__init__("demo", f"the default demo, {size.epochs} epochs")
        self.size = size
        self.row("wall", "the whole process")
        self.row("memory", "memory peak", unit="bytes")

    def measure(self, programs, material):
        recipe = material.demo(self.size.epochs)
        ours = programs.train(recipe, self.size.train)
        twin = programs.twin(recipe)
        self.add("wall", ours.wall, twin.wall)
        self.add("memory", ours.peak, twin.peak)


class Sweep(Case):
    """The same training from several depths; ours shares what lies below, the script starts afresh each time."""

    def __init__(self, model, size, depths):
        super().__init__("sweep", f"{model.name}, {len(depths)} depths of {size.epochs} epochs, {size.train:,} images", rounds=2)
        self.model, self.size = model, size
        self.depths = [trained_only(*patterns) for patterns in depths]
        self.row("wall", "the whole process", goal=Goal(3.0, "faster"))
        self.row("memory", "memory peak", unit="bytes")

    def measure(self, programs, material):
        recipe = material.recipe(self.name, self.model, self.depths[0], (self.size.train, self.size.validation),
                                 self.size.epochs, self.size.batch)
        ours, our_peak = programs.sweep(recipe, self.depths)
        twin, twin_peak = programs.sweep_twin(recipe, self.depths)
        self.add("wall", ours, twin)
        self.add("memory", our_peak, twin_peak)


class ImageFiles(Case):
    """From files to normalised batches, with no network behind it."""

    WORKERS = (0, 1, 2)

    def __init__(self, size, side):
        super().__init__("images", f"{size.train:,} JPEG files at {side}x{side}")
        self.size, self.side = size, side
        self.row("first", "first epoch, decoding all", beside="torchvision", goal=Goal(1.0, "faster"))
        self.row("later", "epoch after the first", beside="torchvision", goal=Goal(1.0, "faster"))
        self.row("memory", "memory peak", unit="bytes", beside="")

    def measure(self, programs, material):
        recipe = material.photographs(self.size.train, self.side)
        ours, peak = programs.images(recipe, self.size.epochs)
        theirs = [programs.torchvision_images(recipe, self.size.epochs, workers) for workers in self.WORKERS]
        self.add("first", ours[0], min(epochs[0] for epochs in theirs))
        self.add("later", statistics.median(ours[1:]), min(statistics.median(epochs[1:]) for epochs in theirs))
        self.add("memory", peak)


class WindowStart(Case):
    def __init__(self, size):
        super().__init__("window-start", "the window with the default demo")
        self.size = size
        self.row("frame", "start to first frame", beside="")
        self.row("step", "start to first training step", beside="")
        self.row("memory", "memory peak", unit="bytes", beside="")

    def measure(self, programs, material):
        told, _ = programs.window(material.demo(self.size.epochs), self.size.train)
        self.add("frame", told["first_frame"])
        self.add("step", told["first_step"])
        self.add("memory", told["peak"])


class WindowWhileTraining(Case):
    def __init__(self, model, size):
        super().__init__("window", f"the window while {model.name} trains")
        self.model, self.size = model, size
        self.row("gap_99", "gap of the event loop, 99th percentile", beside="", goal=Goal(0.016, "value"))
        self.row("longest_gap", "longest gap of the event loop", beside="", goal=Goal(0.1, "value"))
        self.row("step", "step, beside one without a window", beside="no window", goal=Goal(1.02, "within"))
        self.row("memory", "memory peak", unit="bytes", beside="no window")

    def measure(self, programs, material):
        recipe = material.recipe(self.name, self.model, [], (self.size.train, self.size.validation), self.size.epochs,
                                 self.size.batch)
        told, with_window = programs.window(recipe, self.size.train)
        without = programs.train(recipe, self.size.train, self.model)
        self.add("gap_99", told["gap_99"])
        self.add("longest_gap", told["longest_gap"])
        self.add("step", median_step(with_window), median_step(without))
        self.add("memory", told["peak"], without.peak)


def all_cases(sizes):
    return [
        AllTrainable("mlp", MLP, sizes["mlp"], Goal(2.0, "faster")),
        AllTrainable("convnet", CONVNET, sizes["convnet"], Goal(1.15, "faster")),
        AllTrainable("resnet18-all", RESNET18, sizes["resnet18-all"], Goal(1.2, "faster")),
        Frozen("resnet18-last", RESNET18, "last stage", sizes["resnet18-last"], limit_goal=Goal(1.1, "within")),
        Frozen("resnet18-head", RESNET18, "head", sizes["resnet18-head"], Goal(500.0, "faster")),
        AllTrainable("resnet50-all", RESNET50, sizes["resnet50-all"]),
        Frozen("resnet50-last", RESNET50, "last stage", sizes["resnet50-last"], limit_goal=Goal(1.1, "within")),
        Frozen("resnet50-head", RESNET50, "head", sizes["resnet50-head"]),
        Bf16(RESNET18, sizes["bf16"]),
        Demo(sizes["demo"]),
        Sweep(RESNET18, sizes["sweep"], SWEEP),
        ImageFiles(sizes["images"], 128),
        WindowStart(sizes["window-start"]),
        WindowWhileTraining(RESNET18, sizes["window"]),
    ]


def memory_of_frozen(cases):
    """Rows that follow from cases already measured: a frozen prefix beside all trainable."""
    measured = {case.name: case for case in cases if "memory" in case.rows and case.rows["memory"].ours}
    rows = []
    for name, case in measured.items():
        whole = measured.get(name.split("-")[0] + "-all")
        if not isinstance(case, Frozen) or not whole:
            continue
        rows.append(Row(case.label, "memory peak", "bytes", "all trainable", Goal(1.0, "within"),
                        case.rows["memory"].ours, whole.rows["memory"].ours))
    return rows
