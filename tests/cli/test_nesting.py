"""RDF of others that is nested so deep that a parser would end the process."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest

from rdfexport.limits import MAX_NESTING
from rdfexport.untrusted.parsing import parse
from support.paths import GOLDEN, ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DEEP: Final = 40_000
F = ox.RdfFormat
PACKAGE = ROOT / "rdfexport"
# Our own text, or a query's answer of our own store, is parsed there.
OWN: Final = {"untrusted/parsing.py", "validate/report.py", "validate/targets.py", "serve"}


def term(depth: int, between: str = "") -> str:
    return f"<<( <a:a> <a:a> {between}" * depth + "<a:a>" + " )>>" * depth


def statement(depth: int, between: str = "") -> str:
    return f"<a:a> <a:a> {term(depth, between)}"


def xml(depth: int) -> str:
    one = '<rdf:Description rdf:about="a:a"><a:p rdf:parseType="Triple">'
    last = '<rdf:Description rdf:about="a:a"><a:p rdf:resource="a:a"/></rdf:Description>'
    end = "</a:p></rdf:Description>"
    names = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="a:"'
    return f'<rdf:RDF {names} rdf:version="1.2">{one * depth}{last}{end * depth}</rdf:RDF>'


TEXTS: Final = {
    "nt": statement(DEEP) + " .\n",
    "nq": statement(DEEP) + " <a:g> .\n",
    "ttl": statement(DEEP, "\n") + " .\n",
    "trig": f"<a:g> {{ {statement(DEEP)} }}\n",
    "rdf": xml(DEEP),
    "graph.jsonld": '{"@id": "a:a", "a:a": ' * DEEP + '"x"' + "}" * DEEP,
}


def command(*words: object) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "rdfexport", *map(str, words)]
    return subprocess.run(call, capture_output=True, text=True, check=False, timeout=100)


@pytest.mark.parametrize("ending", TEXTS)
def test_no_command_is_ended_by_a_deep_text(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"deep.{ending}"
    path.write_text(TEXTS[ending])
    shapes = ("--shapes", path) if ending == "ttl" else ()
    calls: Sequence[tuple[object, ...]] = [
        ("validate", path),
        ("load", path, "--graph", "a:g", "--store", tmp_path / "store"),
        *([("validate", GOLDEN, *shapes)] if shapes else []),
    ]
    for call in calls:
        done = command(*call)
        assert done.returncode in {1, 2}, (call, done)
        assert str(path) in done.stderr + done.stdout
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("form", [F.N_TRIPLES, F.N_QUADS, F.TURTLE, F.TRIG])
@pytest.mark.parametrize("is_file", [False, True])
def test_the_limit_is_exact_and_the_line_is_named(form: ox.RdfFormat, *, is_file: bool) -> None:
    def read(text: str) -> int:
        source = io.BytesIO(text.encode()) if is_file else text
        return sum(1 for _ in parse(source, form))

    fine = statement(MAX_NESTING) + " .\n"
    assert read(fine * 100) == 100
    with pytest.raises(SyntaxError, match="nested more than 64 deep") as caught:
        read(fine + "\n" + statement(MAX_NESTING + 1) + " .\n")
    assert caught.value.lineno == 3


@pytest.mark.parametrize(
    "between",
    [
        "# )>>\n",
        "\n# \" )>> '\n",
        "<a:\\u0023> )>>",
        '"""\n )>> " )>> """ )>> <<( <a:a> <a:a> ',
        "<a:#>\n",
        "'' ",
    ],
)
def test_nothing_hides_the_depth(between: str) -> None:
    """What looks like an end, but stands in a comment, an IRI or a text, is none."""
    text = statement(DEEP, between).encode() + b" .\n"
    code = (
        "import io, sys, pyoxigraph as ox\n"
        "from rdfexport.untrusted.parsing import parse\n"
        "data = sys.stdin.buffer.read()\n"
        "for source in (data, io.BytesIO(data)):\n"
        "    try:\n"
        "        list(parse(source, ox.RdfFormat.TURTLE))\n"
        "    except SyntaxError as error:\n"
        "        print('refused')\n"
    )
    call = [sys.executable, "-c", code]
    done = subprocess.run(call, input=text, capture_output=True, check=True, timeout=100)
    assert done.stdout.split() == [b"refused", b"refused"]


def test_texts_that_only_look_deep_are_read() -> None:
    many = "<<( " * 500
    texts = (
        f'<a:a> <a:a> "{many}" .\n',
        f'<a:a> <a:a> """{many}\n"{many}""" .\n' * 3,
        f"# {many}\n<a:a> <a:a> <a:a> .\n",
        f"<a:a> <a:a> '''{many} \\''' \n{many}''' .\n",
        f"<a:{'<<('.replace('<', '')}> <a:a> 'it', \"{many}\" .\n",
        "".join(f"{statement(2)} .\n" for _ in range(500)),
    )
    for text in texts:
        expected = sum(1 for _ in ox.parse(text, format=F.TURTLE))
        assert sum(1 for _ in parse(text, F.TURTLE)) == expected
        assert sum(1 for _ in parse(io.BytesIO(text.encode()), F.TURTLE)) == expected


def test_long_texts_cross_the_blocks_in_which_a_file_is_read() -> None:
    filler = "x <<( )>> \n" * 150_000
    text = f'<a:a> <a:a> """{filler}""" .\n' * 2 + statement(MAX_NESTING) + " .\n"
    assert sum(1 for _ in parse(io.BytesIO(text.encode()), F.TURTLE)) == 3


def test_others_parse_nothing_of_others() -> None:
    """RDF is parsed through ``rdfexport.untrusted.parsing`` alone."""
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        if name in OWN or name.partition("/")[0] in OWN:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert (node.value.id, node.attr) != ("ox", "parse"), name
