"""Files of weights: what `weights` tells of them, what is refused, and what `export --weights` writes.

The PyTorch files are put together by hand, so that they can be as wrong as they like.
"""

import io
import json
import os
import pickle
import resource
import signal
import struct
import subprocess
import unittest
import zipfile

import numpy as np

from cli_case import CLI, RESOURCES, TRANSFER, CliCase, cli, safetensors_io

CONVNET = RESOURCES / "weights" / "fashion-clothes-convnet.safetensors"
SHORT = ["--set", "data.validation.limit=20", "--epochs", "1", "--steps", "10"]
ORDERED = b"ccollections\nOrderedDict\n)R"


def text(value):
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def integer(value):
    return b"\x8a\x08" + struct.pack("<q", value)


def numbers(values):
    return b"(" + b"".join(map(integer, values)) + b"t"


def tensor(key, shape, strides=None, offset=0, elements=None, storage="FloatStorage"):
    """The instructions that make a tensor."""
    if strides is None:
        strides = [int(np.prod(shape[i + 1:])) for i in range(len(shape))]
    return (b"ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + b"ctorch\n" + storage.encode() + b"\n" + text(key)
            + text("cpu") + integer(int(np.prod(shape)) if elements is None else elements) + b"tQ" + integer(offset)
            + numbers(shape) + numbers(strides) + b"\x89" + ORDERED + b"tR")


def state_dict(**entries):
    return ORDERED + b"(" + b"".join(text(name) + value for name, value in entries.items()) + b"u"


def archive(body, storages=None, compression=zipfile.ZIP_STORED, **records):
    """A file as torch.save makes it: a zip archive of a pickle and the storages."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as out:
        out.writestr("archive/data.pkl", b"\x80\x02" + body + b".")
        for key, values in (storages or {}).items():
            out.writestr(f"archive/data/{key}", np.asarray(values).tobytes())
        for name, content in records.items():
            out.writestr(f"archive/{name}", content)
    return file.getvalue()


def as_state_dict(tensors, **others):
    """A whole file of these arrays."""
    entries = {name: tensor(str(i), value.shape, storage="LongStorage" if value.dtype == np.int64 else "FloatStorage")
               for i, (name, value) in enumerate(tensors.items())}
    return archive(state_dict(**entries, **others), {i: value for i, value in enumerate(tensors.values())})


class Runs:
    """An object that, where a pickle's code is run, makes a file."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f"touch {self.marker}",)


class Weights(CliCase):
    def file(self, content, name="w.pth"):
        path = self.path / name
        path.write_bytes(content)
        return path

    def described(self, content):
        done = cli("weights", self.file(content), "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_describes_safetensors(self):
        done = cli("weights", CONVNET, "--json")
        told = json.loads(done.stdout)
        expected = safetensors_io.load(CONVNET)
        self.assertEqual(told["format"], "safetensors")
        self.assertEqual({entry["name"]: tuple(entry["shape"]) for entry in told["tensors"]},
                         {name: value.shape for name, value in expected.items()})
        self.assertEqual(told["count"], len(expected))
        self.assertEqual(told["values"], sum(value.size for value in expected.values()))
        lines = cli("weights", CONVNET).stdout.splitlines()
        self.assertEqual(len(lines), len(expected) + 1)
        self.assertIn(f"{len(expected)} tensors", lines[-1])

    def test_describes_state_dicts(self):
        told = self.described(archive(state_dict(a=tensor("0", [2, 3]), b=tensor("1", [], storage="HalfStorage"), n=b"N"),
                                      {0: np.zeros(6, np.float32), 1: np.zeros(1, np.float16)}))
        self.assertEqual(told["tensors"], [{"name": "a", "dtype": "F32", "shape": [2, 3]}, {"name": "b", "dtype": "F16", "shape": []}])
        self.assertEqual((told["format"], told["count"], told["values"]), ("PyTorch", 2, 7))
        self.assertNotIn("found_under", told)

    def test_finds_the_state_dict_of_a_checkpoint(self):
        values = {0: np.zeros(6, np.float32)}
        weights = state_dict(w=tensor("0", [6]))
        accuracy = tensor("0", [])
        optimizer = b"}" + text("state") + b"}" + integer(0) + state_dict(exp_avg=tensor("0", [6])) + b"ss"
        for name, body, under in (
            ("usual key", state_dict(epoch=integer(3), state_dict=weights, optimizer=optimizer), "state_dict"),
            ("beside a tensor", state_dict(best=accuracy, model=weights), "model"),
            ("any key", state_dict(backbone=weights, optim_state=optimizer), "backbone"),
            ("usual among others", state_dict(ema=weights, model_state_dict=weights), "model_state_dict"),
            ("two levels", state_dict(model=state_dict(state_dict=weights)), "model.state_dict"),
            ("beside an object", state_dict(args=b"cargparse\nNamespace\n)\x81}" + text("lr") + integer(1) + b"sb", net=weights), "net"),
        ):
            with self.subTest(name):
                told = self.described(archive(body, values))
                self.assertEqual(told["found_under"], under)
                self.assertEqual([entry["name"] for entry in told["tensors"]], ["w"])

    def refused(self, content, says):
        path = self.file(content)
        done = cli("weights", path)
        self.assertRefused(done, says)
        self.assertIn(str(path), done.stderr)
        self.assertLess(len(done.stderr), 500)

    def test_files_that_are_none(self):
        self.refused(b"", "is empty")
        self.refused(b"hello, these are no weights", "not a safetensors file, and not a PyTorch state dict")
        self.refused(b"PK\3\4" + b"x" * 100, "not a whole zip archive")
        self.refused(archive(b"]").replace(b"data.pkl", b"data.txt"), "has no data.pkl")
        self.assertRefused(cli("weights", self.path / "nowhere.pth"), "No such file")
        self.assertRefused(cli("weights", self.path), "it is a folder")

    def test_cut_archives(self):
        whole = as_state_dict({"w": np.arange(64, dtype=np.float32)})
        self.described(whole)
        for size in (9, len(whole) // 2, len(whole) - 30, len(whole) - 1):
            with self.subTest(size=size):
                self.refused(whole[:size], "zip archive")

    def test_archives_that_lie(self):
        whole = as_state_dict({"w": np.arange(64, dtype=np.float32)})
        directory = whole.index(b"PK\1\2")
        outside = whole[:directory + 42] + b"\xff\xff\xff\x7f" + whole[directory + 46:]
        self.refused(outside, "lies outside the file")
        self.refused(whole[:-6] + b"\xff\xff\xff\x7f" + whole[-2:], "directory at its end is missing or damaged")
        packed = archive(state_dict(w=tensor("0", [64])), {0: np.zeros(64, np.float32)}, zipfile.ZIP_DEFLATED)
        self.refused(packed, "no data.pkl to read")

    def test_tensors_that_cannot_be(self):
        def one(*arguments, **options):
            return archive(state_dict(w=tensor("0", *arguments, **options)), {0: np.zeros(8, np.float32)})

        self.refused(one([9]), "w: it reaches to element 8 of its storage, which has 8")
        self.refused(one([4], offset=5), "w: it reaches to element 8")
        self.refused(one([3, 3], [3, 1]), "w: it reaches to element 8")
        self.refused(one([2], [8]), "w: it reaches to element 8")
        self.refused(one([2], offset=-1), "w: its place in the storage cannot be")
        self.refused(one([2], [-1]), "w: one of its strides cannot be")
        self.refused(one([2], [1, 1]), "w: its place in the storage cannot be")
        self.refused(one([1 << 40, 1 << 40], [0, 0], elements=1), "w: its lengths multiply to more than there can be")
        self.refused(one([1 << 40, 1 << 40, 0], [0, 0, 0], elements=1), "w: its lengths multiply to more")
        self.refused(one([2], [1 << 62]), "w: one of its strides cannot be")
        self.refused(one([1] * 65), "w: its lengths are not a list of at most 64 numbers")
        self.refused(one([2], storage="ComplexFloatStorage"), "w: type torch.ComplexFloatStorage is not supported")
        self.refused(archive(state_dict(w=tensor("1", [2]))), 'w: its storage "1" is not in the file')
        # What repeats one value is a tensor like any other, however large: nothing is made of it here.
        self.assertEqual(self.described(one([1 << 20, 1 << 20], [0, 0]))["values"], 1 << 40)
        huge = tensor("0", [1 << 31, 1 << 31], [0, 0], elements=1, storage="ByteStorage")
        self.assertEqual(self.described(archive(state_dict(v=huge, w=huge), {0: np.zeros(8, np.uint8)}))["values"], 2**63 - 1)

    def test_pickles_that_are_no_weights(self):
        weights = state_dict(w=tensor("0", [2]))
        values = {0: np.zeros(2, np.float32)}
        model = b"ctorchvision.models\nResNet\n)\x81}b"
        self.refused(archive(b"]"), "holds no state dict")
        self.refused(archive(state_dict(a=integer(1))), "holds no state dict")
        self.refused(archive(model), "holds an object of the class torchvision.models.ResNet, not a state dict")
        self.refused(archive(state_dict(epoch=integer(1), model=model)), "holds an object of the class torchvision.models.ResNet")
        self.refused(archive(state_dict(encoder=weights, decoder=state_dict(v=tensor("0", [2]))), values), "holds several state dicts")
        self.refused(archive(state_dict(w=tensor("0", [2])) + b"(" + text("w") + tensor("0", [2]) + b"u", values), "w stands there twice")
        self.refused(archive(state_dict(**{"a\x1b[2J": tensor("0", [2])}), values), "control characters")
        self.refused(archive(state_dict(w=tensor("0", [2]), v=b"cnumpy\nfloat64\n)R"), values),
                     "v: it asks to call numpy.float64, which is not part of a weights file; nothing was run")
        self.refused(archive(weights, values, **{"constants.pkl": b""}), "holds a TorchScript module")
        self.refused(archive(weights, values, byteorder=b"big"), "big-endian")
        self.described(archive(weights, values, byteorder=b"little"))

    def test_nothing_is_run(self):
        marker = self.path / "it-was-run"
        says = "asks to call posix.system, which is not part of a weights file; nothing was run"
        pickled = pickle.dumps({"state_dict": Runs(marker)}, 2)
        call = b"cposix\nsystem\n" + text(f"touch {marker}") + b"\x85R"
        os_system = call.replace(b"posix", b"os")
        self.refused(archive(pickled[2:-1]), says)
        self.refused(pickled, says)
        self.refused(archive(call), says)
        self.refused(archive(os_system), "asks to call os.system, which is not part of a weights file; nothing was run")
        self.refused(archive(state_dict(w=tensor("0", [2]), v=call), {0: np.zeros(2, np.float32)}), says)
        self.refused(archive(call.replace(b"R", b"\x81")), says)
        recipe = json.loads(TRANSFER.read_text())
        recipe["model"]["weights"] = str(self.file(archive(call)))
        path = self.path / "recipe.json"
        path.write_text(json.dumps(recipe))
        self.assertRefused(cli("train", path, "--out", self.path / "out"), says)
        self.assertFalse(marker.exists())
        # The same bytes do run where they are trusted: the test is one.
        pickle.loads(pickled)
        self.assertTrue(marker.exists())

    def test_bombs(self):
        doubled = b"]" + b"2\x86" * 400
        nested = b"N" + b"\x85" * 100_000
        self.refused(archive(state_dict(a=doubled)), "holds no state dict")
        self.refused(archive(state_dict(a=nested)), "nests more than 500 values")
        self.refused(archive(b"(" * 100_000), "nests more than 500 values")
        self.refused(archive(b"]q\x00h\x00a"), "holds no state dict")
        self.refused(archive(b"}q\x00" + text("a") + b"h\x00s"), "holds no state dict")
        wide = b"}q\x00(" + b"".join(text(f"k{i}") + b"h\x00" for i in range(10_000)) + b"u"
        self.refused(archive(wide), "holds no state dict")
        # Within as little memory as a small file should take.
        pairs = b"]q\0(" + b"NN\x86" * 100_000 + b"e0ccollections\nOrderedDict\nq\x01" + b"h\x01h\0\x85R" * 12_500
        names = text("x" * 300_000) + b"q\0" + b"h\0h\0\x93" * 50_000
        keys = b"}" + text("x" * 200_000) + b"q\0" + b"0(" + b"h\0}" * 66_000 + b"u"
        for body, says in ((b"]" * 3_000_000, "holds more than 2000000 values"), (pairs, "copies more than 2000000"),
                           (names, "the name of a class has more than 500 letters"), (keys, "holds no state dict")):
            with self.subTest(says):
                path = self.file(archive(body))
                done = subprocess.run(["sh", "-c", f"ulimit -v 4000000; {CLI} weights {path}"], capture_output=True, text=True)
                self.assertRefused(done, says)

    def test_nothing_reaches_the_terminal_as_it_is(self):
        escape = "\x1b[2J"
        values = {0: np.zeros(2, np.float32)}
        weights = state_dict(w=tensor("0", [2]))
        self.refused(archive(state_dict(w=tensor(escape, [2])), values), 'its storage "?[2J" is not in the file')
        self.refused(archive(state_dict(w=tensor("0", [2], storage=escape)), values), "type torch.?[2J is not supported")
        self.refused(archive(f"cmodels\n{escape}\n".encode() + b")\x81}b"), "object of the class models.?[2J, not a state dict")
        self.refused(archive(b"}(" + text(escape) + b"N" + text(escape) + b"Nu" + text("w") + tensor("0", [2]) + b"s", values),
                     "?[2J stands there twice")
        self.refused(archive(state_dict(**{escape: weights}), values), "holds no state dict")

    def test_legacy_files_that_are_cut(self):
        magic = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
        version = b"\x80\x02M\xe9\x03."
        machine = b"\x80\x02}" + text("little_endian") + b"\x88s."
        body = b"\x80\x02" + state_dict(w=tensor("7", [2])) + b"."
        keys = b"\x80\x02]" + text("7") + b"a."
        whole = magic + version + machine + body + keys + struct.pack("<q2f", 2, 1.0, 2.0)
        self.assertEqual(self.described(whole)["tensors"], [{"name": "w", "dtype": "F32", "shape": [2]}])
        for size in (len(magic) - 1, len(magic), len(whole) - len(keys), len(whole) - 1):
            self.refused(whole[:size], "cut short")
        self.refused(whole[:-16] + struct.pack("<q2f", 1 << 61, 1.0, 2.0), "cut short")
        self.refused(whole[:-16] + struct.pack("<q2f", -1, 1.0, 2.0), "cut short")
        self.refused(whole.replace(b"\x88s.", b"\x89s."), "big-endian")
        self.refused(b"\x80\x02N.", "not one that torch.save wrote")

    def recipe(self, **model):
        recipe = json.loads(TRANSFER.read_text())
        recipe["model"].update(model)
        path = self.path / "recipe.json"
        path.write_text(json.dumps(recipe))
        return path

    def test_fit(self):
        done = cli("weights", CONVNET, "--recipe", TRANSFER)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("fits: ", done.stdout)
        tensors = safetensors_io.load(CONVNET)
        removed = next(name for name in tensors if name.endswith("conv.weight"))
        tensors["other.weight"] = tensors.pop(removed)
        path = self.path / "w.safetensors"
        safetensors_io.save(path, tensors)
        done = cli("weights", path, "--recipe", TRANSFER, "--json")
        self.assertEqual(done.returncode, 1)
        fit = json.loads(done.stdout)["fit"]
        self.assertEqual((fit["fits"], fit["missing"], fit["unexpected"]), (False, [removed], ["other.weight"]))
        wide = cli("weights", CONVNET, "--recipe", TRANSFER, "--set", 'model.options={"widths": [32, 64, 96, 64]}')
        self.assertEqual(wide.returncode, 1)
        self.assertIn("block4.conv.weight [128, 96, 3, 3] in the file, [64, 96, 3, 3] in the network", wide.stdout)
        self.assertRefused(cli("weights", CONVNET, "--recipe", self.path / "nowhere.json"), "No such file")

    def test_whole_numbers_are_no_weights(self):
        """A quantized file, whose names and shapes are the network's."""
        tensors = safetensors_io.load(CONVNET)
        name = next(name for name in tensors if name.endswith("conv.weight"))
        tensors[name] = np.ones(tensors[name].shape, np.uint8)
        path = self.path / "w.safetensors"
        safetensors_io.save(path, tensors)
        done = cli("weights", path, "--recipe", TRANSFER, "--json")
        fit = json.loads(done.stdout)["fit"]
        self.assertEqual((done.returncode, fit["fits"], fit["whole_numbers"]), (1, False, [name]))
        says = f"whole numbers where floating point is expected: {name}"
        self.assertRefused(cli("train", self.recipe(weights=str(path)), "--out", self.path / "none"), says)
        partial = self.recipe(weights=str(path), weights_match="partial")
        done = cli("train", partial, "--out", self.path / "sessions", *SHORT)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(says, done.stderr)

    def test_wrappers_are_taken_off_and_counts_may_be_missing(self):
        tensors = {name: value for name, value in safetensors_io.load(CONVNET).items() if "num_batches" not in name}
        for prefix in ("module.", "_orig_mod.", "module._orig_mod."):
            with self.subTest(prefix):
                path = self.file(as_state_dict({prefix + name: value for name, value in tensors.items()}))
                done = cli("weights", path, "--recipe", TRANSFER, "--json")
                self.assertEqual(done.returncode, 0, done.stdout)
                self.assertEqual(json.loads(done.stdout)["fit"]["prefix"], prefix)

    def test_trains_alike_from_either_format(self):
        path = self.file(as_state_dict(safetensors_io.load(CONVNET)))
        sessions = [self.train(*SHORT, recipe=self.recipe(weights=str(file))) for file in (CONVNET, path)]
        self.assertEqual(sessions[0][0]["steps"]["loss"], sessions[1][0]["steps"]["loss"])

    def test_part_of_a_file(self):
        tensors = safetensors_io.load(CONVNET)
        removed = [name for name in tensors if name.startswith("block4.")]
        path = self.file(as_state_dict({name: value for name, value in tensors.items() if name not in removed}))
        strict = self.recipe(weights=str(path))
        self.assertRefused(cli("train", strict, "--out", self.path / "none"), "missing: block4.")
        partial = self.recipe(weights=str(path), weights_match="partial")
        done = cli("train", partial, "--out", self.path / "sessions", *SHORT)
        self.assertEqual(done.returncode, 0, done.stderr)
        warnings = [line for line in done.stderr.splitlines() if "fit in part" in line]
        self.assertEqual(len(warnings), 1, done.stderr)
        self.assertIn("tensors loaded; missing: block4.", warnings[0])
        nothing = self.file(as_state_dict({"a": np.zeros(3, np.float32)}), "none.pth")
        recipe = self.recipe(weights=str(nothing), weights_match="partial")
        self.assertRefused(cli("train", recipe, "--out", self.path / "none"), "fit nothing of the network; missing: ")
        recipe = self.recipe(weights_match="loose")
        self.assertRefused(cli("train", recipe, "--out", self.path / "none"), "/model/weights_match")

    def test_export(self):
        session, folder = self.train(*SHORT)
        expected = self.weights(session, folder)
        out = self.path / "out.safetensors"
        done = cli("export", folder, "--weights", out)
        self.assertEqual((done.returncode, done.stdout), (0, f"{out}\n"), done.stderr)
        exported = safetensors_io.load(out)
        self.assertEqual(exported.keys(), expected.keys())
        for name, value in expected.items():
            np.testing.assert_array_equal(exported[name], value)
        for ending in ("pth", "pt"):
            done = cli("export", folder, "--weights", self.path / f"out.{ending}", "--step", 10)
            self.assertEqual(done.returncode, 0, done.stderr)
            told = json.loads(cli("weights", self.path / f"out.{ending}", "--json").stdout)
            self.assertEqual({entry["name"]: tuple(entry["shape"]) for entry in told["tensors"]},
                             {name: value.shape for name, value in expected.items()})
        # What was exported begins another run as the weights it is.
        again = cli("weights", self.path / "out.pth", "--recipe", TRANSFER)
        self.assertEqual(again.returncode, 0, again.stdout)

    def test_export_takes_the_checkpoint_after_the_last_change(self):
        """Of two that one step has, because something was changed while the run was paused."""
        session, folder = self.train(*SHORT)
        record = session["checkpoints"][-1]
        tensors = safetensors_io.load(folder / record["file"])
        after = folder / "checkpoints" / "after.safetensors"
        metadata = safetensors_io.metadata(folder / record["file"])
        name = next(name for name in tensors if name.endswith("conv.weight"))
        safetensors_io.save(after, {**tensors, name: tensors[name] + 1}, metadata)
        session["checkpoints"].append({**record, "file": "checkpoints/after.safetensors", "sha256": "", "interventions": 1})
        (folder / "session.json").write_text(json.dumps(session))
        for arguments in ((), ("--step", record["step"])):
            self.assertEqual(cli("export", folder, "--weights", self.path / "w.safetensors", *arguments).returncode, 0)
            np.testing.assert_array_equal(safetensors_io.load(self.path / "w.safetensors")[name], tensors[name] + 1)
        after.rename(self.path / "outside")
        after.symlink_to(self.path / "outside")
        self.assertRefused(cli("export", folder, "--weights", self.path / "w.safetensors"), "does not lie inside")

    def test_export_to_a_disk_without_room(self):
        """A file may have no more than 20,000 bytes, and what asks for more is told so."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

        _, folder = self.train(*SHORT)
        for ending in ("safetensors", "pth"):
            done = cli("export", folder, "--weights", self.path / f"w.{ending}", preexec_fn=limit, restore_signals=False)
            self.assertRefused(done, f"cannot write {self.path}/w.{ending}: File too large")
        self.assertFalse(list(self.path.glob("w.*")))

    def test_export_refused(self):
        _, folder = self.train(*SHORT)
        self.assertRefused(cli("export", folder, "--weights", self.path / "w.h5"), "ends in .safetensors, .pth or .pt")
        self.assertRefused(cli("export", folder, "--weights", self.path / "w.pth", "--step", 7), "no checkpoint of step 7; it has those of steps 10")
        self.assertRefused(cli("export", folder, "--weights", self.path / "no" / "w.pth"), "cannot write")
        self.assertRefused(cli("export", folder, "--step", 3), "--weights")
        self.assertFalse(list(self.path.glob("w.*")))


if __name__ == "__main__":
    unittest.main()
