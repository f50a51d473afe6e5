"""A linear probe: what a frozen base of ImageNet's weights tells a new head about images it never saw."""

import json
import unittest

from cli_case import CliCase
from assets import ASSETS



@unittest.skipUnless((ASSETS / "cifar10-small").is_dir(), f"no images in {ASSETS / 'cifar10-small'}")
class LinearProbe(CliCase):
    def probe(self, name, weights):
        recipe = {
            "frostline": "recipe/1", "name": name, "seed": 1,
            "data": {"source": "cifar", "path": str(ASSETS / "cifar10-small"), "input_size": 128,
                     "normalize": {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}},
            "model": {"architecture": "mobilenet_v3_small", "head": {}, **weights},
            "layers": [{"match": "*", "trainable": False}, {"match": "classifier", "trainable": True}],
            "optimizer": {"kind": "adam", "learning_rate": 0.001}, "batch_size": 64, "epochs": 15}
        path = self.path / f"{name}.json"
        path.write_text(json.dumps(recipe))
        session, _ = self.train(recipe=path)
        return session

    def test_features_of_imagenet_carry_and_random_ones_do_not(self):
        weights = {"weights": str(ASSETS / "mobilenet_v3_small_3class.safetensors")}
        probed = self.probe("imagenet", weights)
        random = self.probe("random", {})
        accuracies = {name: session["summary"]["best_validation_accuracy"]
                      for name, session in (("imagenet", probed), ("random", random))}
        print(f"2,000 test images: {accuracies}")
        self.assertGreater(accuracies["imagenet"], 0.70)
        self.assertLess(accuracies["random"], 0.45)
        for session in (probed, random):
            for layer in session["layers"]:
                if not layer["path"].startswith("classifier"):
                    self.assertEqual(layer["drift"], 0.0, layer["path"])


if __name__ == "__main__":
    unittest.main()
