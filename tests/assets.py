"""Where the real weights and data for tests lie. Tests that need them skip where they are not."""

import os
import pathlib

ASSETS = pathlib.Path(os.environ.get("FROSTLINE_TEST_ASSETS",
                                     pathlib.Path(__file__).resolve().parents[2] / "shared" / "assets"))
