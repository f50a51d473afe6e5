"""Every shipped recipe, the catalogue, and a session fresh from a run, against the shipped schemas."""

import json
import unittest

import jsonschema

from cli_case import RESOURCES, CliCase
from idx_data import make_images


def validator(name):
    """The schemas name each other by file name."""
    documents = {path.name: json.loads(path.read_text()) for path in (RESOURCES / "schemas").glob("*.json")}
    for document in documents.values():
        jsonschema.Draft202012Validator.check_schema(document)
    resolver = jsonschema.RefResolver("", documents[name], store=documents)
    return jsonschema.Draft202012Validator(documents[name], resolver=resolver)


class Schemas(CliCase):
    def test_shipped_recipes(self):
        recipes = sorted((RESOURCES / "recipes").glob("*.json"))
        self.assertTrue(recipes)
        for path in recipes:
            with self.subTest(path.name):
                validator("recipe.schema.json").validate(json.loads(path.read_text()))

    def test_shipped_catalogue(self):
        catalog = json.loads((RESOURCES / "catalog.json").read_text())
        validator("catalog.schema.json").validate(catalog)
        catalog["entries"][0]["files"][0]["url"] = "http://example.org/net.pth"
        with self.assertRaises(jsonschema.ValidationError):
            validator("catalog.schema.json").validate(catalog)

    def test_fresh_session(self):
        session, _ = self.train("--epochs", "1", "--set", "data.validation.limit=20", "--at", "2:sparsity:head*=0.5")
        validator("session.schema.json").validate(session)
        self.assertEqual(list(session)[-1], "steps")

    def test_fresh_session_of_a_task_without_accuracy(self):
        recipe = self.path / "trial.json"
        recipe.write_text(json.dumps({
            "frostline": "recipe/1", "name": "trial", "model": {"architecture": "autoencoder"}, "epochs": 1,
            "data": {"path": str(make_images(self.path / "images")), "task": "reconstruction"}}))
        validator("recipe.schema.json").validate(json.loads(recipe.read_text()))
        session, _ = self.train(recipe=recipe)
        validator("session.schema.json").validate(session)
        self.assertIn("psnr", session["epochs"][0]["validation"])

    def test_a_misspelt_key_does_not_pass(self):
        recipe = json.loads((RESOURCES / "recipes/fashion-transfer.json").read_text())
        recipe["optimizer"]["learnin_rate"] = recipe["optimizer"].pop("learning_rate")
        with self.assertRaises(jsonschema.ValidationError):
            validator("recipe.schema.json").validate(recipe)


if __name__ == "__main__":
    unittest.main()
