"""Starts what is measured, each in a process of its own, and reads what it tells of its time and memory."""

import dataclasses
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"
WARM_UP = 2  # steps at the beginning of a run that are left out


@dataclasses.dataclass
class Epoch:
    steps: list  # seconds; the first step of an epoch is left out
    train: float
    validation: float
    whole: float  # training, validation and what comes between two epochs; nothing for the first


@dataclasses.dataclass
class Training:
    epochs: list
    wall: float = 0.0  # seconds of the process
    peak: int = 0  # bytes, likewise

    def first_steps(self):
        return self.epochs[0].steps[WARM_UP - 1:]

    def later_steps(self):
        return [seconds for epoch in self.epochs[1:] for seconds in epoch.steps]


def of_session(session, images):
    """Ours: `seconds` of a step counts from the start of the run."""
    points = zip(session["steps"]["epoch"], session["steps"]["seconds"])
    ends = {epoch: [second for _, second in group] for epoch, group in itertools.groupby(points, lambda each: each[0])}
    epochs = []
    for record in session["epochs"]:
        number = record["epoch"]
        seconds = ends[number]
        train = images / record["samples_per_second"]
        whole = seconds[-1] - ends[number - 1][-1] if number > 1 else None
        epochs.append(Epoch([after - before for before, after in zip(seconds, seconds[1:])], train,
                            record["seconds"] - train, whole))
    return Training(epochs)


def of_twin(line):
    return Training([Epoch(each["steps"][1:], each["train"], each["validation"], each["train"] + each["validation"])
                     for each in line["epochs"]])


class Programs:
    def __init__(self, cli, threads, folder, settings=()):
        self.cli = pathlib.Path(cli).resolve()
        self.tools = self.cli.parent.parent / "tests"
        self.threads = threads
        self.folder = folder
        self.settings = [argument for each in settings for argument in ("--set", each)]

    def require(self):
        missing = [path for path in (self.cli, *(self.tools / f"bench_{name}" for name in ("images", "limit", "sweep", "event_loop")))
                   if not path.exists()]
        if missing:
            sys.exit(f"{missing[0]} is missing: build it with `cmake --preset release && cmake --build --preset release`, "
                     "or tell where frostline-cli is with --cli")

    def environment(self, threads):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "KMP_", "GOMP_"))}
        environment.update(OMP_NUM_THREADS=str(threads), XDG_CACHE_HOME=str(self.folder / "cache"),
                           FROSTLINE_RESOURCES=str(HERE.parent.parent / "resources"))
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        return environment

    def start(self, threads, *command):
        """Gives the lines it printed as JSON, its seconds, and the most memory it held."""
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
            began = time.monotonic()
            process = subprocess.Popen([str(each) for each in command], stdout=output, stderr=errors,
                                       env=self.environment(threads))
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            errors.seek(0)
            if process.returncode:
                sys.exit(f"{' '.join(map(str, command))}\nended with {process.returncode}: {errors.read().strip()}")
            output.seek(0)
            return [json.loads(line) for line in output if line.startswith("{")], wall, usage.ru_maxrss * 1024

    def threads_for(self, model=None):
        return 1 if model and model.one_thread else self.threads

    def train(self, recipe, images, model=None, *extra):
        threads = self.threads_for(model)
        lines, wall, peak = self.start(threads, self.cli, "train", recipe, "--out", self.folder / "sessions", "--json",
                                       "--threads", threads, *self.settings, *extra)
        training = self.take_session(lines[-1]["session"], images)
        training.wall, training.peak = wall, peak
        return training

    def take_session(self, folder, images):
        session = json.loads((pathlib.Path(folder) / "session.json").read_text())
        shutil.rmtree(folder)
        return of_session(session, images)

    def twin(self, recipe, model=None, *extra):
        threads = self.threads_for(model)
        lines, wall, peak = self.start(threads, PYTHON, HERE / "twin.py", recipe, "--threads", threads, *extra)
        training = of_twin(lines[-1])
        training.wall, training.peak = wall, peak
        return training

    def limit(self, recipe, steps, model=None):
        threads = self.threads_for(model)
        lines, _, _ = self.start(threads, self.tools / "bench_limit", recipe, threads, steps)
        return lines[-1]["step"]

    def images(self, recipe, epochs):
        """Seconds of each epoch, and the most memory held."""
        lines, _, peak = self.start(self.threads, self.tools / "bench_images", recipe, epochs, self.threads)
        return lines[-1]["epochs"], peak

    def torchvision_images(self, recipe, epochs, workers):
        lines, _, _ = self.start(self.threads, PYTHON, HERE / "image_loader.py", recipe, "--epochs", epochs, "--workers",
                                 workers)
        return lines[-1]["epochs"]

    def sweep(self, recipe, depths):
        """Seconds of the whole process, and the most memory it held."""
        _, wall, peak = self.start(self.threads, self.tools / "bench_sweep", recipe, self.folder / "sessions", self.threads,
                                   *map(json.dumps, depths))
        shutil.rmtree(self.folder / "sessions")
        return wall, peak

    def sweep_twin(self, recipe, depths):
        layers = [argument for each in depths for argument in ("--layers", json.dumps(each))]
        _, wall, peak = self.start(self.threads, PYTHON, HERE / "twin.py", recipe, "--threads", self.threads, *layers)
        return wall, peak

    def window(self, recipe, images):
        """What it told, and the training."""
        lines, _, peak = self.start(self.threads, self.tools / "bench_event_loop", recipe, self.folder / "sessions",
                                    self.threads, repr(time.monotonic()))
        return lines[-1] | {"peak": peak}, self.take_session(lines[-1]["session"], images)

    def doctor(self):
        return self.start(self.threads, self.cli, "doctor", "--json")[0][-1]
