"""Networks that torchvision does not have, written from their papers and from TensorFlow's rules for padding."""

import torch
from torch import nn
from torch.nn import functional


def same(x, kernel, stride, value):
    """What TensorFlow's SAME puts around a map: the odd one goes below and to the right."""
    around = []
    for size in (x.shape[3], x.shape[2]):
        total = max(kernel - (stride if size % stride == 0 else size % stride), 0)
        around += [total // 2, total - total // 2]
    return functional.pad(x, around, value=value)


class SameConv(nn.Conv2d):
    def forward(self, x):
        return super().forward(same(x, self.kernel_size[0], self.stride[0], 0.0))


class SamePool(nn.MaxPool2d):
    def forward(self, x):
        return super().forward(same(x, self.kernel_size, self.stride, float("-inf")))


class Separable(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = SameConv(inputs, inputs, 3, groups=inputs, bias=False)
        self.pointwise = SameConv(inputs, outputs, 1, bias=False)

    def forward(self, x):
        return self.pointwise(self.conv1(x))


def keras_norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class XceptionBlock(nn.Module):
    def __init__(self, inputs, widths, stride, first_relu=True):
        super().__init__()
        if stride > 1:
            self.skip = SameConv(inputs, widths[-1], 1, stride, bias=False)
            self.skipbn = keras_norm(widths[-1])
        layers = []
        for before, after in zip([inputs, *widths], widths):
            layers += [nn.ReLU(), Separable(before, after), keras_norm(after)]
        self.rep = nn.Sequential(*layers[0 if first_relu else 1:], *([SamePool(3, stride)] if stride > 1 else []))

    def forward(self, x):
        return self.rep(x) + (self.skipbn(self.skip(x)) if hasattr(self, "skip") else x)


class Xception(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 32, 3, 2, bias=False), keras_norm(32)
        self.conv2, self.bn2 = nn.Conv2d(32, 64, 3, bias=False), keras_norm(64)
        rows = [(64, [128] * 2, 2, False), (128, [256] * 2, 2), (256, [728] * 2, 2), *[(728, [728] * 3, 1)] * 8,
                (728, [728, 1024], 2)]
        for number, row in enumerate(rows, 1):
            setattr(self, f"block{number}", XceptionBlock(*row))
        self.blocks = len(rows)
        self.conv3, self.bn3 = Separable(1024, 1536), keras_norm(1536)
        self.conv4, self.bn4 = Separable(1536, 2048), keras_norm(2048)
        self.fc = nn.Linear(2048, outputs)

    def forward(self, x):
        x = torch.relu(self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))))
        for number in range(1, self.blocks + 1):
            x = getattr(self, f"block{number}")(x)
        x = torch.relu(self.bn4(self.conv4(torch.relu(self.bn3(self.conv3(x))))))
        return self.fc(x.mean((2, 3)))


class YamnetLayer(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.depthwise_conv = SameConv(inputs, inputs, 3, stride, groups=inputs, bias=False)
        self.depthwise_bn = nn.BatchNorm2d(inputs, eps=1e-4, momentum=0.01)
        self.pointwise_conv = SameConv(inputs, outputs, 1, bias=False)
        self.pointwise_bn = nn.BatchNorm2d(outputs, eps=1e-4, momentum=0.01)

    def forward(self, x):
        x = self.depthwise_bn(self.depthwise_conv(x)).clamp(0, 6)
        return self.pointwise_bn(self.pointwise_conv(x)).clamp(0, 6)


class YamnetStem(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = SameConv(1, 32, 3, 2, bias=False)
        self.bn = nn.BatchNorm2d(32, eps=1e-4, momentum=0.01)

    def forward(self, x):
        return self.bn(self.conv(x)).clamp(0, 6)


class Yamnet(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.layer1 = YamnetStem()
        widths = [32, 64, 128, 128, 256, 256, *[512] * 6, 1024, 1024]
        for number, (before, after) in enumerate(zip(widths, widths[1:]), 2):
            stride = 2 if number in (3, 5, 7, 13) else 1
            setattr(self, f"layer{number}", YamnetLayer(before, after, stride))
        self.fc = nn.Linear(1024, outputs)

    def forward(self, x):
        for number in range(1, 15):
            x = getattr(self, f"layer{number}")(x)
        return self.fc(x.mean((2, 3)))


class Autoencoder(nn.Module):
    def __init__(self, channels):
        super().__init__()
        encoder = [(channels, 32, 1), (32, 32, 2), (32, 64, 1), (64, 64, 2), (64, 64, 1), (64, 4 * channels, 1)]
        decoder = [(4 * channels, 64), (64, 64), (64, 64), (64, 32), (32, 32), (32, 32), (32, channels)]
        for number, (before, after, stride) in enumerate(encoder, 1):
            setattr(self, f"encoder_conv{number}", nn.Conv2d(before, after, 3, stride, 1))
        for number, (before, after) in enumerate(decoder, 1):
            setattr(self, f"decoder_conv{number}", nn.Conv2d(before, after, 3, padding=1))

    def forward(self, x):
        for number in range(1, 6):
            x = torch.relu(getattr(self, f"encoder_conv{number}")(x))
        x = self.encoder_conv6(x)
        for number in range(1, 7):
            x = torch.relu(getattr(self, f"decoder_conv{number}")(x))
            if number in (2, 4):
                x = functional.interpolate(x, scale_factor=2, mode="nearest")
        return self.decoder_conv7(x)
