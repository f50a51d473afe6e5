"""What `export` writes is read back with a parser of its own: TFRecord, CRC-32C and protobuf's wire format."""

import csv
import datetime
import json
import math
import pathlib
import shutil
import struct
import unittest

import numpy as np

from cli_case import CliCase, cli

SHORT = ["--set", "data.validation.limit=20", "--epochs", "3"]


def crc32c(data):
    """Bit by bit, as the polynomial is defined."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    """The bytes of each record; both checksums have to be right."""
    while data:
        length, length_crc = struct.unpack("<QI", data[:12])
        assert masked(data[:8]) == length_crc, "checksum of a length"
        record = data[12 : 12 + length]
        (crc,) = struct.unpack("<I", data[12 + length : 16 + length])
        assert masked(record) == crc, "checksum of a record"
        yield record
        data = data[16 + length :]


def varint(data, place):
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place


def fields(data):
    """(number, value) of each field of a message."""
    place = 0
    while place < len(data):
        key, place = varint(data, place)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, place = varint(data, place)
        elif kind == 1:
            value, place = struct.unpack("<d", data[place : place + 8])[0], place + 8
        elif kind == 2:
            length, place = varint(data, place)
            value, place = data[place : place + length], place + length
        elif kind == 5:
            value, place = struct.unpack("<f", data[place : place + 4])[0], place + 4
        else:
            raise AssertionError(f"wire type {kind}")
        yield number, value


def events(file):
    """(wall time, step, file version or None, {tag: value}) of each event."""
    for record in records(file.read_bytes()):
        wall_time, step, version, scalars = 0.0, 0, None, {}
        for number, value in fields(record):
            if number == 1:
                wall_time = value
            elif number == 2:
                step = value
            elif number == 3:
                version = value.decode()
            elif number == 5:
                for inner, scalar in fields(value):
                    assert inner == 1
                    one = dict(fields(scalar))
                    assert set(one) == {1, 2}, one
                    scalars[one[1].decode()] = one[2]
            else:
                raise AssertionError(f"field {number}")
        yield wall_time, step, version, scalars


def expected(session):
    """{(tag, step): value} as session.json has them."""
    values = {}
    steps = session["steps"]
    for place, step in enumerate(steps["step"]):
        for series in ("loss", "accuracy", "learning_rate", "sparsity"):
            values[f"train/{series}", step] = steps[series][place]
    for epoch in session["epochs"]:
        values["train/epoch_loss", epoch["step"]] = epoch["train"]["loss"]
        values["train/epoch_accuracy", epoch["step"]] = epoch["train"]["accuracy"]
        for series in ("loss", "accuracy"):
            values[f"validation/{series}", epoch["step"]] = epoch["validation"][series]
        for layer in epoch["layers"]:
            for series in ("drift", "gradient_norm", "sparsity"):
                values[f"layers/{layer['path']}/{series}", epoch["step"]] = layer[series]
    return values


class Export(CliCase):
    def exported(self, folder):
        done = cli("export", folder, "--tensorboard", self.path / "board")
        self.assertEqual(done.returncode, 0, done.stderr)
        return pathlib.Path(done.stdout.strip())

    def assertSameScalars(self, file, session):
        found = {}
        for _, step, version, scalars in list(events(file))[1:]:
            self.assertIsNone(version)
            for tag, value in scalars.items():
                self.assertNotIn((tag, step), found)
                found[tag, step] = value
        wanted = expected(session)
        self.assertEqual(set(found), set(wanted))
        for place, value in wanted.items():
            if value is None:
                self.assertTrue(math.isnan(found[place]), place)
            else:
                self.assertEqual(np.float32(found[place]), np.float32(value), place)
        return found

    def test_checksum_is_the_one_of_its_definition(self):
        self.assertEqual(crc32c(b"123456789"), 0xE3069283)

    def test_event_file_holds_every_scalar_of_the_session(self):
        session, folder = self.train(*SHORT, "--at", "4:sparsity:*=0.5")
        file = self.exported(folder)
        created = datetime.datetime.fromisoformat(session["created"].replace("Z", "+00:00")).timestamp()
        self.assertEqual(file.name, f"events.out.tfevents.{int(created)}.{session['id']}")
        everything = list(events(file))
        self.assertEqual(everything[0], (created, 0, "brain.Event:2", {}))
        times = [wall_time for wall_time, *_ in everything]
        self.assertEqual(times, sorted(times))
        self.assertAlmostEqual(times[-1], created + session["steps"]["seconds"][-1], places=3)
        found = self.assertSameScalars(file, session)
        self.assertEqual(len(session["epochs"]), 3)
        self.assertGreater(found["train/sparsity", 4], 0.0)
        self.assertEqual(found["train/sparsity", 3], 0.0)

    def test_what_is_not_a_number_is_written_as_such(self):
        session, folder = self.train(*SHORT)
        session["steps"]["loss"][2] = None
        session["epochs"][0]["validation"]["loss"] = None
        (folder / "session.json").write_text(json.dumps(session))
        found = self.assertSameScalars(self.exported(folder), session)
        self.assertTrue(math.isnan(found["train/loss", 2]))

    def test_table_has_a_row_for_each_step(self):
        session, folder = self.train(*SHORT)
        done = cli("export", folder, "--csv", self.path / "steps.csv")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.path / "steps.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([float(row["loss"]) for row in rows], session["steps"]["loss"])
        self.assertEqual([int(row["step"]) for row in rows], session["steps"]["step"])
        for epoch in session["epochs"]:
            row = rows[epoch["step"] - 1]
            self.assertEqual(float(row["validation_accuracy"]), epoch["validation"]["accuracy"])
        self.assertEqual(sum(row["validation_loss"] != "" for row in rows), 3)

    def test_a_strange_id_stays_in_the_folder(self):
        session, folder = self.train(*SHORT, "--steps", "2")
        session["id"] = "../../outside"
        (folder / "session.json").write_text(json.dumps(session))
        self.assertEqual(self.exported(folder).parent, self.path / "board")

    def test_wrong_use_is_refused(self):
        self.assertRefused(cli("export", self.path / "none", "--csv", self.path / "x.csv"), "not a session's folder")
        _, folder = self.train(*SHORT, "--steps", "2")
        self.assertRefused(cli("export", folder), "--tensorboard FOLDER")
        (self.path / "file").write_text("in the way")
        self.assertRefused(cli("export", folder, "--tensorboard", self.path / "file"), "cannot make folder")
        shutil.rmtree(folder)
        self.assertRefused(cli("export", folder, "--csv", self.path / "x.csv"), "not a session's folder")


if __name__ == "__main__":
    unittest.main()
