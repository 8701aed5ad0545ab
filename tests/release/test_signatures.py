"""Releases that are signed with OpenSSH: who made this one, and is it what was signed?"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from rdfexport.release.folder import write_sums
from support.forging import GMT, NQUADS, ROOT, VERSION, files, signed
from support.netcommands import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.records import Outcome

SIGNATURE = "SHA256SUMS.sig"
LATER = "20261210"

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen (OpenSSH) is not installed"
)


class Keys(NamedTuple):
    """A key, and a list of signers that has it; a key that no list has."""

    key: Path
    signers: Path
    other: Path


def keygen(*words: object) -> None:
    subprocess.run(["ssh-keygen", "-q", *map(str, words)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ours", "other"):
        keygen("-t", "ed25519", "-N", "", "-C", "", "-f", folder / name)
    signers = folder / "allowed_signers"
    public = (folder / "ours.pub").read_text().strip()
    signers.write_text(f'releases@example.org namespaces="rdfexport-release" {public}\n')
    return Keys(folder / "ours", signers, folder / "other")


@pytest.fixture(scope="module")
def root(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of signed releases."""
    from click.testing import CliRunner  # noqa: PLC0415

    from rdfexport.cli import main  # noqa: PLC0415

    out = tmp_path_factory.mktemp("signed")
    words = ["release", str(ROOT / "examples"), "--version", VERSION, "--out", str(out), "-q"]
    result = CliRunner().invoke(main, [*words, "--jobs", "1", "--sign", str(keys.key)])
    assert result.exit_code == 0, result.stderr
    return out / "pfocr"


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(root / VERSION, tmp_path / VERSION))


@pytest.fixture
def url(copy: Path) -> Iterator[str]:
    with serving(copy.parent) as port:
        yield f"http://127.0.0.1:{port}/{VERSION}/"


def forged(folder: Path) -> Path:
    """Change a file, and make its checksums again."""
    with (folder / GMT).open("a") as file:
        file.write("PMC1__F1\tTitle\t1\n")
    return signed(folder)


def test_it_is_said_who_signed(root: Path, keys: Keys, run: Callable[..., Outcome]) -> None:
    for name in (VERSION, "current"):
        outcome = run("verify", root / name, "--no-shacl", "--jobs", "1", "--signers", keys.signers)
        assert outcome.code == 0, outcome.stdout
        last = outcome.stdout.splitlines()[-1]
        words = last.split()
        assert words[:4] == ["signature", "by", "releases@example.org", "(ED25519"]
        assert words[-1] == "ok"
        assert last.endswith("ok")


def test_without_signers_nothing_is_taken_for_checked(
    root: Path, run: Callable[..., Outcome]
) -> None:
    outcome = run("verify", root / VERSION, "--no-shacl", "--jobs", "1")
    assert outcome.code == 0
    assert outcome.stdout.splitlines()[-1].split()[:3] == ["signature", "signed;", "--signers"]
    assert not outcome.stdout.rstrip().endswith("ok")


def unsigned(folder: Path, _keys: Keys) -> None:
    (folder / SIGNATURE).unlink()


def by_another(folder: Path, keys: Keys) -> None:
    sign(folder, keys.other)


def of_something_else(folder: Path, keys: Keys) -> None:
    sign(folder, keys.key, namespace="file")


def damaged(folder: Path, _keys: Keys) -> None:
    (folder / SIGNATURE).write_text("-----BEGIN SSH SIGNATURE-----\nAAAA\n")


def large(folder: Path, _keys: Keys) -> None:
    (folder / SIGNATURE).write_bytes(b"x" * 10**6)


def of_other_sums(folder: Path, _keys: Keys) -> None:
    forged(folder)


def sign(folder: Path, key: Path, namespace: str = "rdfexport-release") -> None:
    (folder / SIGNATURE).unlink()
    keygen("-Y", "sign", "-f", key, "-n", namespace, folder / "SHA256SUMS")


@pytest.mark.parametrize(
    "change", [unsigned, by_another, of_something_else, damaged, large, of_other_sums]
)
def test_what_is_not_signed_by_one_of_the_list_is_not_sound(
    change: Callable[[Path, Keys], None],
    copy: Path,
    keys: Keys,
    run: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    change(copy, keys)
    checked = ("--signers", keys.signers)
    outcome = run("verify", copy, "--no-shacl", "--jobs", "1", *checked)
    assert outcome.code == 1
    assert f"\n{SIGNATURE}: " in outcome.stdout
    # What would read it does not.
    calls = (
        ("load", copy, "--store", tmp_path / "store"),
        ("site", copy, "--base-url", "https://example.org/", "--out", tmp_path / "site"),
        ("submit", copy, "--to", f"fdp-static:{tmp_path / 'fdp'}"),
        ("release", ROOT / "examples", "--version", LATER, "--out", tmp_path, "--previous", copy),
    )
    for call in calls:
        outcome = run(*call, *checked)
        assert outcome.code == 2, (call, outcome)
        assert SIGNATURE in outcome.stderr, call
    assert not any((tmp_path / name).exists() for name in ("store", "site", "fdp"))
    assert not (tmp_path / "pfocr" / LATER).exists()


def test_what_is_signed_is_read(
    copy: Path, url: str, keys: Keys, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    checked = ("--signers", keys.signers)
    for number, place in enumerate((copy, url)):
        store, out = tmp_path / f"store{number}", tmp_path / f"out{number}"
        assert run("load", place, "--store", store, "-q", *checked).code == 0
        call = ("release", ROOT / "examples", "--version", LATER, "--out", out, "-q")
        outcome = run(*call, "--previous", place, "--jobs", "1", *checked)
        assert outcome.code == 0, outcome.stderr
    assert run("verify", url, "--no-shacl", "--jobs", "1", *checked).code == 0
    for number, place in enumerate((copy, url, f"{url}/")):
        out = tmp_path / f"site{number}"
        outcome = run("site", place, "--base-url", "https://example.org/", "--out", out, *checked)
        assert outcome.code == 0, outcome.stderr
        assert files(out) == files(tmp_path / "site0")
        to = f"fdp-static:{tmp_path / f'fdp{number}'}"
        assert run("submit", place, "--to", to, *checked).code == 0
        assert files(tmp_path / f"fdp{number}") == files(tmp_path / "fdp0")


def test_a_file_that_is_not_what_was_signed(
    copy: Path, url: str, keys: Keys, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    """The signature is right, and the list of checksums; a file is another."""
    (copy / NQUADS).write_bytes(b"")
    checked = ("--signers", keys.signers)
    for place in (copy, url):
        outcome = run("load", place, "--store", tmp_path / "store", *checked)
        assert outcome.code == 2
        assert NQUADS in outcome.stderr
    call = ("release", ROOT / "examples", "--version", LATER, "--out", tmp_path)
    for place in (copy, url):
        outcome = run(*call, "--previous", place, *checked)
        assert outcome.code == 2
    for call in (
        ("submit", copy, "--to", f"fdp-static:{tmp_path / 'fdp'}", *checked),
        ("submit", url, "--to", f"fdp-static:{tmp_path / 'fdp'}", *checked),
        ("submit", url, "--to", f"fdp-static:{tmp_path / 'fdp'}"),
        ("site", url, "--base-url", "https://e.org/", "--out", tmp_path / "site", *checked),
        ("site", url, "--base-url", "https://e.org/", "--out", tmp_path / "site"),
    ):
        outcome = run(*call)
        assert outcome.code == 2, call
        assert f"{call[1]}/{NQUADS}".replace("0//", "0/") in outcome.stderr
    assert not any((tmp_path / name).exists() for name in ("fdp", "site"))


def test_facts_that_are_not_what_was_signed(
    copy: Path, url: str, keys: Keys, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    """Quads and facts agree with each other, but not with the list that was signed."""
    sums = (copy / "SHA256SUMS").read_bytes()
    facts = copy / "release.json"
    facts.write_text(facts.read_text().replace('"figures": 7', '"figures": 8'))
    signed(copy)
    (copy / "SHA256SUMS").write_bytes(sums)
    call = ("release", ROOT / "examples", "--version", LATER, "--out", tmp_path)
    outcome = run(*call, "--previous", url, "--signers", keys.signers)
    assert outcome.code == 2
    assert "release.json: is not the file that was signed" in outcome.stderr


def test_a_key_that_cannot_sign_makes_no_release(
    keys: Keys, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    call = ("release", ROOT / "examples", "--version", VERSION, "--out", tmp_path)
    outcome = run(*call, "--sign", keys.signers)
    assert outcome.code == 2
    assert f"--sign {keys.signers}" in outcome.stderr
    assert not (tmp_path / "pfocr" / VERSION).exists()


def test_signers_without_a_release(keys: Keys, run: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<a:a> <a:a> <a:a> .\n")
    for call in (
        ("load", tmp_path / "a.nt", "--store", tmp_path / "store"),
        ("release", ROOT / "examples", "--version", VERSION, "--out", tmp_path),
    ):
        outcome = run(*call, "--signers", keys.signers)
        assert outcome.code == 2
        assert "--signers" in outcome.stderr


def test_the_signature_is_not_among_the_checksums(root: Path) -> None:
    for name in (VERSION, "current"):
        assert SIGNATURE in files(root / name)
        before = (root / name / "SHA256SUMS").read_bytes()
        assert SIGNATURE.encode() not in before
        write_sums(root / name)
        assert (root / name / "SHA256SUMS").read_bytes() == before
