"""Networks beside torchvision's, and beside references of our own where it has none: the same names, shapes, counts
and starting values, the same outputs, statistics and losses."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import references
import safetensors_io
from assets import ASSETS

import torch
import torchvision

CLASSES = 1000


def randomised(network):
    """Statistics, norms and biases that are not the trivial ones."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 1.5)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.2)
        elif getattr(module, "bias", None) is not None:
            torch.nn.init.normal_(module.bias, 0, 0.1)
    return network


class Probe:
    """What our network of a name makes of the weights of another and of inputs."""

    def __init__(self, architecture, network, *options, **inputs):
        with tempfile.TemporaryDirectory() as folder:
            files = [os.path.join(folder, name) for name in ("weights", "inputs", "outputs")]
            safetensors_io.save(files[0], {name: value.numpy() for name, value in network.state_dict().items()})
            safetensors_io.save(files[1], {name: value.numpy() for name, value in inputs.items()})
            done = subprocess.run([os.environ["FROSTLINE_PARITY_PROBE"], *files, architecture, *options],
                                  check=True, stdout=subprocess.PIPE, text=True)
            for name, value in safetensors_io.load(files[2]).items():
                setattr(self, name, torch.tensor(value))
        *tensors, counts = [line.split() for line in done.stdout.splitlines()]
        self.shapes = [(name, tuple(map(int, shape))) for name, *shape, _ in tensors]
        self.deviations = {name: float(deviation) for name, *_, deviation in tensors}
        self.parameters, self.trainable = map(int, counts)


def statistics(network):
    return torch.cat([torch.zeros(0), *[value.flatten() for name, value in network.state_dict().items()
                                        if ".running_" in name]])


def train(network, batches, labels=None):
    """Losses of SGD; without labels batches only run, or are their own targets."""
    network.train()
    optimizer = torch.optim.SGD(network.parameters(), lr=2e-4, momentum=0.9, weight_decay=1e-4)
    losses = []
    for step, images in enumerate(batches):
        outputs = network(images)
        if outputs.dim() == 4:
            loss = torch.nn.functional.mse_loss(outputs, images)
        elif labels is not None:
            loss = torch.nn.functional.cross_entropy(outputs, labels[step])
        else:
            continue
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses, dtype=torch.float64)


def evaluated(network, images):
    network.eval()
    with torch.no_grad():
        return network(images)


def beside(ours, theirs):
    """The largest difference beside the largest value."""
    return ((ours - theirs).abs().max() / theirs.abs().max()).item()


class ModelParity(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(7)

    def compare(self, architecture, network, shape, *options, steps=0):
        """With no steps one batch runs in training mode, for the statistics alone: dropout is random."""
        start = {name: value.std().item() for name, value in network.named_parameters() if value.numel() > 2000}
        randomised(network)
        images = torch.randn(2, *shape)
        inputs = {"batches": torch.randn(max(steps, 1), 4, *shape)}
        if steps:
            inputs["labels"] = torch.randint(0, CLASSES, (steps, 4))
        ours = Probe(architecture, network, *(options or [str(CLASSES)]), images=images, **inputs)
        self.assertEqual(ours.shapes, [(name, tuple(value.shape)) for name, value in network.state_dict().items()])
        head = ours.shapes[-1][0].split(".")[0]
        counts = [(value.numel(), name.split(".")[0] == head) for name, value in network.named_parameters()]
        self.assertEqual(ours.parameters, sum(count for count, _ in counts))
        self.assertEqual(ours.trainable, sum(count for count, is_head in counts if is_head))
        difference = beside(ours.outputs, evaluated(network, images))
        self.assertLess(difference, 1e-4)
        losses = train(network, **inputs)
        report = f"{architecture}: outputs differ by {difference:.1e} of the largest"
        if len(losses):
            self.assertLess(beside(ours.losses, losses), 1e-4)
            report += f", losses by {beside(ours.losses, losses):.1e}"
        if len(statistics(network)):
            self.assertLess(beside(ours.statistics, statistics(network)), 1e-4)
            report += f", statistics by {beside(ours.statistics, statistics(network)):.1e}"
        print(report)
        return start, ours.deviations

    def compare_with_torchvision(self, architecture, side, *options, steps=0, change=lambda network: None):
        with self.subTest(architecture):
            network = getattr(torchvision.models, architecture)(weights=None)
            change(network)
            start, ours = self.compare(architecture, network, (3, side, side), *options, steps=steps)
            for name, deviation in start.items():
                self.assertAlmostEqual(ours[name], deviation, delta=0.1 * deviation, msg=name)

    def test_resnets(self):
        for name in ("resnet18", "resnet34", "resnet50", "resnet101"):
            self.compare_with_torchvision(name, 64, steps=1)

    def test_vggs(self):
        for name in ("vgg11_bn", "vgg16"):
            self.compare_with_torchvision(name, 64)

    def test_vggs_with_another_head(self):
        """Their own classifier has 120 million parameters: the other sizes do without."""
        def change(network):
            network.avgpool = torch.nn.Identity()
            network.classifier = torch.nn.Sequential(torch.nn.Unflatten(1, (512, 2, 2)), torch.nn.AdaptiveAvgPool2d(1),
                                                     torch.nn.Flatten(), torch.nn.Linear(512, CLASSES))
            # Ours is numbered without the first, which only undoes what torchvision's forward has flattened.
            for number in "0123":
                network.classifier._modules[str(int(number) - 1)] = network.classifier._modules.pop(number)

        for name in ("vgg11", "vgg13", "vgg13_bn", "vgg16_bn", "vgg19", "vgg19_bn"):
            self.compare_with_torchvision(name, 64, str(CLASSES), "average", change=change)

    def test_mobilenets(self):
        for name in ("mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large"):
            self.compare_with_torchvision(name, 96)

    def test_xception(self):
        for side in (71, 96):  # SAME padding is odd on even sizes only.
            with self.subTest(side):
                self.compare("xception", references.Xception(CLASSES), (3, side, side), steps=1)

    def test_yamnet(self):
        self.compare("yamnet", references.Yamnet(CLASSES), (1, 96, 64), steps=1)

    def test_autoencoder(self):
        self.compare("autoencoder", references.Autoencoder(3), (3, 32, 44), "image", steps=3)

    def test_losses_over_ten_steps(self):
        network = randomised(torchvision.models.resnet18(weights=None))
        batches, labels = torch.randn(10, 16, 3, 64, 64), torch.randint(0, CLASSES, (10, 16))
        ours = Probe("resnet18", network, str(CLASSES), images=batches[0], batches=batches, labels=labels)
        relative = ((ours.losses - train(network, batches, labels)).abs() / ours.losses).max().item()
        print(f"largest relative difference of ten losses: {relative:.2e}")
        self.assertLess(relative, 1e-4)


@unittest.skipUnless(ASSETS.is_dir(), f"real weights are not there: {ASSETS}")
class RealWeights(unittest.TestCase):
    def compare(self, file, architecture, network, values, images):
        given = {name: torch.tensor(value) for name, value in safetensors_io.load(ASSETS / file).items()}
        missing, unexpected = network.load_state_dict(given, strict=False)
        self.assertEqual(unexpected, [])
        self.assertEqual([name for name in missing if not name.endswith("num_batches_tracked")], [])
        ours = Probe(architecture, network, str(values), images=images, batches=torch.zeros(0, 2, *images.shape[1:]))
        expected = evaluated(network, images)
        self.assertGreater(expected.std().item(), 0.1)
        self.assertLess(beside(ours.outputs, expected), 1e-4)

    def test_mobilenet(self):
        torch.manual_seed(7)
        self.compare("mobilenet_v3_small_3class.safetensors", "mobilenet_v3_small",
                     torchvision.models.mobilenet_v3_small(num_classes=3), 3, torch.randn(2, 3, 96, 96))

    def test_yamnet(self):
        torch.manual_seed(7)
        self.compare("yamnet.safetensors", "yamnet", references.Yamnet(521), 521, torch.randn(2, 1, 96, 64) * 2 - 3)


if __name__ == "__main__":
    unittest.main()
