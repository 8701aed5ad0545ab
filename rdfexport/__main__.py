"""The command ``rdfexport``, and ``python -m rdfexport``."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line.

    The imports take a moment, in which there is nothing to clean up yet: until a command begins its
    work, Ctrl-C ends the process as other signals do, without a traceback.
    """
    if sys.platform == "win32":
        print(
            "error: rdfexport runs on Linux and macOS: on Windows, use it in WSL"
            " (https://learn.microsoft.com/windows/wsl/install)",
            file=sys.stderr,
        )
        sys.exit(2)
    # Python has no handler of its own where the signal is ignored, as in the background of a shell.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from rdfexport.cli import main as command  # noqa: PLC0415 - see above

    command()


if __name__ == "__main__":
    main()
