"""Log-mel patches beside the formulas that YAMNet and TensorFlow publish, written out in NumPy here."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import wave

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from assets import ASSETS

RATE, FRAME, HOP, FFT, BANDS = 16000, 400, 160, 512, 64
PATCH, PATCH_HOP = 96, 48


def hertz_to_mel(hertz):
    return 1127.0 * np.log(1.0 + hertz / 700.0)


def mel_matrix():
    """tf.signal.linear_to_mel_weight_matrix(64, 257, 16000, 125, 7500): triangles in mel, no constant part."""
    frequencies = hertz_to_mel(np.linspace(0.0, RATE / 2, FFT // 2 + 1)[1:])[:, None]
    edges = np.linspace(hertz_to_mel(125.0), hertz_to_mel(7500.0), BANDS + 2)
    lower, center, upper = (edges[i:i + BANDS][None, :] for i in range(3))
    slopes = np.minimum((frequencies - lower) / (center - lower), (upper - frequencies) / (upper - center))
    return np.pad(np.maximum(0.0, slopes), [[1, 0], [0, 0]])


def patches_of(waveform):
    """pad_waveform and waveform_to_log_mel_spectrogram_patches of YAMNet's features.py."""
    least = int((0.96 + 0.025 - 0.010) * RATE + 0.5)
    padded = max(len(waveform), least)
    hops = int(np.ceil((padded - least) / (PATCH_HOP * HOP)))
    waveform = np.pad(waveform, (0, least + hops * PATCH_HOP * HOP - len(waveform)))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)
    count = 1 + (len(waveform) - FRAME) // HOP
    frames = np.stack([waveform[i * HOP:i * HOP + FRAME] * window for i in range(count)])
    log_mel = np.log(np.abs(np.fft.rfft(frames, FFT)) @ mel_matrix() + 0.001)
    starts = range(0, count - PATCH + 1, PATCH_HOP)
    return np.stack([log_mel[start:start + PATCH] for start in starts])


def probe(paths):
    """Our patches of each file."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = [os.path.join(folder, str(i)) for i in range(len(paths))]
        pairs = [each for pair in zip(paths, outputs) for each in pair]
        subprocess.run([os.environ["FROSTLINE_LOG_MEL_PROBE"], *pairs], check=True)
        return [np.fromfile(output, np.float32).reshape(-1, PATCH, BANDS) for output in outputs]


def write(path, samples):
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())


class LogMel(unittest.TestCase):
    def test_patches_agree(self):
        random = np.random.default_rng(3)
        time = np.arange(100_000) / RATE
        chirp = 12000 * np.sin(2 * np.pi * (50 + 600 * time) * time)
        cases = {
            "noise": random.normal(0, 3000, 50_000), "quiet noise": random.normal(0, 2, 20_000), "chirp": chirp,
            "silence": np.zeros(16_000), "short": chirp[:500], "one sample": chirp[5:6],
            "exactly one patch": chirp[:15_600], "one more": chirp[:15_601], "to a hop": chirp[:23_280],
            "full scale": np.where(np.arange(30_000) % 50 < 25, 32767, -32768)}
        whole = {name: np.clip(np.round(samples), -32768, 32767) for name, samples in cases.items()}
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder, name + ".wav") for name in whole]
            for path, samples in zip(paths, whole.values()):
                write(path, samples)
            found = probe(paths)
        for (name, samples), ours in zip(whole.items(), found):
            with self.subTest(name):
                expected = patches_of(samples / 32768.0)
                self.assertEqual(ours.shape, expected.shape)
                difference = np.abs(ours - expected).max()
                print(f"{name}: {len(ours)} patches, largest difference {difference:.1e}")
                self.assertLess(difference, 1e-3)

    def test_resampled_speech_is_close_to_a_transform_of_the_whole(self):
        """8 kHz to 16 kHz beside zeros put into the spectrum of the whole clip, which no filter's edge touches.
        Above 4 kHz there is nothing but what the filters leave."""
        clips = sorted((ASSETS / "fsdd").glob("*/*_7.wav"))
        if not clips:
            self.skipTest(f"no recordings in {ASSETS / 'fsdd'}")
        largest = 0.0
        for clip, ours in zip(clips, probe(clips)):
            with wave.open(str(clip)) as file:
                self.assertEqual((file.getframerate(), file.getnchannels(), file.getsampwidth()), (8000, 1, 2))
                samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768.0
            quiet = np.pad(samples, 4000)
            whole = 2.0 * np.fft.irfft(np.fft.rfft(quiet), 2 * len(quiet))[8000:8000 + 2 * len(samples)]
            difference = np.abs(ours - patches_of(whole))[:, :, :40]  # Bands up to 2.8 kHz.
            largest = max(largest, np.median(difference))
        print(f"{len(clips)} recordings: largest median difference {largest:.1e}")
        self.assertLess(largest, 0.02)


if __name__ == "__main__":
    unittest.main()
