"""Servers with the contracts of the catalogs that releases are submitted to, and a small release.

``python catalogs.py fdp`` (or ``index``, ``zenodo``) serves one on a free port, which it prints.
Each can be told to fail at any request in any way, before or after it did what was asked. The
reference servers need databases and are not here; what these do is taken from their source and
documentation (FAIRDataTeam/FAIRDataPoint, developers.zenodo.org), and where that is lax, these are
strict.
"""
# ruff: noqa: N815, PLR0911 - names that http.server wants; each answer is a return

from __future__ import annotations

import email
import gzip
import hashlib
import http.server
import json
import re
import socket
import subprocess
import sys
import threading
import time
import uuid
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import pyoxigraph as ox
import requests

from rdfexport.release.model import Release, ReleaseFile
from rdfexport.validate import load_shapes, make_engine, shapes_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EMAIL, PASSWORD, ZENODO_TOKEN = "curator@example.org", "fdp-s3cret", "zen-t0ken"
BASE_URL = "https://data.example.org/"
BEFORE = ("401", "403", "404", "409", "422", "429", "500", "503", "drop-before", "redirect")
AFTER = ("500-after", "drop-after", "half", "garbage")
FAULTS = (*BEFORE, *AFTER)

DCAT, DCT = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
FDPO, RDF = "https://w3id.org/fdp/fdp-o#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE = ox.NamedNode(RDF + "type")
PART_OF = ox.NamedNode(DCT + "isPartOf")
IDENTIFIER = ox.NamedNode(DCT + "identifier")
TURTLE = {"Content-Type": "text/turtle;charset=UTF-8"}
JSON = {"Content-Type": "application/json"}


class Reply(NamedTuple):
    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""


def said(status: int, message: str) -> Reply:
    return Reply(status, JSON, json.dumps({"status": status, "message": message}).encode())


def as_json(found: object, status: int = 200) -> Reply:
    return Reply(status, JSON, json.dumps(found).encode())


# --- a FAIR Data Point ---------------------------------------------------------------------------


class Level(NamedTuple):
    parent: str
    relation: str
    type: str


LEVELS = {
    "catalog": Level("", FDPO + "metadataCatalog", DCAT + "Catalog"),
    "dataset": Level("catalog", DCAT + "dataset", DCAT + "Dataset"),
    "distribution": Level("dataset", DCAT + "distribution", DCAT + "Distribution"),
}


class Fdp:
    """The reference FAIR Data Point's API; ``persistent`` is what it calls itself."""

    def __init__(self, url: str, options: dict[str, Any]) -> None:
        self.options = options
        self.persistent = options.get("persistent", url)
        self.tokens: set[str] = set()
        self.records: dict[str, set[ox.Triple]] = {}
        self.states: dict[str, str] = {"": "PUBLISHED"}
        self.kinds: dict[str, str] = {}
        root = ox.NamedNode(self.persistent)
        self.records[self.persistent] = {
            ox.Triple(root, TYPE, ox.NamedNode(FDPO + "FAIRDataPoint")),
            ox.Triple(root, ox.NamedNode(DCT + "title"), ox.Literal("An FDP")),
        }
        self.states[self.persistent] = "PUBLISHED"
        self.kinds[self.persistent] = ""
        shapes = shapes_folder() / "fdp"
        more = options.get("shapes", {})
        self.shapes = {
            kind: load_shapes([shapes / f"{kind}.ttl", *map(Path, more.get(kind, []))])
            for kind in LEVELS
        }
        self.engines = {kind: make_engine("shacl", text) for kind, text in self.shapes.items()}

    def handle(self, method: str, target: str, headers: Any, body: bytes) -> Reply:
        parts = urlsplit(target).path.strip("/").split("/")
        user = self._user(headers)
        if user is None:
            return said(401, "the token has expired or is none")
        match (method, parts):
            case ("POST", ["tokens"]):
                return self._tokens(headers, body)
            case ("GET", [""]):
                return self._get(self.persistent, user)
            case ("GET", [kind, "spec"]) if kind in LEVELS and not self.options.get("no_spec"):
                return Reply(200, TURTLE, self.shapes[kind].encode())
            case ("POST", [kind]) if kind in LEVELS:
                if not user:
                    return said(403, "You have to be login at first")
                return self._post(kind, headers, body)
            case (_, [kind, name, *rest]) if kind in LEVELS:
                iri = f"{self.persistent}/{kind}/{name}"
                if iri not in self.records:
                    return said(404, f"No metadata found for the uri '{iri}'")
                return self._record(method, iri, rest, headers, body, user)
        return said(404, "nothing is here")

    def _record(
        self, method: str, iri: str, rest: list[str], headers: Any, body: bytes, user: str
    ) -> Reply:
        if method == "GET" and not rest:
            return self._get(iri, user)
        if method == "GET" and rest == ["meta"] and not self.options.get("no_meta"):
            if not user and self.states[iri] == "DRAFT":
                return said(404, "no metadata found")
            return as_json({"state": {"current": self.states[iri]} if user else None})
        if method in {"PUT", "DELETE"} and not user:
            return said(403, "Access is denied")
        if method == "PUT" and not rest:
            return self._put(iri, headers, body)
        if method == "PUT" and rest == ["meta", "state"]:
            return self._state(iri, headers, body)
        if method == "DELETE" and not rest:
            self._delete(iri)
            return Reply(204)
        return said(404, "nothing is here")

    def _user(self, headers: Any) -> str | None:
        given = headers.get("Authorization")
        if given is None:
            return ""
        return "admin" if given.removeprefix("Bearer ") in self.tokens else None

    def _tokens(self, headers: Any, body: bytes) -> Reply:
        if headers.get("Content-Type") != "application/json":
            return said(415, "JSON is wanted")
        if json.loads(body) != {"email": EMAIL, "password": PASSWORD}:
            # Some servers repeat what they do not like.
            return said(401, f"Bad credentials: {body.decode()}")
        token = uuid.uuid4().hex
        self.tokens.add(token)
        return as_json({"token": token})

    def _get(self, iri: str, user: str) -> Reply:
        if not user and self.states[iri] == "DRAFT":
            return said(404, f"No metadata found for the uri '{iri}'")
        hidden = {name for name, state in self.states.items() if state == "DRAFT"} - {iri}
        seen = (
            t for t in self.records[iri] if user or getattr(t.object, "value", "") not in hidden
        )
        text = ox.serialize(sorted(seen, key=str), format=ox.RdfFormat.TURTLE)
        assert text is not None
        return Reply(200, TURTLE, text)

    def _post(self, kind: str, headers: Any, body: bytes) -> Reply:
        iri = f"{self.persistent}/{kind}/{uuid.uuid4()}"
        triples = self._parsed(iri, kind, headers, body)
        if isinstance(triples, Reply):
            return triples
        relations = {level.relation for level in LEVELS.values()}
        self._store(iri, kind, {t for t in triples if t.predicate.value not in relations})
        self.states[iri] = "DRAFT"
        answer = self._get(iri, "admin")
        return Reply(201, {**TURTLE, "Location": iri}, answer.body)

    def _put(self, iri: str, headers: Any, body: bytes) -> Reply:
        triples = self._parsed(iri, self.kinds[iri], headers, body)
        if isinstance(triples, Reply):
            return triples
        # As in the reference: what is not sent is gone, links to records below too.
        self._store(iri, self.kinds[iri], triples)
        return self._get(iri, "admin")

    def _store(self, iri: str, kind: str, triples: set[ox.Triple]) -> None:
        node = ox.NamedNode(iri)
        now = ox.Literal(str(time.time_ns()))
        if self.options.get("strip_identifiers"):
            named = {BASE_URL}
            triples = {
                t for t in triples if not any(str(t.object)[1:].startswith(n) for n in named)
            }
        triples |= {
            ox.Triple(node, TYPE, ox.NamedNode(LEVELS[kind].type)),
            ox.Triple(node, TYPE, ox.NamedNode(DCAT + "Resource")),
            ox.Triple(node, ox.NamedNode(FDPO + "metadataModified"), now),
            ox.Triple(node, ox.NamedNode(FDPO + "metadataIdentifier"), ox.NamedNode(iri + "#id")),
            ox.Triple(ox.NamedNode(iri + "#id"), IDENTIFIER, ox.Literal(iri)),
        }
        self.records[iri] = triples
        self.kinds[iri] = kind
        (parent,) = (t.object for t in triples if t.predicate == PART_OF)
        link = ox.Triple(parent, ox.NamedNode(LEVELS[kind].relation), node)
        self.records[parent.value].add(link)

    def _parsed(self, iri: str, kind: str, headers: Any, body: bytes) -> set[ox.Triple] | Reply:
        if headers.get("Content-Type") != "text/turtle":
            return said(415, "Turtle is wanted")
        try:
            quads = ox.parse(body, format=ox.RdfFormat.TURTLE, base_iri=iri)
            triples = {quad.triple for quad in quads}
        except (SyntaxError, ValueError) as error:
            return said(400, f"Unable to read RDF ({error})")
        node = ox.NamedNode(iri)
        if ox.Triple(node, TYPE, ox.NamedNode(LEVELS[kind].type)) not in triples:
            return said(400, f"<> is no {kind}")
        # Each schema extends that of resources, whether a record says that it is one or not.
        resource = ox.Triple(node, TYPE, ox.NamedNode(DCAT + "Resource"))
        text = "".join(f"{triple} .\n" for triple in triples | {resource})
        found = self.engines[kind].validate(text)
        if found:
            report = "".join(
                f"[] a <http://www.w3.org/ns/shacl#ValidationResult> ;"
                f" <http://www.w3.org/ns/shacl#resultPath> {one.path or '[]'} .\n"
                for one in found
            )
            return Reply(400, TURTLE, report.encode())
        parents = [t.object for t in triples if t.subject == node and t.predicate == PART_OF]
        if len(parents) != 1:
            return said(400, "Not parent uri")
        if self.kinds.get(getattr(parents[0], "value", "")) != LEVELS[kind].parent:
            return said(400, "Parent is not of correct type")
        return triples

    def _state(self, iri: str, headers: Any, body: bytes) -> Reply:
        if headers.get("Content-Type") != "application/json":
            return said(415, "JSON is wanted")
        if json.loads(body) != {"current": "PUBLISHED"} or self.states[iri] == "PUBLISHED":
            return said(400, "You can not change state to what it is, or to DRAFT")
        (parent,) = (t.object.value for t in self.records[iri] if t.predicate == PART_OF)
        if self.states[parent] != "PUBLISHED":
            return said(400, "The parent is not published")
        self.states[iri] = "PUBLISHED"
        return as_json({"current": "PUBLISHED"})

    def _delete(self, iri: str) -> None:
        for triples in self.records.values():
            triples -= {t for t in triples if getattr(t.object, "value", "") == iri}
        del self.records[iri], self.states[iri]

    def state(self) -> object:
        """Each record: kind, state, identifier, whether its parent links it, all it says."""
        found = []
        for iri, triples in self.records.items():
            if iri == self.persistent:
                continue
            (parent,) = (t.object.value for t in triples if t.predicate == PART_OF)
            node = ox.NamedNode(iri)
            mine = [t for t in triples if t.subject == node]
            found.append(
                {
                    "iri": iri,
                    "kind": self.kinds[iri],
                    "state": self.states[iri],
                    "identifier": [t.object.value for t in mine if t.predicate == IDENTIFIER],
                    "linked": any(
                        getattr(t.object, "value", "") == iri for t in self.records[parent]
                    ),
                    "says": sorted(str(t) for t in triples),
                }
            )
        return sorted(found, key=lambda one: str(one["iri"]))


# --- an index of FAIR Data Points ----------------------------------------------------------------


class Index:
    """The reference index: pings are acknowledged, what they name is read later."""

    def __init__(self, url: str, options: dict[str, Any]) -> None:
        del url
        self.options = {
            "deny": r"^https?://localhost", "hits": 10, "delay": 0.0, "wait": 600.0, "permit": True,
        } | options  # fmt: skip
        self.pings: list[str] = []
        self.entries: dict[str, dict[str, Any]] = {}

    def handle(self, method: str, target: str, headers: Any, body: bytes) -> Reply:
        match (method, urlsplit(target).path.strip("/").split("/")):
            case ("POST", [""]):
                return self._ping(headers, body)
            case ("GET", ["index", "entries", "all"]):
                seen = self.entries.values() if self.options["permit"] else ()
                names = ("uuid", "clientUrl", "state", "permit")
                return as_json([{name: one[name] for name in names} for one in seen])
            case ("GET", ["index", "entries", name]):
                for one in self.entries.values():
                    if one["uuid"] == name:
                        # The reference fails on entries that were never read.
                        return as_json(one) if one["lastRetrievalTime"] else said(500, "null")
        return said(404, "nothing is here")

    def _ping(self, headers: Any, body: bytes) -> Reply:
        if headers.get("Content-Type") != "application/json":
            return said(415, "JSON is wanted")
        try:
            url = json.loads(body)["clientUrl"]
        except (ValueError, KeyError, TypeError):
            return said(400, "Could not parse PING")
        if not re.match(r"https?://[^/\s]+", url):
            return said(400, "clientUrl must be a valid URL")
        if re.match(self.options["deny"], url):
            return said(403, f"The ping has been denied: {url}")
        if len(self.pings) >= self.options["hits"]:
            return said(429, "Rate limit reached (max. 10 per PT6H) - PING ignored")
        self.pings.append(url)
        entry = self.entries.setdefault(
            url,
            {
                "uuid": str(uuid.uuid4()), "clientUrl": url, "state": "UNKNOWN",
                "permit": "ACCEPTED", "lastRetrievalTime": None, "currentMetadata": None,
                "at": None,
            },
        )  # fmt: skip
        threading.Thread(target=self._read, args=(entry,), daemon=True).start()
        return Reply(204)

    def _read(self, entry: dict[str, Any]) -> None:
        time.sleep(self.options["delay"])
        now = time.monotonic()
        if entry["at"] is not None and now - entry["at"] < self.options["wait"]:
            return
        try:
            answer = requests.get(entry["clientUrl"], headers={"Accept": "text/turtle"}, timeout=5)
            quads = list(ox.parse(answer.content, format=ox.RdfFormat.TURTLE, base_iri="http://x/"))
        except requests.RequestException:
            entry["state"] = "UNREACHABLE"
            return
        except SyntaxError:
            entry["state"] = "INVALID"
            return
        services = [q.subject for q in quads if q.object == ox.NamedNode(FDPO + "MetadataService")]
        if not services:
            entry["state"] = "INVALID"
            return
        metadata = {
            name: q.object.value
            for q in quads
            for name in ("title", "version")
            if q.subject == services[0] and q.predicate.value in {DCT + name, DCAT + name}
        }
        entry |= {
            "currentMetadata": {"metadata": metadata},
            "lastRetrievalTime": str(now),
            "at": now,
            "state": "ACTIVE",
        }

    def state(self) -> object:
        return {"pings": self.pings, "entries": list(self.entries.values())}


# --- Zenodo --------------------------------------------------------------------------------------


FILES_IN_THE_WAY = {
    "status": 400,
    "message": "A validation error occurred.",
    "errors": [{"field": "files.enabled", "messages": ["Please remove all files first."]}],
}


class Zenodo:
    """The deposit API of Zenodo; ``url`` is what it calls itself."""

    def __init__(self, url: str, options: dict[str, Any]) -> None:
        self.url = options.get("url", url)
        self.options = options
        self.deposits: dict[int, dict[str, Any]] = {}

    def handle(self, method: str, target: str, headers: Any, body: bytes) -> Reply:
        if headers.get("Authorization") != f"Bearer {ZENODO_TOKEN}":
            return said(401, f"not authorized: {headers.get('Authorization')}")
        path = urlsplit(target).path
        query = {key: value[0] for key, value in parse_qs(urlsplit(target).query).items()}
        prefix = "/api/deposit/depositions"
        if path.startswith("/api/files/"):
            _, _, _, bucket, name = path.split("/", 4)
            return self._file(method, bucket, unquote(name), body)
        if re.fullmatch(r"/api/records/\d+/versions", path) and method == "POST":
            one = self.deposits[int(path.split("/")[3])]
            return self._make(dict(one["metadata"]), one["concept"])
        if not path.startswith(prefix):
            return said(404, "The requested URL was not found")
        rest = path.removeprefix(prefix).strip("/").split("/")
        if method == "POST" and rest[1:] == ["files"]:
            return self._form(self.deposits[int(rest[0])], headers.get("Content-Type"), body)
        if method in {"POST", "PUT"} and body and headers.get("Content-Type") != "application/json":
            return said(415, "JSON is wanted")
        match (method, rest):
            case ("GET", [""]):
                return self._list(query)
            case ("POST", [""]):
                return self._make(json.loads(body).get("metadata", {}))
            case (_, [number, *action]) if number.isdecimal():
                one = self.deposits.get(int(number))
                if one is None:
                    return said(404, "PID does not exist.")
                return self._one(method, one, action, body)
        return said(405, "not allowed")

    def _list(self, query: dict[str, str]) -> Reply:
        size, page = int(query.get("size", "10")), int(query.get("page", "1"))
        found = list(self.deposits.values())[::-1]
        if query.get("all_versions") != "true":
            newest = {one["concept"]: one["id"] for one in self.deposits.values()}
            found = [one for one in found if newest[one["concept"]] == one["id"]]
        return as_json([self._shown(one) for one in found[(page - 1) * size : page * size]])

    def _make(self, metadata: dict[str, Any], concept: int | None = None) -> Reply:
        if problem := self._problem(metadata):
            return said(400, problem)
        number = 1000 + len(self.deposits)
        one = {
            "id": number, "concept": concept or number, "metadata": metadata, "submitted": False,
            "files": {}, "bucket": str(uuid.uuid4()),
        }  # fmt: skip
        self.deposits[number] = one
        return as_json(self._shown(one), 201)

    def _one(self, method: str, one: dict[str, Any], action: list[str], body: bytes) -> Reply:
        match (method, action):
            case ("GET", []):
                return as_json(self._shown(one))
            case ("PUT", []):
                metadata = json.loads(body)["metadata"]
                if one["submitted"]:
                    return said(403, "a published deposit is not edited")
                if problem := self._problem(metadata):
                    return said(400, problem)
                if self.options.get("files_in_the_way") and one["files"]:
                    return as_json(FILES_IN_THE_WAY, 400)
                one["metadata"] = metadata
                return as_json(self._shown(one))
            case ("POST", ["actions", "publish"]):
                if one["submitted"] or not one["files"] or not one["metadata"].get("title"):
                    return said(400, "Validation error.")
                one["submitted"] = True
                return as_json(self._shown(one), 202)
            case ("POST", ["actions", "newversion"]):
                if not one["submitted"]:
                    return said(403, "only what is published has versions")
                if self.options.get("files_in_the_way"):
                    return as_json(FILES_IN_THE_WAY, 400)
                if self._draft(one) is None:
                    self._make(dict(one["metadata"]), one["concept"])
                    draft = self._draft(one)
                    assert draft is not None
                    draft["files"] = dict(one["files"])
                return as_json(self._shown(one), 201)
            case ("DELETE", ["files", name]):
                return Reply(204) if one["files"].pop(unquote(name), None) else said(404, "none")
        return said(405, "not allowed")

    def _form(self, one: dict[str, Any], media_type: str, body: bytes) -> Reply:
        """The older way to send a file, which gives a draft without bucket one."""
        head = f"Content-Type: {media_type}\r\n\r\n".encode()
        parts = email.message_from_bytes(head + body).get_payload()
        name = parts[0].get_payload()
        data = parts[1].get_payload(decode=True)
        if name in one["files"]:
            return said(400, "a file of this name is there")
        one["files"][name] = {"md5": hashlib.md5(data).hexdigest(), "size": len(data)}
        one["has_bucket"] = True
        return as_json({"id": name, "filename": name}, 201)

    def _problem(self, metadata: dict[str, Any]) -> str | None:
        wanted = {"title", "upload_type", "description", "creators"}
        if metadata and not wanted <= set(metadata):
            return "Validation error: missing metadata"
        if metadata.get("upload_type", "dataset") != "dataset":
            return "Validation error: upload_type"
        allowed = {"isIdenticalTo", "isPartOf", "isVersionOf", "isNewVersionOf"}
        for one in metadata.get("related_identifiers", []):
            if one["relation"] not in allowed:
                return f"Validation error: {one['relation']}"
        return None

    def _draft(self, one: dict[str, Any]) -> dict[str, Any] | None:
        same = [d for d in self.deposits.values() if d["concept"] == one["concept"]]
        return next((d for d in same if not d["submitted"]), None)

    def _file(self, method: str, bucket: str, name: str, body: bytes) -> Reply:
        one = next((d for d in self.deposits.values() if d["bucket"] == bucket), None)
        if one is None:
            return said(404, "Bucket does not exist.")
        if one["submitted"]:
            return said(403, "the bucket is locked")
        if method == "PUT":
            stored = body
            if self.options.get("corrupt") == name:
                self.options["corrupt"] = None
                stored = body + b"!"
            digest = hashlib.md5(stored).hexdigest()
            one["files"][name] = {"md5": digest, "size": len(stored)}
            return as_json({"key": name, "size": len(stored), "checksum": f"md5:{digest}"}, 201)
        if method == "DELETE":
            return Reply(204) if one["files"].pop(name, None) else said(404, "no such file")
        return said(405, "not allowed")

    def _shown(self, one: dict[str, Any]) -> dict[str, Any]:
        links = {
            "self": f"{self.url}/api/deposit/depositions/{one['id']}",
            "bucket": f"{self.url}/api/files/{one['bucket']}",
        }
        if self.options.get("no_bucket") and not one.get("has_bucket"):
            del links["bucket"]
        draft = self._draft(one)
        if draft is not None:
            links["latest_draft"] = f"{self.url}/api/deposit/depositions/{draft['id']}"
        return {
            "id": one["id"],
            "conceptrecid": str(one["concept"]),
            "metadata": one["metadata"],
            "submitted": one["submitted"],
            "state": "done" if one["submitted"] else "unsubmitted",
            "links": links,
            "files": [
                {"id": name, "filename": name, "filesize": file["size"], "checksum": file["md5"]}
                for name, file in one["files"].items()
            ],
        }

    def state(self) -> object:
        return [self._shown(one) for one in self.deposits.values()]


# --- the process ---------------------------------------------------------------------------------

CONTRACTS = {"fdp": Fdp, "index": Index, "zenodo": Zenodo}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer goes at once and whole: else each waits 40 ms for the client's acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def answer(self) -> None:
        length = self.headers.get("Content-Length")
        if self.headers.get("Transfer-Encoding"):
            self.reply(Reply(411, {}, b"a body has a length here"))
            return
        body = self.rfile.read(int(length or 0))
        with self.server.lock:
            if self.path.startswith("/_control"):
                self.reply(as_json(self.server.control(self.command, body)))
                return
            fault = self.server.next_fault(f"{self.command} {self.path}", self.headers)
            if fault is not None and fault not in AFTER:
                self.fail(fault)
                return
            reply = self.server.contract.handle(self.command, self.path, self.headers, body)
        if fault == "500-after":
            self.reply(said(500, "it was done, but this is not known"))
        elif fault == "drop-after":
            self.drop()
        elif fault == "half":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nhalf")
            self.drop()
        elif fault == "garbage":
            self.reply(Reply(200, {"Content-Type": "text/html"}, b"<html>a proxy's page</html>"))
        else:
            self.reply(reply)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def fail(self, fault: str) -> None:
        if fault == "drop-before":
            self.drop()
        elif fault == "redirect":
            place = f"http://127.0.0.1:{self.server.server_port}/_control/elsewhere"
            self.reply(Reply(302, {"Location": place}))
        elif fault == "503-date":
            when = formatdate(time.time() + 2, usegmt=True)
            self.reply(Reply(503, {"Retry-After": when}))
        elif fault == "400-repeats":
            self.reply(said(400, f"not with {self.headers['Authorization']}"))
        else:
            self.reply(said(int(fault), "as it was told to"))

    def drop(self) -> None:
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def reply(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, kind: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.kind = kind
        self.lock = threading.Lock()
        self.reset({})

    def reset(self, options: dict[str, Any]) -> None:
        self.contract = CONTRACTS[self.kind](f"http://127.0.0.1:{self.server_port}", options)
        self.log: list[tuple[str, str | None]] = []
        self.fault: dict[str, Any] = {}

    def next_fault(self, request: str, headers: Any) -> str | None:
        self.log.append((request, headers.get("Authorization")))
        at = self.fault.get("at")
        if at is None or len(self.log) < at or (len(self.log) > at and not self.fault["forever"]):
            return None
        return str(self.fault["how"])

    def control(self, method: str, body: bytes) -> object:
        if method == "POST":
            told = json.loads(body)
            if "reset" in told:
                self.reset(told["reset"])
            self.contract.options.update(told.get("options", {}))
            if told.get("expire"):
                self.contract.tokens.clear()
            if "fault" in told:
                self.log, self.fault = [], told["fault"]
        return {"log": self.log, "state": self.contract.state()}

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""


class Catalog:
    """A server of one of the contracts, in a process of its own."""

    def __init__(self, url: str) -> None:
        self.url = url

    def tell(self, **told: object) -> Any:
        answer = requests.post(f"{self.url}/_control", data=json.dumps(told), timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def reset(self, **options: object) -> None:
        self.tell(reset=options)

    def fail(self, at: int | None, how: str = "", *, forever: bool = False) -> None:
        """Fail at a request from now on; None for at none. The log begins again."""
        self.tell(fault={"at": at, "how": how, "forever": forever})

    @property
    def state(self) -> Any:
        return self.tell()["state"]

    @property
    def log(self) -> list[str]:
        return [request for request, _ in self.tell()["log"]]

    @property
    def writes(self) -> list[str]:
        """The requests that are not for reading only."""
        return [r for r in self.log if not r.startswith("GET ") and r != "POST /tokens"]


@contextmanager
def served(kind: str) -> Iterator[Catalog]:
    command = [sys.executable, __file__, kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Catalog(f"http://127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.kill()


# --- a release -----------------------------------------------------------------------------------

FIGURE = "https://pfocr.wikipathways.org/figures/{}.html"


def small_release(
    out: Path, version: str = "20261110", figures: tuple[str, ...] = ("PMC1__f1", "PMC2__f2")
) -> Path:
    """A release of a few small files, as far as a submission reads it; gives its folder."""
    folder = out / "pfocr" / version
    dated = f"pfocr-{version}"
    quads = "".join(
        f'<{FIGURE.format(f)}> <http://schema.org/name> "{f}" <{FIGURE.format(f)}> .\n'
        for f in figures
    )
    quads += (
        "<https://identifiers.org/ncbigene/1> <http://www.w3.org/2004/02/skos/core#exactMatch>"
        " <http://identifiers.org/ncbigene/1> <https://pfocr.wikipathways.org/graph/linkset> .\n"
    )
    data: dict[str, bytes] = {
        f"rdf/{dated}-rdf-core.zip": b"PK zip of " + version.encode(),
        f"rdf/{dated}-rdf.nq.gz": gzip.compress(quads.encode(), mtime=0),
        f"gmt/{dated}-gmt-Homo_sapiens.gmt": "".join(f"{f}\ttitle\t1\n" for f in figures).encode(),
        f"mentions/{dated}-mentions.parquet": b"PAR1 " * 100,
    }
    said_of_it = {
        "dcat.ttl": b"# dcat\n",
        "dataset.jsonld": b"{}\n",
        "rdf/pfocr-rdf-void.ttl": f"# void of {version}\n".encode(),
        "SHA256SUMS": b"sums\n",
    }
    for name, content in {**data, **said_of_it}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    kinds = {
        "-core.zip": ("core", "text/turtle", "application/zip", None),
        ".nq.gz": ("nquads", "application/n-quads", "application/gzip", None),
        ".gmt": ("gmt", "text/tab-separated-values", None, "Homo sapiens"),
        ".parquet": ("mentions", "application/vnd.apache.parquet", None, None),
    }
    files = []
    for name, content in sorted(data.items()):
        ending = next(ending for ending in kinds if name.endswith(ending))
        kind, media_type, package, organism = kinds[ending]
        digest = hashlib.sha256(content).hexdigest()
        files.append(
            ReleaseFile(
                name, kind, f"The {kind} file", media_type, package, len(content), digest, {},
                organism,
            )
        )  # fmt: skip
    Release(folder, version, BASE_URL, len(figures), 0, tuple(files), "1.0", source="tests").save()
    return folder


if __name__ == "__main__":
    server = Server(sys.argv[1])
    print(server.server_port, flush=True)
    server.serve_forever(0.05)
