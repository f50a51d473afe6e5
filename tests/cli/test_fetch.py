"""Getting weights and data over HTTP, from a server on this machine that does what servers do wrong."""

import fcntl
import gzip
import hashlib
import io
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unittest
import zipfile

from cli_case import CLI, RESOURCES, TRANSFER, CliCase, cli
from fetch_server import Server

INSIDE = "FROSTLINE_TEST_MOUNTS"
CONTENT = random.Random(1).randbytes(300_000)
HALF = 150_000


def sum_of(content):
    return hashlib.sha256(content).hexdigest()


class FetchCase(CliCase):
    def setUp(self):
        super().setUp()
        self.server = Server()
        self.addCleanup(self.server.close)
        self.home = self.path / "home"
        self.catalog = self.path / "catalog.json"
        self.environment = {**os.environ, "XDG_DATA_HOME": str(self.home), "FROSTLINE_CATALOG": str(self.catalog)}
        self.entries = []

    def offer(self, name, content=CONTENT, kind="weights", file=None, **facts):
        """Puts a file on the server and into the catalogue."""
        file = file or (f"{name}.pth" if kind == "weights" else f"{name}.tar.gz")
        self.server.files[file] = content
        listed = {"url": self.server.url(file), "size": len(content), "sha256": sum_of(content), **facts}
        listed = {key: value for key, value in listed.items() if value is not None}
        self.entries.append({"name": name, "kind": kind, "licence": "CC0-1.0", "files": [listed]})
        self.write_catalog()
        return file

    def write_catalog(self):
        self.catalog.write_text(json.dumps({"frostline": "catalog/1", "entries": self.entries}))

    def fetch(self, *arguments):
        return cli("fetch", *arguments, env=self.environment)

    def refused(self, done, says, status=1):
        """One sentence, after what was told of the progress."""
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, "")
        said = [line for line in done.stderr.splitlines() if line.startswith("frostline-cli: ")]
        self.assertEqual(len(said), 1, done.stderr)
        self.assertIn(says, said[0])
        return said[0]

    def weights(self, name="net"):
        return self.home / "frostline/weights" / f"{name}.pth"

    def part(self, name="net"):
        return self.home / f"frostline/weights/.{name}.download/{name}.pth.part"

    def left(self):
        """All files below the data folder."""
        return sorted(str(path.relative_to(self.home)) for path in self.home.rglob("*") if not path.is_dir())


class Downloads(FetchCase):
    def test_done(self):
        self.offer("net")
        done = self.fetch("net")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, f"{self.weights()}\n")
        self.assertIn("weights:net", done.stderr)
        self.assertNotIn("note:", done.stderr)
        self.assertEqual(self.weights().read_bytes(), CONTENT)
        self.assertEqual(self.left(), ["frostline/weights/net.pth"])

    def test_here_already(self):
        self.offer("net")
        self.fetch("net")
        self.server.asked.clear()
        done = self.fetch("net")
        self.assertEqual(done.returncode, 0)
        self.assertIn("here already", done.stderr)
        self.assertEqual(self.server.asked, [])
        done = self.fetch("net", "--force")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.server.asked), 1)
        self.assertEqual(self.left(), ["frostline/weights/net.pth"])

    def test_what_is_here_stays_until_the_new_is_whole(self):
        file = self.offer("net")
        self.fetch("net")
        self.server.answers[file] = lambda request: request.send_error(404)
        self.refused(self.fetch("net", "--force"), "no such file (404)")
        self.assertEqual(self.weights().read_bytes(), CONTENT)

    def test_what_is_here_comes_back_where_the_new_cannot_take_its_place(self):
        self.offer("net")
        self.fetch("net")
        with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
            if os.stat(elsewhere).st_dev == os.stat(self.path).st_dev:
                self.skipTest("both folders lie on one disk")
            self.part().parent.symlink_to(elsewhere)
            self.refused(self.fetch("net", "--force"), f"cannot write {self.weights()}", status=2)
        self.assertEqual(self.weights().read_bytes(), CONTENT)

    def test_resume(self):
        file = self.offer("net")
        self.server.answers[file] = lambda request: request.send(CONTENT, stop_after=HALF)
        said = self.refused(self.fetch("net"), "the connection broke after 150,000 bytes of 300,000 bytes")
        self.assertIn(f"put {self.server.url(file)} (300,000 bytes) there as {self.weights()}", said)
        self.assertEqual(self.part().read_bytes(), CONTENT[:HALF])
        self.assertFalse(self.weights().exists())
        del self.server.answers[file]
        done = self.fetch("net")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.server.asked[-1], (f"/{file}", f"bytes={HALF}-", '"first"'))
        self.assertEqual(self.weights().read_bytes(), CONTENT)
        self.assertEqual(self.left(), ["frostline/weights/net.pth"])

    def test_resume_where_the_server_knows_no_ranges(self):
        file = self.offer("net")
        self.server.answers[file] = lambda request: request.send(CONTENT, stop_after=HALF)
        self.fetch("net")
        self.server.answers[file] = lambda request: request.send(CONTENT, ranges=False)
        done = self.fetch("net")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.server.ranges(), [None, f"bytes={HALF}-"])
        self.assertEqual(self.weights().read_bytes(), CONTENT)

    def test_a_page_in_place_of_the_file(self):
        """What has come is not thrown away for it."""
        file = self.offer("net")
        self.server.answers[file] = lambda request: request.send(CONTENT, stop_after=HALF)
        self.fetch("net")
        self.server.answers[file] = lambda request: request.send(b"try again later", ranges=False)
        self.refused(self.fetch("net"), "it has 15 bytes there, the catalogue says 300,000 bytes")
        self.assertEqual(self.part().read_bytes(), CONTENT[:HALF])

    def test_resume_of_a_file_that_has_changed(self):
        """If-Range: the server sends the new one from its beginning."""
        file = self.offer("net", bytes(len(CONTENT)))
        self.server.answers[file] = lambda request: request.send(CONTENT, tag='"old"', stop_after=HALF)
        self.fetch("net")
        del self.server.answers[file]
        done = self.fetch("net")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.weights().read_bytes(), bytes(len(CONTENT)))

    def test_a_part_that_is_longer_than_the_file(self):
        self.offer("net")
        self.part().parent.mkdir(parents=True)
        self.part().write_bytes(CONTENT + b"more")
        done = self.fetch("net")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.weights().read_bytes(), CONTENT)

    def test_a_part_that_is_the_whole_file(self):
        self.offer("net")
        self.part().parent.mkdir(parents=True)
        self.part().write_bytes(CONTENT)
        self.assertEqual(self.fetch("net").returncode, 0)
        self.assertEqual(self.server.asked, [])
        self.assertEqual(self.weights().read_bytes(), CONTENT)

    def test_a_part_that_is_a_link(self):
        self.offer("net")
        target = self.path / "precious"
        target.write_text("precious")
        self.part().parent.mkdir(parents=True)
        self.part().symlink_to(target)
        self.refused(self.fetch("net"), "cannot write", status=2)
        self.assertEqual(target.read_text(), "precious")

    def test_only_the_first_digits_are_known(self):
        self.offer("net", sha256=None, sha256_prefix=sum_of(CONTENT)[:8], size=None, size_about=299_000)
        done = self.fetch("net")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("note: only the first 8 digits of net.pth's SHA-256 are known", done.stderr)

    def test_no_checksum_is_known(self):
        self.offer("net", sha256=None)
        self.assertIn("no checksum of net.pth is known: only its size was checked", self.fetch("net").stderr)

    def test_to_another_folder(self):
        self.offer("net")
        done = self.fetch("net", "--to", self.path / "elsewhere", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        place = str(self.path / "elsewhere/net.pth")
        self.assertEqual(json.loads(done.stdout),
                         {"name": "net", "place": place, "reference": place, "was_here": False, "notes": []})
        self.assertFalse(self.home.exists())


class Failures(FetchCase):
    def test_wrong_checksum(self):
        file = self.offer("net")
        self.server.files[file] = bytes(len(CONTENT))
        said = self.refused(self.fetch("net"), f"its SHA-256 is {sum_of(bytes(len(CONTENT)))}, expected {sum_of(CONTENT)}")
        self.assertIn("it was removed", said)
        self.assertEqual(self.left(), [])

    def test_wrong_first_digits(self):
        self.offer("net", sha256=None, sha256_prefix="0123456789")
        self.refused(self.fetch("net"), "expected 0123456789...")
        self.assertEqual(self.left(), [])

    def test_another_size(self):
        file = self.offer("net")
        self.server.files[file] = CONTENT + b"more"
        self.refused(self.fetch("net"), "it has 300,004 bytes there, the catalogue says 300,000 bytes")

    def test_more_than_announced(self):
        """A server that does not say how much comes, and does not end."""
        def flood(request):
            request.send_response(200)
            request.end_headers()
            for _ in range(40):
                request.wfile.write(bytes(100_000))
            request.hang_up()
        self.server.answers[self.offer("net")] = flood
        self.refused(self.fetch("net"), "longer than the 300,000 bytes that the catalogue says")
        self.assertLessEqual(self.part().stat().st_size, 300_000)

    def test_less_than_announced(self):
        def short(request):
            request.send_response(200)
            request.end_headers()
            request.wfile.write(CONTENT[:HALF])
            request.hang_up()
        self.server.answers[self.offer("net")] = short
        self.refused(self.fetch("net"), "only 150,000 bytes of 300,000 bytes came")
        self.assertEqual(self.part().read_bytes(), CONTENT[:HALF])

    def test_another_range_than_asked(self):
        file = self.offer("net")
        self.server.answers[file] = lambda request: request.send(CONTENT, stop_after=HALF)
        self.fetch("net")

        def other(request):
            request.send_response(206)
            request.send_header("Content-Range", f"bytes 5-{len(CONTENT) - 1}/{len(CONTENT)}")
            request.send_header("Content-Length", str(len(CONTENT) - 5))
            request.end_headers()
            request.wfile.write(CONTENT[5:])
        self.server.answers[file] = other
        self.refused(self.fetch("net"), "another part of it than was asked for")
        self.assertEqual(self.part().read_bytes(), CONTENT[:HALF])

    def test_statuses(self):
        for status, says in ((404, "no such file (404)"), (403, "does not give it out (403)"),
                             (503, "cannot answer now (503); try again later")):
            with self.subTest(status):
                self.entries.clear()
                self.server.answers[self.offer("net")] = lambda request, code=status: request.send_error(code)
                self.refused(self.fetch("net"), says)
                self.assertFalse(self.weights().exists())

    def test_redirects(self):
        file = self.offer("net")
        self.server.files["moved.pth"] = CONTENT
        self.server.answers[file] = lambda request: request.redirect(self.server.url("moved.pth"))
        self.assertEqual(self.fetch("net").returncode, 0)
        self.assertEqual(self.weights().read_bytes(), CONTENT)
        secret = self.path / "secret"
        secret.write_bytes(CONTENT)
        for address in (f"file://{secret}", "http://example.org/net.pth", "ftp://127.0.0.1/net.pth", "gopher://127.0.0.1/"):
            with self.subTest(address):
                self.server.answers[file] = lambda request, to=address: request.redirect(to)
                self.refused(self.fetch("net", "--force"), "leads to another address, but only https is safe")

    def test_endless_redirects(self):
        file = self.offer("net")
        self.server.answers[file] = lambda request: request.redirect(self.server.url(file))
        self.refused(self.fetch("net"), "it leads from address to address")
        self.assertLess(len(self.server.asked), 20)

    def test_nobody_there(self):
        """What a machine without a network says: what is wanted, and where it belongs."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        self.offer("net", url=f"http://127.0.0.1:{port}/net.pth")
        said = self.refused(self.fetch("net"), "127.0.0.1 is not reached, or refuses the connection")
        self.assertIn(f"by hand: put http://127.0.0.1:{port}/net.pth (300,000 bytes) there as {self.weights()}", said)

    def test_a_server_that_falls_silent(self):
        over = threading.Event()
        self.addCleanup(over.set)

        def silent(request):
            request.send_response(200)
            request.send_header("Content-Length", str(len(CONTENT)))
            request.end_headers()
            request.wfile.write(CONTENT[:HALF])
            request.wfile.flush()
            over.wait(60)
        self.server.answers[self.offer("net")] = silent
        self.refused(self.fetch("net", "--timeout", "1"), "nothing has come for 1 seconds, after 150,000 bytes")
        self.assertEqual(self.part().read_bytes(), CONTENT[:HALF])

    def test_interrupt_keeps_the_part(self):
        go_on = threading.Event()
        self.addCleanup(go_on.set)

        def slow(request):
            request.send_response(200)
            request.send_header("Content-Length", str(len(CONTENT)))
            request.end_headers()
            request.wfile.write(CONTENT[:HALF])
            request.wfile.flush()
            go_on.wait(60)
        file = self.offer("net")
        self.server.answers[file] = slow
        process = subprocess.Popen([CLI, "fetch", "net"], env=self.environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        until = time.monotonic() + 60
        while not self.part().exists() or self.part().stat().st_size < HALF:
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
        self.assertEqual((process.returncode, out), (1, ""), errors)
        self.assertIn("stopped; what has come is kept", errors)
        self.assertEqual(self.part().read_bytes(), CONTENT[:HALF])
        del self.server.answers[file]
        self.assertEqual(self.fetch("net").returncode, 0)
        self.assertEqual(self.server.ranges()[-1], f"bytes={HALF}-")
        self.assertEqual(self.weights().read_bytes(), CONTENT)

    def test_interrupt_while_a_large_file_is_read_again(self):
        """A part, and a whole file of an earlier try: of a size that takes half an hour to read."""
        size = 4_000_000_000_000
        self.offer("net", size=size)
        for file in (self.part(), self.part().with_suffix("")):
            with self.subTest(file.name):
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("wb") as out:
                    out.truncate(size)
                process = subprocess.Popen([CLI, "fetch", "net"], env=self.environment, text=True,
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                self.addCleanup(process.kill)
                self.wait_until_open(process, file)
                process.send_signal(signal.SIGINT)
                _, errors = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 1)
                self.assertIn("stopped; what has come is kept", errors)

    def wait_until_open(self, process, file):
        until = time.monotonic() + 60
        while all(os.path.realpath(each) != str(file) for each in pathlib.Path(f"/proc/{process.pid}/fd").iterdir()):
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)

    def test_two_at_once(self):
        """The second one does not write into the part of the first."""
        go_on = threading.Event()
        self.addCleanup(go_on.set)

        def slow(request):
            request.send_response(200)
            request.send_header("Content-Length", str(len(CONTENT)))
            request.end_headers()
            request.wfile.write(CONTENT[:HALF])
            request.wfile.flush()
            go_on.wait(60)
            request.wfile.write(CONTENT[HALF:])
        self.server.answers[self.offer("net")] = slow
        process = subprocess.Popen([CLI, "fetch", "net"], env=self.environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        until = time.monotonic() + 60
        while not self.part().exists() or self.part().stat().st_size < HALF:
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)
        self.refused(self.fetch("net"), "is being written by another program", status=2)
        go_on.set()
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(self.weights().read_bytes(), CONTENT)


class Archives(FetchCase):
    def tar(self, members):
        """(name, bytes or a TarInfo's changes) as tar.gz."""
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            for name, content in members:
                info = tarfile.TarInfo(name)
                if isinstance(content, dict):
                    for key, value in content.items():
                        setattr(info, key, value)
                    archive.addfile(info)
                else:
                    info.size = len(content)
                    archive.addfile(info, io.BytesIO(content))
        return out.getvalue()

    def offer_tar(self, members, **facts):
        return self.offer("set", self.tar(members), "data", **{"unpack": "tar.gz", "unpacked_at_most": 100_000, **facts})

    @property
    def place(self):
        return self.home / "frostline/datasets/set"

    def nothing_came(self, done, says):
        self.refused(done, says, status=2)
        self.assertEqual(self.left(), [])
        self.assertEqual([str(path) for path in self.path.rglob("*evil*")], [])

    def test_done(self):
        self.offer_tar([("top/", {"type": tarfile.DIRTYPE}), ("top/one.txt", b"1"), ("./top/deep/two.txt", b"22"),
                        ("README", b"not wanted")], folder="top")
        done = self.fetch("set")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, f"{self.place}\n")
        self.assertIn("dataset:set", done.stderr)
        self.assertEqual(self.left(), ["frostline/datasets/set/deep/two.txt", "frostline/datasets/set/one.txt"])
        self.assertEqual((self.place / "deep/two.txt").read_bytes(), b"22")

    def test_zip_and_gzip(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("top/one.txt", "1" * 1000)
        for file, content, facts, expected in (
                ("set.zip", packed.getvalue(), {"unpack": "zip"}, "top/one.txt"),
                ("one.txt.gz", gzip.compress(b"1" * 1000), {"unpack": "gz"}, "one.txt")):
            with self.subTest(file):
                self.entries.clear()
                self.offer("set", content, "data", file, unpacked_at_most=1000, **facts)
                self.assertEqual(self.fetch("set", "--force").returncode, 0)
                self.assertEqual(self.left(), [f"frostline/datasets/set/{expected}"])
                self.assertEqual((self.place / expected).read_bytes(), b"1" * 1000)

    def test_several_files(self):
        for name in ("a.gz", "b.gz"):
            self.server.files[name] = CONTENT
        files = [{"url": self.server.url(name), "size": len(CONTENT), "sha256": sum_of(CONTENT)} for name in ("a.gz", "b.gz")]
        self.entries.append({"name": "set", "kind": "data", "licence": "CC0-1.0", "files": files})
        self.write_catalog()
        self.server.answers["b.gz"] = lambda request: request.send(CONTENT, stop_after=HALF)
        self.refused(self.fetch("set"), "the connection broke after 150,000")
        self.assertFalse(self.place.exists())
        del self.server.answers["b.gz"]
        self.assertEqual(self.fetch("set").returncode, 0)
        self.assertEqual([path for path, *_ in self.server.asked], ["/a.gz", "/b.gz", "/b.gz"])
        self.assertEqual(self.left(), ["frostline/datasets/set/a.gz", "frostline/datasets/set/b.gz"])

    def test_two_at_once(self):
        """What one unpacks is not removed by another that finds the download whole."""
        file = self.offer_tar([("one.txt", b"1")])
        downloads = self.home / "frostline/datasets/.set.download"
        downloads.mkdir(parents=True)
        (downloads / file).write_bytes(self.server.files[file])
        half = self.home / "frostline/datasets/.set.unpacked/half.txt"
        half.parent.mkdir()
        half.write_text("half")
        descriptor = os.open(downloads, os.O_RDONLY)
        self.addCleanup(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self.refused(self.fetch("set"), f"{downloads} is being written by another program", status=2)
        self.assertTrue(half.exists())
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        self.assertEqual(self.fetch("set").returncode, 0)
        self.assertEqual(self.left(), ["frostline/datasets/set/one.txt"])

    def test_a_plain_file_beside_a_bad_archive_comes_once(self):
        self.server.files.update({"a.txt": CONTENT, "b.tar.gz": b"no archive" * 100})
        files = [{"url": self.server.url("a.txt"), "size": len(CONTENT), "sha256": sum_of(CONTENT)},
                 {"url": self.server.url("b.tar.gz"), "size": 1000, "unpack": "tar.gz", "unpacked_at_most": 1000}]
        self.entries.append({"name": "set", "kind": "data", "licence": "CC0-1.0", "files": files})
        self.write_catalog()
        for _ in range(2):
            self.refused(self.fetch("set"), "cannot be unpacked", status=2)
        self.assertEqual([path for path, *_ in self.server.asked], ["/a.txt", "/b.tar.gz", "/b.tar.gz"])

    def test_names_that_lead_out(self):
        for name, says in (("../evil", "leads out of its folder"), ("top/../../evil", "leads out of its folder"),
                           (str(self.path / "evil"), "is an absolute path"), ("..", "leads out of its folder")):
            with self.subTest(name):
                self.entries.clear()
                self.offer_tar([("good.txt", b"good"), (name, b"evil")])
                self.nothing_came(self.fetch("set"), says)

    def test_links_and_devices(self):
        outside = self.path / "outside"
        outside.mkdir()
        for kind, target, says in ((tarfile.SYMTYPE, str(outside), "is a link"), (tarfile.LNKTYPE, "good.txt", "is a link"),
                                   (tarfile.FIFOTYPE, "", "neither a file nor a folder"),
                                   (tarfile.CHRTYPE, "", "neither a file nor a folder")):
            with self.subTest(kind):
                self.entries.clear()
                self.offer_tar([("good.txt", b"good"), ("way", {"type": kind, "linkname": target}), ("way/evil", b"evil")])
                self.nothing_came(self.fetch("set"), says)
                self.assertEqual(list(outside.iterdir()), [])

    def test_a_link_in_a_zip(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            info = zipfile.ZipInfo("way")
            info.create_system = 3
            info.external_attr = 0o120777 << 16
            archive.writestr(info, "/etc")
        self.offer("set", packed.getvalue(), "data", "set.zip", unpack="zip", unpacked_at_most=1000)
        self.nothing_came(self.fetch("set"), "is a link")

    def test_bombs(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("evil", bytes(50_000_000))
        for file, content, packing in (("set.tar.gz", self.tar([("evil", bytes(50_000_000))]), "tar.gz"),
                                       ("set.zip", packed.getvalue(), "zip"),
                                       ("evil.gz", gzip.compress(bytes(50_000_000)), "gz")):
            with self.subTest(packing):
                self.entries.clear()
                self.offer("set", content, "data", file, unpack=packing, unpacked_at_most=1_000_000)
                self.nothing_came(self.fetch("set"), "more than 1000000 bytes come out of it")

    def test_a_file_twice(self):
        self.offer_tar([("evil", b"1"), ("evil", b"2")])
        self.nothing_came(self.fetch("set"), '"evil" is in it twice')

    def test_damaged(self):
        whole = self.tar([("evil", CONTENT[:90_000])])
        for content, says in ((whole[:len(whole) // 2], "cannot be unpacked"), (b"no archive" * 100, "cannot be unpacked"),
                              (gzip.compress(b"no tar" * 1000), "cannot be unpacked")):
            with self.subTest(len(content)):
                self.entries.clear()
                self.offer("set", content, "data", unpack="tar.gz", unpacked_at_most=100_000)
                self.nothing_came(self.fetch("set"), says)

    def test_the_wanted_folder_is_not_there(self):
        self.offer_tar([("other/evil", b"1")], folder="top")
        self.nothing_came(self.fetch("set"), 'no folder "top" is in it')

    def test_an_interrupted_unpacking_leaves_nothing_half(self):
        """What an earlier one left is not taken for a part of the new one."""
        self.offer_tar([("one.txt", b"1")])
        left = self.home / "frostline/datasets/.set.unpacked"
        left.mkdir(parents=True)
        (left / "half.txt").write_text("half")
        self.assertEqual(self.fetch("set").returncode, 0)
        self.assertEqual(self.left(), ["frostline/datasets/set/one.txt"])


class Catalogue(FetchCase):
    def test_list(self):
        self.offer("net")
        self.offer("set", b"x", "data", unpack="tar.gz", unpacked_at_most=1)
        self.fetch("net")
        rows = json.loads(self.fetch("--list", "--json").stdout)
        self.assertEqual([(row["name"], row["kind"], row["bytes"], row["licence"], row["here"]) for row in rows],
                         [("net", "weights", len(CONTENT), "CC0-1.0", str(self.weights())), ("set", "data", 1, "CC0-1.0", None)])
        text = self.fetch("--list").stdout.splitlines()
        self.assertEqual(text[1].split(), ["net", "weights", "0.3", "MB", "here", "CC0-1.0"])
        self.assertEqual(text[2].split(), ["set", "data", "0.0", "MB", "-", "CC0-1.0"])

    def test_the_shipped_one(self):
        self.catalog.write_text("not this one")
        done = self.fetch("--list", "--json", "--catalog", RESOURCES / "catalog.json")
        names = [row["name"] for row in json.loads(done.stdout)]
        for name in ("resnet18", "vgg16_bn", "mobilenet_v3_small", "cifar-10", "mnist", "fashion-mnist"):
            self.assertIn(name, names)

    def test_usage(self):
        self.offer("resnet18")
        self.assertRefused(self.fetch("resnet-18"), 'did you mean "resnet18"?')
        self.assertRefused(self.fetch(), "fetch needs NAME, or --list")
        self.assertRefused(self.fetch("resnet18", "--catalog", self.path / "none.json"), "No such file")

    def test_catalogues_that_are_refused(self):
        good = {"url": "https://host/net.pth", "size": 1}
        for entry, says in (
                ({"name": "../net"}, "/entries/0/name: expected a name of letters"),
                ({"files": [{**good, "file": "../net.pth"}]}, "/entries/0/files/0/file: expected a name"),
                ({"files": [{**good, "url": "http://host/net.pth"}]}, "only https is safe"),
                ({"files": [{**good, "url": "file:///etc/passwd"}]}, "only https is safe"),
                ({"files": [{**good, "url": "https://user@host/net.pth"}]}, "expected an address such as https://"),
                ({"files": [{"url": "https://host/net.pth"}]}, 'either "size" or "size_about" is needed'),
                ({"files": [{**good, "sha256": "abc"}]}, "expected 64 hexadecimal digits"),
                ({"files": [good, {**good, "file": "b.pth"}]}, "weights are one file"),
                ({"kind": "data", "files": [{**good, "unpack": "tar.gz"}]}, "the bytes that come out at most"),
                ({"licence": ""}, "/entries/0/licence: a text is needed"),
                ({"licens": "MIT"}, 'did you mean "licence"?')):
            with self.subTest(says):
                self.entries = [{"name": "net", "kind": "weights", "licence": "MIT", "files": [good], **entry}]
                self.write_catalog()
                self.assertRefused(self.fetch("net"), says)

    def test_recipes_say_what_is_missing(self):
        self.offer("net")
        self.offer("set", b"x", "data", unpack="tar.gz", unpacked_at_most=1, folder="top")
        wanted = {"model.weights": "weights:net", "data.path": "dataset:set"}
        for key, reference in wanted.items():
            with self.subTest(key):
                name = reference.split(":")[1]
                done = cli("train", TRANSFER, "--set", f'{key}="{reference}"', "--out", self.path, env=self.environment)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn("not found: looked for", done.stderr)
                self.assertIn(f'"frostline-cli fetch {name}" gets it', done.stderr)
                self.assertIn(self.entries[0 if name == "net" else 1]["files"][0]["url"], done.stderr)
        self.assertIn(f"there as {self.weights()}", cli("train", TRANSFER, "--set", 'model.weights="weights:net"',
                                                       env=self.environment).stderr)
        for reference, says in (("weights:nett", 'did you mean "net"?'), ("weights:../net", "expected a name of the catalogue")):
            done = cli("train", TRANSFER, "--set", f'model.weights="{reference}"', env=self.environment)
            self.assertEqual(done.returncode, 2)
            self.assertIn(says, done.stderr)

    def test_a_recipe_uses_what_was_fetched(self):
        """The shipped base's weights, as if they came from outside."""
        content = (RESOURCES / "weights/fashion-clothes-convnet.safetensors").read_bytes()
        self.offer("clothes", content, file="clothes.safetensors")
        self.assertEqual(self.fetch("clothes").returncode, 0)
        done = cli("train", TRANSFER, "--set", 'model.weights="weights:clothes"', "--epochs", "1", "--steps", "2",
                   "--threads", "1", "--out", self.path / "sessions", env=self.environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        recipe = json.loads((pathlib.Path(done.stdout.splitlines()[-1]) / "session.json").read_text())["recipe"]
        self.assertEqual(recipe["model"]["weights"], "weights:clothes")


class FullDisk(FetchCase):
    def setUp(self):
        super().setUp()
        if INSIDE not in os.environ:
            self.skipTest("this machine lets nobody mount a small disk, not even in a namespace of its own")
        self.home.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", self.home], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.home], check=False)

    def test_too_small_from_the_start(self):
        self.offer("net", bytes(2_000_000))
        self.refused(self.fetch("net"), "net.pth needs 2,000,000 bytes, but the disk of", status=2)
        self.assertEqual(self.server.asked, [])

    def test_full_on_the_way(self):
        file = self.offer("net", bytes(700_000))

        def fills(request):
            request.send_response(200)
            request.send_header("Content-Length", "700000")
            request.end_headers()
            with (self.home / "filler").open("wb") as filler:
                filler.write(bytes(600_000))
            request.wfile.write(bytes(700_000))
        self.server.answers[file] = fills
        self.refused(self.fetch("net"), "No space left on device", status=2)
        self.assertFalse(self.weights().exists())
        (self.home / "filler").unlink()
        del self.server.answers[file]
        done = self.fetch("net")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.weights().read_bytes(), bytes(700_000))

    def test_full_while_unpacking(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            info = tarfile.TarInfo("large")
            info.size = 3_000_000
            archive.addfile(info, io.BytesIO(bytes(3_000_000)))
        self.offer("set", out.getvalue(), "data", unpack="tar.gz", unpacked_at_most=3_000_000)
        self.refused(self.fetch("set"), "No space left on device", status=2)
        self.assertEqual(self.left(), ["frostline/datasets/.set.download/set.tar.gz"])


def enter_own_mounts():
    """Runs this file again where it may mount without anybody noticing."""
    for command in (["unshare", "-m"], ["unshare", "-Urm"]):
        if subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0:
            os.execvpe(command[0], [*command, sys.executable, *sys.argv], {**os.environ, INSIDE: "1"})


if __name__ == "__main__":
    if INSIDE not in os.environ:
        enter_own_mounts()
    unittest.main()
