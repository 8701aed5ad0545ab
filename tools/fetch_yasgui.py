# ruff: noqa: INP001 - a script, in no package
"""Fetch YASGUI, the query editor of ``rdfexport serve``, into ``rdfexport/serve/static/yasgui``.

Needs npm. Run with Python, anywhere::

    python tools/fetch_yasgui.py            # writes the files
    python tools/fetch_yasgui.py --check    # compares them with those that are there; exit status 1
                                            # where one differs

What comes is built by its authors; its hash stands here, so that nothing else is shipped. With it
come the licences of all that was built into it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

PACKAGE = "@zazuko/yasgui@4.6.2"
# Its package has no file with the MIT licence that it names; that of the project it continues has.
FORERUNNER = "@triply/yasgui@4.2.28"
# Versions that appeared later are not taken, so that the licences are the same whenever it runs.
AS_OF = "2026-11-18"
FILES = {
    "yasgui.min.js": "55034eaac74c55f55fbd1eeed008ae38a79053651cbed2b453f1fcfd895a4b75",
    "yasgui.min.css": "085b94556b97f9928981bdedb6848fd11ad4d8d950e821f0d698c58ca538fc55",
}
TARGET = Path(__file__).parents[1] / "rdfexport" / "serve" / "static" / "yasgui"


def npm(folder: Path, *arguments: str) -> None:
    command = ["npm", *arguments, "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def licences(modules: Path) -> str:
    """The licence of each package, with its text where the package has it."""
    parts = []
    for file in sorted(modules.rglob("package.json")):
        package = json.loads(file.read_text("utf-8"))
        if "version" not in package or file.parent.parent.name not in {
            modules.name,
            *(scope.name for scope in modules.glob("@*")),
        }:
            continue
        texts = [
            text.read_text("utf-8", "replace").strip()
            for text in sorted(file.parent.iterdir())
            if text.is_file() and text.name.lower().startswith(("licen", "notice", "copying"))
        ]
        licence = package.get("license", "see its page")
        heading = f"{package['name']} {package['version']}: {licence}"
        parts.append("\n\n".join((f"{'=' * 80}\n{heading}", *texts)))
    return "\n\n".join(parts) + "\n"


def reaches_registry() -> bool:
    """Whether there is an npm that reaches a registry."""
    if shutil.which("npm") is None:
        return False
    command = ["npm", "view", PACKAGE, "version", "--fetch-retries=1"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603


def build(folder: Path) -> dict[str, bytes]:
    """Name and content of each file to be shipped, made in a folder that is empty."""
    (folder / "package.json").write_text("{}")
    npm(folder, "install", PACKAGE, f"--before={AS_OF}")
    npm(folder, "pack", FORERUNNER)
    shutil.unpack_archive(next(folder.glob("*.tgz")), folder / "forerunner")
    built = folder / "node_modules" / PACKAGE.rpartition("@")[0] / "build"
    made = {}
    for file, wanted in FILES.items():
        data = (built / file).read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if found != wanted:
            raise SystemExit(f"{file}: SHA-256 {found}, not {wanted}")
        # Source maps are not shipped; a browser would ask for them in vain.
        text = data.decode().partition("\n//# sourceMappingURL=")[0]
        made[file] = text.partition("\n/*# sourceMappingURL=")[0].encode()
    mit = (folder / "forerunner" / "package" / "LICENSE.txt").read_text("utf-8").strip()
    texts = f"{PACKAGE}, a continuation of {FORERUNNER}:\n\n{mit}\n\nBuilt into it:\n\n"
    made["LICENSES.txt"] = (texts + licences(folder / "node_modules")).encode()
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description="Fetch YASGUI into the package.")
    parser.add_argument("--check", action="store_true", help="compare with what is there")
    check = parser.parse_args().check
    if check and not reaches_registry():
        print("SKIPPED: the check of the yasgui bundle: no npm, or no registry that it reaches")
        return
    with tempfile.TemporaryDirectory() as name:
        made = build(Path(name))
    if check:
        shipped = {file.name: file.read_bytes() for file in TARGET.iterdir() if file.is_file()}
        if wrong := [n for n in sorted(made | shipped) if made.get(n) != shipped.get(n)]:
            raise SystemExit(f"{TARGET}: not what npm's package makes: {', '.join(wrong)}")
        print(f"{', '.join(sorted(made))}: as npm's package makes them")
        return
    TARGET.mkdir(parents=True, exist_ok=True)
    for file, data in made.items():
        (TARGET / file).write_bytes(data)


if __name__ == "__main__":
    main()
