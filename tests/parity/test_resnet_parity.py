"""Residual networks beside torchvision's: the same names, the same logits, the same losses over ten steps of SGD."""

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

STEPS, BATCH, SIDE = 10, 16, 64


def randomised(architecture):
    """Random weights, and statistics and norms that are not the trivial ones."""
    torch.manual_seed(7)
    network = getattr(torchvision.models, architecture)(weights=None)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 1.5)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.2)
    return network


def probe(architecture, network, **inputs):
    """What our network of this name makes of the same weights and inputs."""
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, name) for name in ("weights", "inputs", "outputs")]
        safetensors_io.save(files[0], {name: value.numpy() for name, value in network.state_dict().items()})
        safetensors_io.save(files[1], {name: value.numpy() for name, value in inputs.items()})
        subprocess.run([os.environ["FROSTLINE_PARITY_PROBE"], *files, architecture], check=True)
        outputs = safetensors_io.load(files[2])
    return torch.tensor(outputs["logits"]), torch.tensor(outputs["losses"])


class ResnetParity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        network = randomised("resnet18")
        images = torch.randn(4, 3, SIDE, SIDE)
        batches = torch.randn(STEPS, BATCH, 3, SIDE, SIDE)
        labels = torch.randint(0, 1000, (STEPS, BATCH))
        cls.logits, cls.losses = probe("resnet18", network, images=images, batches=batches, labels=labels)
        network.eval()
        with torch.no_grad():
            cls.expected_logits = network(images)
        cls.expected_losses = cls.train(network, batches, labels)

    @staticmethod
    def train(network, batches, labels):
        network.train()
        optimizer = torch.optim.SGD(network.parameters(), lr=2e-4, momentum=0.9, weight_decay=1e-4)
        losses = []
        for images, targets in zip(batches, labels):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(network(images), targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return torch.tensor(losses, dtype=torch.float64)

    def test_logits_agree(self):
        difference = (self.logits - self.expected_logits).abs().max().item()
        print(f"largest difference of logits: {difference:.2e}, largest logit {self.expected_logits.abs().max():.2f}")
        self.assertLess(difference, 1e-4)

    def test_logits_of_the_family_agree(self):
        images = torch.randn(2, 3, SIDE, SIDE)
        none = {"batches": torch.zeros(0, BATCH, 3, SIDE, SIDE), "labels": torch.zeros(0, BATCH, dtype=torch.long)}
        for architecture in ("resnet34", "resnet50", "resnet101"):
            with self.subTest(architecture):
                network = randomised(architecture)
                ours, _ = probe(architecture, network, images=images, **none)
                network.eval()
                with torch.no_grad():
                    expected = network(images)
                relative = ((ours - expected).abs().max() / expected.abs().max()).item()
                print(f"{architecture}: largest difference of logits beside the largest logit: {relative:.2e}")
                self.assertLess(relative, 1e-4)

    def test_losses_agree(self):
        relative = ((self.losses - self.expected_losses).abs() / self.expected_losses).max().item()
        print(f"largest relative difference of {STEPS} losses: {relative:.2e}")
        self.assertLess(relative, 1e-4)


if __name__ == "__main__":
    unittest.main()
