"""`make tour`: starts a demo of its own, walks through it, and makes the pictures of docs/tour.md again."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.stack import Stack
from tests.tour.camera import Camera
from tests.tour.walk import walk

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "tour"


def main() -> int:
    """The old pictures stay until all new ones are there. Exit code 0, or 1 with what is missing."""
    if not CHROMIUM.exists():
        sys.stderr.write(f"There is no Chromium at {CHROMIUM}; CHROMIUM says where it is.\n")
        return 1
    with tempfile.TemporaryDirectory() as fresh:
        camera = Camera(Path(fresh))
        with Stack() as stack:
            sys.stdout.write("Making the people and cases of the demo.\n")
            stack.manage("demo", "seed")
            people = json.loads(stack.manage("demo", "people", "--json"))
            tour(stack.base_url, {each["email"]: each["password"] for each in people}, camera)
        FOLDER.mkdir(exist_ok=True)
        for old in FOLDER.glob("*.png"):
            old.unlink()
        for name in camera.taken:
            shutil.move(Path(fresh) / f"{name}.png", FOLDER)
    sys.stdout.write(f"{len(camera.taken)} pictures are in {FOLDER}.\n")
    return 0


def tour(base_url: str, passwords: Mapping[str, str], camera: Camera) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        walk(browser, base_url, passwords, camera)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
