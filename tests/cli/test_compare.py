"""`compare`: text, CSV, JSON and the page, of sessions that were really trained."""

import csv
import html.parser
import io
import json
import re
import shutil
import tempfile
import pathlib
import unittest
import xml.etree.ElementTree as ElementTree

from cli_case import CliCase, cli

SHORT = ["--set", "data.validation.limit=20", "--epochs", "3"]
HOSTILE = "<script>alert('x')</script> & \"more\" </title>\x1b[31m"
VOID = {"meta", "wbr"}


class Page(html.parser.HTMLParser):
    """Notes the elements, the text outside the style sheet, and whether every element is closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.text, self.headings = [], [], "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)
        if "style" not in self.open:
            self.text += data


class Compare(CliCase):
    @classmethod
    def setUpClass(cls):
        """Three that differ in seed and in what a hand did; the last has a hostile name."""
        cls.shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.shared.cleanup)
        case = cls()
        case.path = pathlib.Path(cls.shared.name)
        cls.trained = [
            case.train(*SHORT),
            case.train(*SHORT, "--set", "seed=2"),
            case.train(*SHORT, "--set", "optimizer.learning_rate=3e-4", "--at", "8:trainable:block4=on",
                       "--at", "20:trainable:block4.norm=off", "--at", "20:statistics:block4.norm=updating",
                       "--at", f"12:note={HOSTILE}"),
        ]
        session, folder = cls.trained[2]
        session["name"], session["notes"], session["colour"] = HOSTILE, HOSTILE, "red;}</style>"
        session["parent"] = {"id": cls.trained[0][0]["id"], "step": 8}
        (folder / "session.json").write_text(json.dumps(session))
        cls.folders = [folder for _, folder in cls.trained]
        cls.sessions = [session for session, _ in cls.trained]

    def compare(self, *arguments):
        done = cli("compare", *self.folders, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def page(self):
        self.compare("--html", self.path / "report.html")
        return (self.path / "report.html").read_text(encoding="utf-8")

    def test_text_has_figures_and_differences(self):
        text = self.compare()
        self.assertTrue(text.isprintable() or not set(text) & {chr(c) for c in range(32)} - {"\n"}, "control characters")
        best = [session["summary"]["best_validation_accuracy"] for session in self.sessions]
        self.assertIn(f"{100 * best[2]:.2f}", text)
        if best[2] != best[0]:
            self.assertIn(f"{100 * (best[2] - best[0]):+.2f}", text)
        self.assertRegex(text, r"seed +1 +2 +1\n")
        self.assertRegex(text, r"optimizer.learning_rate +0.001 +0.001 +0.0003\n")
        self.assertRegex(text, r"3  block4\.conv\n +steps 8 to 29: trainable, in 1 frozen\n")
        self.assertRegex(text, r"3  block4\.norm\n +steps 8 to 19: trainable, in 1 frozen\n"
                               r" +steps 20 to 29: statistics only, in 1 frozen\n")
        self.assertRegex(text, r"1  .*\n    3  .*, from step 8\n")
        self.assertIn("sessions 1, 2\n", text)

    def test_csv_is_read_back(self):
        rows = list(csv.DictReader(io.StringIO(self.compare("--csv"), newline="")))
        self.assertEqual([row["id"] for row in rows], [session["id"] for session in self.sessions])
        self.assertEqual(rows[2]["name"], HOSTILE)
        self.assertEqual(rows[2]["parent_step"], "8")
        for row, session in zip(rows, self.sessions):
            self.assertEqual(float(row["last_loss"]), session["summary"]["last_validation"]["loss"])
            self.assertEqual(float(row["best_accuracy"]), session["summary"]["best_validation_accuracy"])
            self.assertEqual(int(row["steps"]), session["summary"]["steps"])
            self.assertEqual(float(row["optimizer.learning_rate"]), session["recipe"]["optimizer"]["learning_rate"])
        self.assertEqual([row["seed"] for row in rows], ["1", "2", "1"])
        self.assertNotIn("batch_size", rows[0])

    def trainable_share(self, session, changes):
        """Worked out step by step: which leaf trained in which step, over all."""
        leaves = {layer["path"]: layer["parameters"] for layer in session["layers"] if layer["leaf"] and layer["parameters"]}
        on = {path: path.startswith("head") for path in leaves}
        trained = 0
        for step in range(session["summary"]["steps"]):
            for at, path, value in changes:
                if at == step:
                    on.update({leaf: value for leaf in leaves if leaf == path or leaf.startswith(path + ".")})
            trained += sum(leaves[path] for path in leaves if on[path])
        return trained / sum(leaves.values()) / session["summary"]["steps"]

    def test_json_has_shares_and_groups(self):
        report = json.loads(self.compare("--json"))
        shares = [row["trainable_share"] for row in report["sessions"]]
        changes = [(8, "block4", True), (20, "block4.norm", False)]
        self.assertAlmostEqual(shares[0], self.trainable_share(self.sessions[0], []), places=12)
        self.assertAlmostEqual(shares[2], self.trainable_share(self.sessions[2], changes), places=12)
        self.assertEqual(report["sessions"][0]["difference"]["steps"], 0)
        self.assertEqual([group["sessions"] for group in report["seed_groups"]], [[s["id"] for s in self.sessions[:2]]])
        losses = [session["summary"]["last_validation"]["loss"] for session in self.sessions[:2]]
        spread = report["seed_groups"][0]["last_loss"]
        self.assertAlmostEqual(spread["mean"], sum(losses) / 2, places=12)
        self.assertAlmostEqual(spread["deviation"], abs(losses[0] - losses[1]) / 2**0.5, places=12)
        self.assertEqual([row["depth"] for row in report["branches"]], [0, 1, 0])

    def test_page_stands_alone(self):
        text = self.page()
        page = Page(text)
        self.assertEqual(page.open, [])
        tags = [tag for tag, _ in page.elements]
        for tag in ("script", "link", "img", "iframe", "object", "image", "use", "foreignobject"):
            self.assertNotIn(tag, tags)
        for _, attributes in page.elements:
            self.assertFalse({"href", "src", "xlink:href"} & set(attributes), attributes)
            self.assertFalse([name for name in attributes if name.startswith("on")], attributes)
        self.assertEqual(set(re.findall(r"https?://[^\s\"'<]+", text)), {"http://www.w3.org/2000/svg"})
        self.assertNotIn("@import", text)
        self.assertEqual(set(re.findall(r"url\(([^)]*)\)", text)), {"#hatch-3"})
        self.assertIn("prefers-color-scheme: dark", text)
        for heading in ("Figures", "Curves", "What was frozen when", "Settings that differ", "Branches"):
            self.assertIn(heading, page.headings)

    def test_names_and_notes_are_only_text(self):
        text = self.page()
        page = Page(text)
        self.assertGreaterEqual(page.text.count(HOSTILE.replace("\x1b", "\ufffd")), 3)
        self.assertNotIn("alert('x')</script>", text)
        self.assertNotIn("\x1b", text)
        self.assertNotIn("red;}", text)
        self.assertEqual(text.count("</style>"), 1)

    def test_pictures_are_well_formed_and_show_every_session(self):
        pictures = [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", self.page(), re.DOTALL)]
        space = "{http://www.w3.org/2000/svg}"
        charts = {svg.get("aria-label"): svg for svg in pictures if svg.get("class") == "chart"}
        strips = [svg for svg in pictures if svg.get("class") == "strip"]
        self.assertEqual(len(strips), 3)
        for svg in [charts["Loss"], charts["Accuracy"]]:
            for run in ("r1", "r2", "r3"):
                group = [g for g in svg.iter(space + "g") if g.get("class") == f"run {run}"]
                styles = [path.get("class") for g in group for path in g.findall(space + "path")]
                self.assertEqual(sorted(styles), ["dashed", "thin"])
            marks = [g.find(space + "title").text for g in svg.iter(space + "g") if "mark" in g.get("class")]
            self.assertIn("3  step 8: trainable:block4=on", marks)
            self.assertIn("step", [text.text for text in svg.iter(space + "text")])
        points = charts["Accuracy"].find(f".//{space}path[@class='thin']").get("d").split("L")
        self.assertEqual(len(points), self.sessions[0]["summary"]["steps"])
        rows = [text.text for text in strips[2].iter(space + "text") if text.get("class") == "layer"]
        self.assertEqual(rows[-1], "head.1")
        titles = [rect.findtext(space + "title") for rect in strips[2].iter(space + "rect")]
        self.assertIn("block4.norm: statistics only in steps 20 to 29", titles)
        self.assertIn("Validation accuracy over seeds", charts)
        dots = charts["Best validation accuracy over trainable share"].findall(f".//{space}circle[@class='point']")
        self.assertEqual(len(dots), 3)

    def test_long_curves_are_thinned_but_keep_their_extremes(self):
        shutil.copytree(self.folders[0], self.path / "long")
        session = json.loads((self.path / "long" / "session.json").read_text())
        count = 100_000
        series = session["steps"]
        series.update({name: [0.5] * count for name in series})
        series["step"] = list(range(count))
        series["epoch"] = [1] * count
        series["seconds"] = [float(step) for step in range(count)]
        series["loss"][51_234] = 0.875
        (self.path / "long" / "session.json").write_text(json.dumps(session))
        done = cli("compare", self.path / "long", self.folders[1], "--html", self.path / "report.html")
        self.assertEqual(done.returncode, 0, done.stderr)
        text = (self.path / "report.html").read_text()
        self.assertLess(len(text), 400_000)
        loss = re.search(r'aria-label="Loss".*?class="raw" d="(.*?)"', text).group(1).split("L")
        self.assertLess(len(loss), 4100)
        heights = [float(place.split()[1]) for place in loss]
        self.assertEqual(sum(height != heights[0] for height in heights), 1, "the one loss that sticks out")
        self.assertLess(min(heights), heights[0])
        means = re.search(r'aria-label="Loss".*?class="thin" d="(.*?)"', text).group(1).split("L")
        self.assertEqual(len(means), 160)

    def test_wrong_use_is_refused(self):
        self.assertRefused(cli("compare"), "two or more")
        self.assertRefused(cli("compare", self.folders[0]), "two or more")
        self.assertRefused(cli("compare", self.folders[0], self.path / "none"), "not a session's folder")
        self.assertRefused(cli("compare", *self.folders, "--csv", "--json"), "excludes")
        self.assertRefused(cli("compare", *self.folders, "--html", self.path / "none" / "x.html"), "cannot write", status=2)


if __name__ == "__main__":
    unittest.main()
