"""Exports by the workers of a cluster, from and to stores: the same files as on one machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.exceptions
import fsspec
import pytest

import rdfexport
from rdfexport import remote
from rdfexport.errors import BusyError, RemoteError
from rdfexport.pipeline.executor.tasks import RECORDS_AT_ONCE
from support.clusters import S3_SETTINGS, Cluster, cluster, s3_server
from support.records import Collection, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.records import Outcome

RECORDS = 160
ROUTINE = {".rdfexport-cache", ".rdfexport-export", ".rdfexport-files"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection that makes many tasks, some of whose records are faulty."""
    made = Collection(tmp_path_factory.mktemp("source"))
    for number in range(RECORDS):
        figid = f"PMC{number + 1}__f{number}"
        form = "current" if number % 2 else "legacy"
        text = record_text(form, figid)
        if number % 40 == 7:
            text = text.replace("pmcid: PMC", "pmcid: none")
        tables = {"genes": table_text("genes"), "chemicals": table_text("chemicals")}
        made.add(figid, text, **(tables if form == "current" else {}))
    return made.root


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory, s3: str) -> Iterator[Cluster]:
    """Two workers that stay."""
    with cluster(tmp_path_factory.mktemp("nodes"), 2, AWS_ENDPOINT_URL=s3, **S3_SETTINGS) as made:
        yield made


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with (
        s3_server(tmp_path_factory.mktemp("s3")) as address,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in {**S3_SETTINGS, "AWS_ENDPOINT_URL": address}.items():
            patch.setenv(name, value)
        yield address


@pytest.fixture
def bucket(s3: str, request: pytest.FixtureRequest) -> str:
    """A new, empty bucket."""
    assert s3
    name = "b" + "".join(c for c in request.node.name.lower() if c.isalnum())[:50]
    store().mkdir(name)
    return f"s3://{name}"


def store() -> Any:
    return fsspec.filesystem("s3", skip_instance_cache=True, use_listings_cache=False)


def words(*args: object) -> tuple[object, ...]:
    return ("export", *args, "--quiet", "--date", "2026-11-10", "--compat", "wikipathways")


def begin(made: Cluster, source: Path, out: Path) -> subprocess.Popen[bytes]:
    """Begin an export by a cluster into a shared folder."""
    arguments = words(source, "--out", f"file://{out}", "--layout", "files")
    engine = ("--engine", "dask", "--scheduler", made.scheduler)
    command = [sys.executable, "-m", "rdfexport", *map(str, arguments), *engine]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ROUTINE
    }


def objects(url: str) -> dict[str, bytes]:
    path = url.removeprefix("s3://")
    there = store()
    contents = {name[len(path) + 1 :]: there.cat_file(name) for name in there.find(path)}
    return {name: data for name, data in contents.items() if name not in ROUTINE}


def graphs(contents: dict[str, bytes]) -> dict[str, bytes]:
    """All but what names the records' own files."""
    return {name: data for name, data in contents.items() if not name.endswith(".jsonl")}


@pytest.fixture(scope="module")
def local(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The same export by this machine, made once for each set of options."""
    known: dict[tuple[object, ...], Path] = {}

    def export(*options: object) -> Path:
        if options not in known:
            out = tmp_path_factory.mktemp("local")
            command = [sys.executable, "-m", "rdfexport", *words(source, "--out", out, *options)]
            done = subprocess.run(list(map(str, command)), check=False, capture_output=True)
            assert done.returncode == 1, done.stderr.decode()
            known[options] = out
        return known[options]

    return export


@pytest.mark.parametrize(
    "options",
    [
        ("--layout", "shards"),
        ("--layout", "files"),
        ("--layout", "shards", "--compress", "zst", "--format", "nquads", "--no-validate"),
    ],
    ids=["shards", "files", "zst"],
)
def test_records_of_this_machine_go_to_workers_with_the_tasks(
    options: tuple[str, ...],
    nodes: Cluster,
    source: Path,
    local: Callable[..., Path],
    run_process: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    engine = ("--engine", "dask", "--scheduler", nodes.scheduler)
    outcome = run_process(*words(source, "--out", f"file://{out}", *options, *engine))
    assert outcome.code == 1  # some records are faulty, here as there
    assert files(out) == files(local(*options))


def test_workers_read_a_store_and_write_into_it(
    nodes: Cluster,
    source: Path,
    local: Callable[..., Path],
    run_process: Callable[..., Outcome],
    bucket: str,
) -> None:
    store().put(f"{source}/", f"{bucket}/in/", recursive=True)
    options = ("--layout", "shards")
    engine = ("--engine", "dask", "--scheduler", nodes.scheduler)
    outcome = run_process(*words(f"{bucket}/in", "--out", f"{bucket}/out", *options, *engine))
    assert outcome.code == 1
    made, same = objects(f"{bucket}/out"), files(local(*options))
    assert graphs(made) == graphs(same)
    # The reports differ by where the records were.
    for name in ("rejected.jsonl", "warnings.jsonl"):
        assert made[name].decode().replace(f"{bucket}/in", str(source)) == same[name].decode()


def test_processes_of_this_machine_write_into_a_store_and_replace_what_was_there(
    source: Path,
    local: Callable[..., Path],
    run_process: Callable[..., Outcome],
    bucket: str,
) -> None:
    files_options, shards_options = ("--layout", "files"), ("--layout", "shards")
    for options in (files_options, shards_options):
        outcome = run_process(
            *words(source, "--out", f"{bucket}/o", "--jobs", 2, *options), "--verbose"
        )
        assert outcome.code == 1
        assert objects(f"{bucket}/o") == files(local(*options))


@pytest.mark.parametrize("kind", ["record", "archive", "figures", "nameless"])
def test_each_kind_of_source_is_found_in_a_store(
    kind: str,
    run: Callable[..., Outcome],
    bucket: str,
    tmp_path: Path,
) -> None:
    collection = Collection(tmp_path / "records")
    collection.add("PMC1__a", record_text(figid="PMC1__a"), genes=table_text("genes"))
    here: Path = collection.root
    there = f"{bucket}/c"
    store().put(f"{here}/", f"{there}/", recursive=True)
    if kind == "record":
        there = f"{there}/_figures/PMC1__a.md"
        here = here / "_figures" / "PMC1__a.md"
    elif kind == "figures":
        there, here = f"{there}/_figures", here / "_figures"
    elif kind == "archive":
        archive = shutil.make_archive(str(tmp_path / "packed"), "zip", here)
        there, here = f"{bucket}/packed.zip", Path(archive)
        store().put_file(archive, there)
    else:
        there = f"{bucket}/PMC1"
        store().put_file(str(here / "_figures" / "PMC1__a.md"), there)
        here = tmp_path / "PMC1"
        shutil.copyfile(tmp_path / "records" / "_figures" / "PMC1__a.md", here)
        # Without a name, or with no table beside it, a record has no tables.
        here.write_bytes(here.read_bytes())
    if kind == "nameless":
        assert run(*words("-", "--out", tmp_path / "1"), stdin=here.read_bytes()).code == 0
    else:
        assert run(*words(here, "--out", tmp_path / "1")).code == 0
    assert run(*words(there, "--out", tmp_path / "2")).code == 0
    assert graphs(files(tmp_path / "2")) == graphs(files(tmp_path / "1"))
    assert b"56717" in files(tmp_path / "2")["core/PMC1__a.ttl"] or kind == "nameless"


@pytest.mark.parametrize("moment", range(3))
def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(
    moment: int,
    source: Path,
    local: Callable[..., Path],
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    options = ("--layout", "files")
    with cluster(tmp_path / "nodes", 2) as made:
        process = begin(made, source, out)
        wait_for(lambda: len(list(out.glob("core/*.ttl"))) > 20 * moment)
        made.end(made.workers[0])
        if moment == 2:
            made.end(made.workers[1])
            made.add_worker()
        _, said = process.communicate(timeout=120)
    assert process.returncode == 1, said.decode()
    assert files(out) == files(local(*options))


def test_an_export_that_was_killed_is_told_from_a_whole_one_and_done_again(
    nodes: Cluster,
    source: Path,
    local: Callable[..., Path],
    run_process: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    command = [
        *words(source, "--out", f"file://{out}", "--layout", "files"),
        *("--engine", "dask", "--scheduler", nodes.scheduler),
    ]
    process = begin(nodes, source, out)
    wait_for(lambda: any(out.glob("core/*.ttl")))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (out / "index.tsv").exists()
    (out / "core" / "PMC1__f0.ttl.0123.partial").write_text("what a worker left half")
    assert run_process(*command).code == 1
    assert files(out) == files(local("--layout", "files"))


SECONDS_FOR_A_TASK = 5.0


def test_a_worker_of_an_earlier_export_does_not_spoil_a_later_one(
    source: Path, run_process: Callable[..., Outcome], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    later = words(source, "--out", f"file://{out}", "--layout", "files", "--data-version", "2")
    with cluster(tmp_path / "nodes", 1) as made:
        process = begin(made, source, out)
        wait_for(lambda: any(out.glob("core/*.ttl")))
        made.workers[0].send_signal(signal.SIGSTOP)
        try:
            assert run_process(*later).code == 2  # the first one is alive
            process.kill()
            process.communicate(timeout=120)
            assert run_process(*later).code == 1
        finally:
            made.workers[0].send_signal(signal.SIGCONT)
        time.sleep(SECONDS_FOR_A_TASK)
    alone = tmp_path / "alone"
    run_process(*words(source, "--out", alone, "--layout", "files", "--data-version", "2"))
    made_now, wanted = files(out), files(alone)
    assert made_now.keys() == wanted.keys()
    # A store has no lock: where the worker was stopped while it put a task's files, they are old.
    old = {Path(name).name.partition(".")[0] for name in wanted if made_now[name] != wanted[name]}
    assert len(old) <= RECORDS_AT_ONCE


def test_workers_link_by_the_tables_of_the_one_who_asks(
    run_process: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    collection = Collection(tmp_path / "records")
    disease = "LPS\tmesh:C536528\tVan der Woude syndrome\tVan der Woude\tNA\n"
    collection.add(
        "PMC1__a", record_text(figid="PMC1__a"), diseases=table_text("diseases", disease)
    )
    given = tmp_path / "given"
    given.mkdir()
    terms = "".join(
        f"[Term]\nid: DOID:{9000000 + n}\nname: disease {n}\nxref: MESH:C{536528 + n}\n\n"
        for n in range(12_000)
    )
    (given / "doid.obo").write_text(f"format-version: 1.2\ndata-version: 2026-11-01\n\n{terms}")
    monkeypatch.setenv("RDFEXPORT_CACHE", str(tmp_path / "own"))
    updated = run_process("references", "update", "--only", "doid", "--from", given)
    assert updated.code == 0, updated.stderr
    options = ("--format", "nquads", "--layout", "files")
    assert run_process(*words(collection.root, "--out", tmp_path / "1", *options)).code == 0
    assert b"DOID_9000000" in b"".join(files(tmp_path / "1").values())
    with cluster(tmp_path / "nodes", 1, RDFEXPORT_CACHE=str(tmp_path / "theirs")) as made:
        # A copy of the tables that is not where it was: as on another machine.
        engine = ("--engine", "dask", "--scheduler", made.scheduler)
        there = f"file://{tmp_path / '2'}"
        (tmp_path / "own").rename(tmp_path / "mine")
        monkeypatch.setenv("RDFEXPORT_CACHE", str(tmp_path / "mine"))
        outcome = run_process(*words(collection.root, "--out", there, *options, *engine))
    assert outcome.code == 0, outcome.stderr
    assert files(tmp_path / "2") == files(tmp_path / "1")


def test_a_worker_with_another_program_is_refused(
    source: Path, run_process: Callable[..., Outcome], tmp_path: Path
) -> None:
    package = Path(rdfexport.__file__).parent
    other = tmp_path / "other"
    shutil.copytree(
        package, other / "rdfexport", ignore=shutil.ignore_patterns("__pycache__", "references")
    )
    shutil.copytree(package / "references", other / "rdfexport" / "references")
    shutil.copytree(
        package / "data" / "references",
        other / "rdfexport" / "data" / "references",
        dirs_exist_ok=True,
    )
    with (other / "rdfexport" / "graph" / "mapper.py").open("a") as file:
        file.write("\n# another one\n")
    out = tmp_path / "out"
    with cluster(tmp_path / "nodes", 1, PYTHONPATH=str(other)) as made:
        engine = ("--engine", "dask", "--scheduler", made.scheduler)
        outcome = run_process(*words(source, "--out", f"file://{out}", *engine))
    assert outcome.code == 2
    assert "the workers have another rdfexport" in outcome.stderr
    assert not (out / "index.tsv").exists()


def test_a_strict_export_stops_at_the_first_fault(
    nodes: Cluster, source: Path, run_process: Callable[..., Outcome], tmp_path: Path
) -> None:
    engine = ("--engine", "dask", "--scheduler", nodes.scheduler, "--strict")
    outcome = run_process(*words(source, "--out", f"file://{tmp_path / 'out'}", *engine))
    assert outcome.code == 1
    assert "pmcid" in outcome.stderr
    assert not (tmp_path / "out" / "index.tsv").exists()


def test_an_interrupt_ends_it_and_withdraws_its_tasks(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with cluster(tmp_path / "nodes", 1) as made:
        process = begin(made, source, out)
        wait_for(lambda: any(out.glob("core/*.ttl")))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        assert process.returncode == 130
        assert "Traceback" not in said.decode()
        time.sleep(2)
        done = set(out.glob("core/*.ttl"))
        time.sleep(2)
        assert set(out.glob("core/*.ttl")) == done


def test_a_cluster_without_workers_is_told_of_and_waited_for(
    collection: Collection, tmp_path: Path
) -> None:
    collection.add()
    out = tmp_path / "out"
    with cluster(tmp_path / "nodes", 0) as made:
        process = begin(made, collection.root, out)
        wait_for((out / ".rdfexport-export").exists)
        time.sleep(2)
        assert process.poll() is None
        made.add_worker()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "has no worker yet" in said.decode()
    assert (out / "index.tsv").exists()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--out", "{t}/o", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9"), "as a URL"),
        (("--out", "file://{t}/o", "--engine", "dask"), "name a --scheduler"),
        (
            ("--out", "file://{t}/o", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9"),
            "no scheduler answers",
        ),
        (("--out", "file://{t}/o", "--engine", "dask", "--scheduler", "nonsense://x"), "nonsense"),
        (
            ("--out", "file://{t}/o", "--engine", "dask", "--scheduler", "tls://127.0.0.1:9"),
            "no scheduler answers",
        ),
        (("--out", "file:///"), "name a folder or file in full"),
        (("--out", "file://rel"), "name a folder or file in full"),
        (("--out", "s3://"), "name a folder or file in full"),
        (("--out", "file://{t}/o", "--watch"), "only for a folder of this machine"),
        (("--out", "gs://bucket/o"), "needs one more package: "),
        (("--out", "sftp://host/o"), "not a store that can be written to"),
        (("--out", "file:///proc/o"), "/proc/o: cannot be written to"),
    ],
    ids=[
        "folder",
        "nobody",
        "nowhere",
        "nonsense",
        "tls",
        "root",
        "relative",
        "bucket",
        "watch",
        "package",
        "scheme",
        "unwritable",
    ],
)
def test_calls_that_cannot_be_done(
    options: tuple[str, ...],
    problem: str,
    collection: Collection,
    run_process: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "2s")
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    collection.add()
    given = [option.format(t=tmp_path) for option in options]
    outcome = run_process("export", collection.root, *given, "--quiet")
    assert outcome.code == 2, outcome.stderr
    assert problem in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not (tmp_path / "o").exists() or not (tmp_path / "o" / "index.tsv").exists()


@pytest.mark.parametrize(
    "source",
    ["file://{t}/none", "simplecache::file://{t}", "memory://x", "FILE://{t}", "sftp://h/x"],
)
def test_sources_that_are_not_there_or_not_to_be_opened(
    source: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    Collection(tmp_path).add()
    outcome = run("export", source.format(t=tmp_path), "--out", tmp_path / "o")
    assert outcome.code == 2
    assert "no such file" in outcome.stderr


def test_a_folder_that_holds_something_else_is_left_alone(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add()
    out = tmp_path / "out"
    (out / "core").mkdir(parents=True)
    (out / "core" / "mine.ttl").write_text("mine")
    outcome = run("export", collection.root, "--out", f"file://{out}")
    assert outcome.code == 2
    assert "is not empty, and holds no export" in outcome.stderr
    assert files(out) == {"core/mine.ttl": b"mine"}


def test_what_others_put_beside_an_export_stays(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add()
    out = tmp_path / "out"
    assert run(*words(collection.root, "--out", f"file://{out}")).code == 0
    (out / "notes").mkdir()
    (out / "notes" / "mine.txt").write_text("mine")
    (out / "core" / "PMC9__old.ttl").write_text("of an earlier export")
    assert run(*words(collection.root, "--out", f"file://{out}")).code == 0
    assert files(out)["notes/mine.txt"] == b"mine"
    assert not (out / "core" / "PMC9__old.ttl").exists()


def test_an_object_that_cannot_be_read_is_rejected_and_the_rest_is_exported(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add("PMC1__a")
    collection.add("PMC2__b")
    big = collection.add("PMC3__c")
    with big.open("ab") as file:
        file.truncate(200 * 1024**2)
    (collection.root / "_figures" / "PMC4__d.md").symlink_to(tmp_path / "gone")
    url = f"file://{collection.root}"
    outcome = run("export", url, "--out", tmp_path / "out", "--quiet")
    assert outcome.code == 2
    lines = (tmp_path / "out" / "rejected.jsonl").read_text().splitlines()
    rejected = [json.loads(line) for line in lines]
    assert {Path(line["file"]).stem for line in rejected} == {"PMC3__c", "PMC4__d"}
    index = (tmp_path / "out" / "index.tsv").read_text().splitlines()[1:]
    assert [line.partition("\t")[0] for line in index] == ["PMC1__a", "PMC2__b"]


def test_a_store_that_fails_ends_the_export_and_drops_no_record(
    collection: Collection,
    run_process: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    collection.add()
    for name, value in S3_SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    for words_ in (("s3://b/in", "--out", tmp_path / "o"), (collection.root, "--out", "s3://b/o")):
        outcome = run_process("export", *words_, "--quiet")
        assert outcome.code == 2
        assert "s3://b/" in outcome.stderr
        assert "Traceback" not in outcome.stderr
        assert S3_SETTINGS["AWS_SECRET_ACCESS_KEY"] not in outcome.stderr


def test_a_folder_that_cannot_be_listed_is_not_passed_over(
    collection: Collection,
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    collection.add()
    files = fsspec.get_filesystem_class("file")
    listed = files.ls

    def ls(self: Any, path: str, *args: Any, **options: Any) -> Any:
        if path.endswith("_figures"):
            raise PermissionError(13, "Permission denied")
        return listed(self, path, *args, **options)

    monkeypatch.setattr(files, "ls", ls)
    outcome = run("export", f"file://{collection.root}", "--out", tmp_path / "out")
    assert outcome.code == 2
    assert "Permission denied" in outcome.stderr


@pytest.mark.parametrize("before", ["", "x" * 10])
def test_an_object_that_grew_is_read_whole(before: str, tmp_path: Path, bucket: str) -> None:
    for url, put in (
        (f"file://{tmp_path}/f", (tmp_path / "f").write_text),
        (f"{bucket}/f", lambda text: store().pipe_file(f"{bucket}/f", text.encode())),
    ):
        put(before)
        found = remote.find(url)
        assert found == remote.Object(url, len(before))
        put("y" * 50)
        assert remote.read([found], 100) == [b"y" * 50]
        put("y" * 150)
        assert remote.read([found], 100) == [b"y" * 101]


def test_odd_names_are_names_and_lead_nowhere_else(tmp_path: Path, bucket: str) -> None:
    names = ["a::b", "file:::c", "a b", "a%20b", "a#b", "a[1]*", "é", "a&b+c"]
    (tmp_path / "in").mkdir()
    for name in names:
        store().pipe_file(f"{bucket}/in/{name}", name.encode())
        (tmp_path / "in" / name).write_text(name)
    for url in (f"{bucket}/in", f"file://{tmp_path}/in"):
        found = list(remote.below(url))
        assert {one.url for one in found} == {f"{url}/{name}" for name in names}
        assert remote.read(found, 100) == [
            one.url.removeprefix(f"{url}/").encode() for one in found
        ]
    folder = remote.RemoteFolder(f"file://{tmp_path}/x::memory:")
    folder.write("a", b"a")
    assert (tmp_path / "x::memory:" / "a").read_bytes() == b"a"


def test_an_access_key_that_ran_out_is_no_fault_of_a_record(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3fs = pytest.importorskip("s3fs")
    store().pipe_file(f"{bucket}/a", b"a")
    (found,) = remote.below(bucket)
    for code, error in (("ExpiredToken", RemoteError), ("NoSuchKey", None)):
        response = {"Error": {"Code": code, "Message": "told"}, "ResponseMetadata": {}}
        told = s3fs.errors.translate_boto_error(
            botocore.exceptions.ClientError(response, "GetObject")
        )

        async def refused(*_: object, told: Exception = told, **__: object) -> bytes:
            raise told

        monkeypatch.setattr(s3fs.S3FileSystem, "_cat_file", refused)
        if error is None:
            assert remote.read([found], 10) == [told]
        else:
            with pytest.raises(error, match="told"):
                remote.read([found], 10)


def test_an_object_that_is_gone_is_said_of_its_record(
    bucket: str, collection: Collection, tmp_path: Path
) -> None:
    collection.add("PMC1__a")
    collection.add("PMC2__b")
    store().put(f"{collection.root}/", f"{bucket}/in/", recursive=True)
    rejected: list[str] = []
    observer = rdfexport.Observer(
        on_start=lambda _: store().rm_file(f"{bucket}/in/_figures/PMC2__b.md"),
        on_rejected=lambda error: rejected.append(str(error)),
    )
    options = rdfexport.ExportOptions(tmp_path / "out")
    summary = rdfexport.export([f"{bucket}/in"], options, observer)
    assert (summary.exported, summary.rejected) == (1, 1)
    assert "PMC2__b.md: cannot be read (" in rejected[0]
    assert "None" not in rejected[0]


def test_an_export_whose_folder_another_took_removes_nothing_there(
    collection: Collection, tmp_path: Path
) -> None:
    collection.add()
    out = tmp_path / "out"

    def other_begins(_: int) -> None:
        (out / ".rdfexport-export").write_text("another")
        (out / "core").mkdir(exist_ok=True)
        (out / "core" / "PMC9__later.ttl").write_text("later")

    observer = rdfexport.Observer(on_progress=other_begins)
    options = rdfexport.FileOptions()
    with pytest.raises(BusyError, match="another export has begun"):
        rdfexport.export_to_url([str(collection.root)], f"file://{out}", options, observer)
    assert (out / "core" / "PMC9__later.ttl").read_text() == "later"
    assert not (out / "index.tsv").exists()


def test_a_folder_may_be_written_by_its_url_and_as_a_folder_in_turn(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add()
    out = tmp_path / "out"
    seen = []
    for form in ("jsonld", "turtle", "jsonld", "turtle"):
        where = f"file://{out}" if form == "jsonld" else out
        assert run(*words(collection.root, "--out", where, "--format", form)).code == 0
        seen.append(files(out))
    assert seen[0] == seen[2]
    assert seen[1] == seen[3]
    assert set(seen[0]) & set(seen[1]) == {"index.tsv", "rejected.jsonl", "warnings.jsonl"}


def test_a_scheduler_that_is_lost_is_said_in_a_line(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with cluster(tmp_path / "nodes", 1) as made:
        process = begin(made, source, out)
        wait_for(lambda: any(out.glob("core/*.ttl")))
        made.close()
        _, said = process.communicate(timeout=120)
    assert process.returncode == 2
    assert made.scheduler in said.decode()
    assert "Traceback" not in said.decode()
    assert not (out / "index.tsv").exists()


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def test_the_help_names_it(run: Callable[..., Outcome]) -> None:
    text = run("export", "--help").stdout
    assert "--scheduler ADDRESS" in text
    assert os.linesep in text
