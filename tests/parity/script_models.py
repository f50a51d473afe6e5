"""Models for the tests of TorchScript: one of torchvision's, and an odd one of our own."""

from typing import List

import torch
import torchvision
from torch import Tensor, nn


class Scale(nn.Module):
    """Leaf with a parameter, a buffer that moves only in training, and a mode of its own."""

    def __init__(self, width: int):
        super().__init__()
        self.factor = nn.Parameter(torch.ones(width))
        self.register_buffer("largest", torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            # Another tensor takes the buffer's place.
            self.largest = torch.maximum(self.largest, x.detach().abs().amax(0))
        return nn.functional.dropout(x * self.factor, 0.2, self.training)


class Branch(nn.Module):
    """Container with parameters, a constant that is infinite, and control flow over what comes in."""

    def __init__(self, width: int):
        super().__init__()
        self.gate = nn.Parameter(torch.zeros(width))
        self.mixture = nn.Parameter(torch.eye(width))
        self.register_buffer("mask", torch.full((width,), float("-inf")))
        self.steps = nn.ModuleList([nn.Linear(width, width), Scale(width)])
        self.norm = nn.BatchNorm1d(width, affine=False)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.maximum(x @ self.mixture, self.mask)
        for step in self.steps:
            y = torch.relu(step(y))
        if float(x.mean()) > 0.0:
            y = y * torch.sigmoid(self.gate)
        return self.norm(x + y)


class Odd(nn.Module):
    """Sub-modules in lists, one under two names, tied weights, dropout as a function, a parameter at the top."""

    def __init__(self, inputs: int, classes: int, width: int = 16):
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(inputs))
        self.enter = nn.Linear(inputs, width)
        self.branches = nn.ModuleList([Branch(width), Branch(width)])
        self.again = self.branches[0]
        self.middle = nn.Linear(width, width)
        self.tied = nn.Linear(width, width)
        self.tied.weight = self.middle.weight
        self.memory = nn.LSTM(width, width, batch_first=True)
        self.leave = nn.Linear(width, classes)

    def forward(self, x: Tensor, scale: float = 1.0) -> Tensor:
        y = torch.relu(self.enter(x.flatten(1) + self.shift)) * scale
        outputs: List[Tensor] = []
        for branch in self.branches:
            y = branch(y)
            outputs.append(y)
        y = self.tied(torch.relu(self.middle(self.again(y))))
        sequence, _ = self.memory(torch.stack(outputs, 1))
        y = nn.functional.dropout(y + sequence[:, -1], 0.3, self.training)
        return self.leave(y)


def odd(inputs, classes):
    torch.manual_seed(5)
    return Odd(inputs, classes)


def mobilenet(classes):
    torch.manual_seed(6)
    return torchvision.models.mobilenet_v2(weights=None, num_classes=classes)
