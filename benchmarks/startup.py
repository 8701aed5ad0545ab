"""How long the program takes to begin: importing it, and its help. They shall take under 0.3 s.

    python benchmarks/startup.py [--repeat 10]

Each run is a process of its own; the fastest counts, since other work only ever adds.
"""

from __future__ import annotations

import argparse

from measure import measure

CASES = {
    "python -c pass": ("-c", "pass"),
    "import rdfexport": ("-c", "import rdfexport"),
    "rdfexport --help": ("-m", "rdfexport", "--help"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=10)
    repeat = parser.parse_args().repeat
    print("| what | seconds | of the processor | peak MB |")
    print("|---|---|---|---|")
    for name, words in CASES.items():
        runs = [measure(*words) for _ in range(repeat)]
        seconds, cpu = (min(getattr(run, what) for run in runs) for what in ("seconds", "cpu"))
        print(f"| {name} | {seconds:.2f} | {cpu:.2f} | {runs[0].peak:.0f} |")


if __name__ == "__main__":
    main()
