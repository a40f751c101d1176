"""The walls stand in pyproject.toml and are held by import-linter; here is what it can't see."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def layers() -> set[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    lines = next(each["layers"] for each in contracts if each["type"] == "layers")
    return {name.strip() for line in lines for name in line.replace("|", ":").split(":")}


def modules() -> set[str]:
    """Everything directly inside the two packages: modules, and packages that hold any code."""
    found = set()
    for package in ("onboarding", "temporal_app"):
        for path in (ROOT / package).iterdir():
            if path.suffix == ".py" and path.stem != "__init__":
                found.add(f"{package}.{path.stem}")
            elif path.is_dir() and any(each.name != "__init__.py" for each in path.rglob("*.py")):
                found.add(f"{package}.{path.name}")
    return found


def test_every_module_stands_in_a_layer():
    """Mutant: a module `onboarding/shortcuts.py` that stands in no layer could import anything."""
    assert modules() <= layers()


def test_init_files_stay_empty():
    """Code in them runs on every import and hides where a name comes from. Django needs one exception."""
    filled = {
        str(path.relative_to(ROOT))
        for package in ("onboarding", "temporal_app")
        for path in (ROOT / package).rglob("__init__.py")
        if path.read_text().strip()
    }
    assert filled <= {"onboarding/models/__init__.py"}


def test_files_can_be_read_in_one_sitting():
    """Above 300 lines a file wants splitting by noun. Migrations are written by a machine."""
    long = {
        str(path.relative_to(ROOT)): count
        for package in ("onboarding", "temporal_app")
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and (count := len(path.read_text().splitlines())) > 300
    }
    assert long == {}
