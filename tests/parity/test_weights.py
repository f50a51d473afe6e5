"""PyTorch's files: what torch.save wrote loads to the same network, and what we write loads in Python."""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import safetensors_io

import torch
import torchvision

CLI = os.environ["FROSTLINE_CLI"]
TRANSFER = pathlib.Path(os.environ["FROSTLINE_RESOURCES"]) / "recipes" / "fashion-transfer.json"
SIDE = 64


def randomised(architecture):
    """Random weights, and statistics that are not the trivial ones."""
    torch.manual_seed(7)
    network = getattr(torchvision.models, architecture)(weights=None)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 1.5)
    return network.eval()


def save_safetensors(path, tensors):
    safetensors_io.save(path, {name: value.numpy() for name, value in tensors.items()})


def as_views(state):
    """Every tensor a transposed, or a stepped, view of something larger."""
    views = collections.OrderedDict()
    for name, value in state.items():
        if value.dim() >= 2:
            views[name] = value.transpose(0, 1).contiguous().transpose(0, 1)
        elif value.dim() == 1:
            views[name] = torch.stack([torch.full_like(value, 9), value], 1)[:, 1]
        else:
            views[name] = value
    return views


def of_one_storage(state):
    """All of a type in one storage, one after another."""
    shared = collections.OrderedDict()
    for dtype in {value.dtype for value in state.values()}:
        flat = torch.cat([value.flatten() for value in state.values() if value.dtype == dtype])
        place = 0
        for name, value in state.items():
            if value.dtype == dtype:
                shared[name] = flat[place : place + value.numel()].view(value.shape)
                place += value.numel()
    return shared


def described(path):
    done = subprocess.run([CLI, "weights", path, "--json"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class LoadsWhatPythonWrote(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = pathlib.Path(folder.name)
        cls.network = randomised("resnet18")
        cls.state = cls.network.state_dict()
        cls.images = torch.randn(4, 3, SIDE, SIDE)
        save_safetensors(cls.path / "inputs", {"images": cls.images, "batches": torch.zeros(0, 4, 3, SIDE, SIDE),
                                               "labels": torch.zeros(0, 4, dtype=torch.long)})
        save_safetensors(cls.path / "w.safetensors", cls.state)
        cls.expected = cls.logits("w.safetensors")

    @classmethod
    def logits(cls, name):
        files = [cls.path / file for file in (name, "inputs", "outputs")]
        subprocess.run([os.environ["FROSTLINE_PARITY_PROBE"], *files, "resnet18", "1000"], check=True,
                       stdout=subprocess.DEVNULL)
        return torch.tensor(safetensors_io.load(files[2])["outputs"])

    def same(self, content, **options):
        torch.save(content, self.path / "w.pth", **options)
        self.assertTrue(torch.equal(self.logits("w.pth"), self.expected))

    def test_safetensors(self):
        with torch.no_grad():
            difference = (self.expected - self.network(self.images)).abs().max().item()
        self.assertLess(difference, 1e-4)

    def test_plain(self):
        self.same(self.state)
        self.same(dict(self.state))
        self.same(self.state, pickle_protocol=4)
        self.same(self.state, pickle_protocol=5)

    def test_legacy_format(self):
        self.same(self.state, _use_new_zipfile_serialization=False)
        self.same(of_one_storage(self.state), _use_new_zipfile_serialization=False)
        self.same({"epoch": 3, "state_dict": as_views(self.state)}, _use_new_zipfile_serialization=False)

    def test_checkpoints(self):
        optimizer = torch.optim.Adam(self.network.parameters())
        for parameter in self.network.parameters():
            parameter.grad = torch.zeros_like(parameter)
        optimizer.step()
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 3)
        beside = {"epoch": 3, "best": torch.tensor(0.9), "args": collections.Counter(a=1), "optimizer": optimizer.state_dict(),
                  "scheduler": scheduler.state_dict(), "history": [(1, 0.5), (2, 0.25)]}
        for key in ("state_dict", "model_state_dict", "model"):
            self.same({**beside, key: self.state})

    def test_wrappers(self):
        self.same({"module." + name: value for name, value in self.state.items()})
        self.same({"state_dict": torch.nn.DataParallel(self.network).state_dict()})

    def test_parameters(self):
        parameters = dict(self.network.named_parameters())
        self.same({name: parameters.get(name, value) for name, value in self.state.items()})

    def test_views_and_shared_storages(self):
        self.same(as_views(self.state))
        self.same(of_one_storage(self.state))

    def test_files_without_counts(self):
        self.same({name: value for name, value in self.state.items() if "num_batches" not in name})

    def test_half_precision_is_widened(self):
        for dtype in (torch.float16, torch.bfloat16):
            narrow = {name: value.to(dtype) if value.is_floating_point() else value for name, value in self.state.items()}
            torch.save(narrow, self.path / "w.pth")
            wide = {name: value.float() if value.is_floating_point() else value for name, value in narrow.items()}
            save_safetensors(self.path / "wide.safetensors", wide)
            self.assertTrue(torch.equal(self.logits("w.pth"), self.logits("wide.safetensors")))
        torch.save({name: value.double() if value.is_floating_point() else value for name, value in self.state.items()},
                   self.path / "w.pth")
        self.assertTrue(torch.equal(self.logits("w.pth"), self.expected))

    def test_what_is_no_state_dict(self):
        torch.jit.script(self.network).save(self.path / "script.pt")
        torch.save(self.network, self.path / "whole.pth")
        torch.save(self.network, self.path / "old.pth", _use_new_zipfile_serialization=False)
        for name, says in (("script.pt", "holds a TorchScript module"), ("whole.pth", "an object of the class torchvision.models.resnet.ResNet"),
                           ("old.pth", "an object of the class torchvision.models.resnet.ResNet")):
            done = subprocess.run([CLI, "weights", self.path / name], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(says, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1)


class TellsWhatPythonWrote(unittest.TestCase):
    def test_types_and_shapes(self):
        types = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F64": torch.float64, "I64": torch.int64,
                 "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool}
        tensors = {name: torch.ones(2, 3).to(dtype) for name, dtype in types.items()}
        tensors["empty"] = torch.zeros(0, 5)
        tensors["scalar"] = torch.tensor(3.0)
        tensors["repeated"] = torch.zeros(1).expand(7, 8)
        with tempfile.TemporaryDirectory() as folder:
            for new in (True, False):
                torch.save(tensors, f"{folder}/w.pth", _use_new_zipfile_serialization=new)
                told = {entry["name"]: entry for entry in described(f"{folder}/w.pth")["tensors"]}
                self.assertEqual({name: tuple(told[name]["shape"]) for name in told}, {name: tuple(value.shape) for name, value in tensors.items()})
                for name in types:
                    self.assertEqual(told[name]["dtype"], name)

    def test_families(self):
        with tempfile.TemporaryDirectory() as folder:
            for architecture in ("mobilenet_v3_small", "vgg11_bn"):
                state = getattr(torchvision.models, architecture)(weights=None).state_dict()
                torch.save({"state_dict": state}, f"{folder}/w.pth")
                told = described(f"{folder}/w.pth")
                self.assertEqual([(entry["name"], tuple(entry["shape"])) for entry in told["tensors"]],
                                 [(name, tuple(value.shape)) for name, value in state.items()])
                self.assertEqual(told["values"], sum(value.numel() for value in state.values()))


class PythonLoadsWhatWeWrite(unittest.TestCase):
    def test_export(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            recipe = json.loads(TRANSFER.read_text())
            recipe["model"] = {"architecture": "resnet18"}
            recipe["layers"] = []
            recipe["data"]["validation"] = {"from": "test", "limit": 2}
            recipe["batch_size"] = 4
            (folder / "recipe.json").write_text(json.dumps(recipe))
            done = subprocess.run([CLI, "train", folder / "recipe.json", "--out", folder, "--steps", "1", "--threads", "2"],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            session = done.stdout.splitlines()[-1]
            for ending in ("safetensors", "pth"):
                subprocess.run([CLI, "export", session, "--weights", folder / f"w.{ending}"], check=True, capture_output=True)
            expected = safetensors_io.load(folder / "w.safetensors")
            for options in ({}, {"weights_only": True}):
                loaded = torch.load(folder / "w.pth", **options)
                self.assertIsInstance(loaded, collections.OrderedDict)
                self.assertEqual(loaded.keys(), expected.keys())
                for name, value in loaded.items():
                    array = torch.tensor(expected[name])
                    self.assertEqual(value.dtype, array.dtype)
                    self.assertTrue(torch.equal(value, array), name)
            classes = loaded["fc.bias"].numel()
            network = torchvision.models.resnet18(weights=None, num_classes=classes)
            network.conv1 = torch.nn.Conv2d(loaded["conv1.weight"].shape[1], 64, 7, 2, 3, bias=False)
            network.load_state_dict(loaded, strict=True)


if __name__ == "__main__":
    unittest.main()
