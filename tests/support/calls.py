"""A call of each command and option that takes free text, and characters no output may show."""

from __future__ import annotations

RELEASE = "r/pfocr/20261110"
# What a call needs besides, by command and parameter; {} stands for the address.
CALLS = {
    "export sources": ["{}", "--out", "o"],
    "export --out": ["d", "--out", "{}"],
    "export --scheduler": ["d", "--out", "o", "--scheduler", "{}"],
    "export --figure-base": ["d", "--figure-base", "{}"],
    "export --vocab-base": ["d", "--vocab-base", "{}"],
    "export --image-pattern": ["d", "--image-pattern", "{}{pmcid}/{filename}"],
    "link sources": ["{}"],
    "load sources": ["{}", "--store", "s"],
    "load --endpoint": ["d", "--endpoint", "{}"],
    "load --graph": ["d", "--store", "s", "--graph", "{}"],
    "load --bulk": ["d", "--endpoint", "http://127.0.0.1:9/", "--bulk", "{}", "--bulk-folder", "d"],
    "release sources": ["{}", "--version", "20250101", "--base-url", "https://e.org/"],
    "release --base-url": ["d", "--version", "20250101", "--base-url", "{}"],
    "release --source": [
        *("d", "--version", "20250101", "--base-url", "https://e.org/", "--source", "{}")
    ],
    "release --sparql-endpoint": [
        *("d", "--version", "20250101", "--base-url", "https://e.org/", "--sparql-endpoint", "{}")
    ],
    "release --previous": [
        *("d", "--version", "20250101", "--base-url", "https://e.org/", "--previous", "{}")
    ],
    "site release": ["{}"],
    "release --image-pattern": [
        *("d", "--version", "20250101", "--base-url", "https://e.org/"),
        *("--image-pattern", "{}{pmcid}/{filename}"),
    ],
    "site --base-url": ["d", "--base-url", "{}"],
    "submit release": ["{}", "--to", "fdp-static:f"],
    "submit --to": [RELEASE, "--to", "git:{}"],
    "submit --to fdp": [RELEASE, "--to", "fdp:{}"],
    "submit --to fdp-static": [RELEASE, "--to", "fdp-static:{}", "--fdp-url", "{}"],
    "submit --to fdp-index": [RELEASE, "--to", "fdp-index:{}", "--wait", "0"],
    "submit --to fdp-index --fdp-url": [
        *(RELEASE, "--to", "fdp-index:http://127.0.0.1:9", "--fdp-url", "{}", "--wait", "0")
    ],
    "submit --to zenodo": [RELEASE, "--to", "zenodo:{}"],
    "submit --to sparql": [RELEASE, "--to", "sparql:{}"],
    "submit --to sparql --auth": [RELEASE, "--to", "sparql:{}", "--auth", "bearer"],
    "submit --to nothing": [RELEASE, "--to", "{}"],
    "submit --fdp-url": [RELEASE, "--to", "fdp-static:f", "--fdp-url", "{}"],
    "validate files": ["{}"],
    "validate --endpoint": ["--endpoint", "{}"],
    "validate --vocab-base": ["d", "--vocab-base", "{}"],
    "verify release": ["{}"],
    "query query": ["{}"],
    "query --endpoint": ["figures", "--endpoint", "{}"],
    "references update --url": ["--url", "{}"],
    "serve --figure-base": ["--store", "d", "--figure-base", "{}"],
    "serve --public-url": ["--store", "d", "--public-url", "{}"],
    "serve --host": ["--store", "d", "--host", "{}"],
}
# C0 and C1 controls, bidi marks, overrides and isolates, separators, a lone surrogate.
OBEYED = [
    *map(chr, (*range(0x20), *range(0x7F, 0xA0))),
    *("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    "\ud800",
]
