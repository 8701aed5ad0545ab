"""Reads a GMT file; run by the Python that has the package gseapy."""

from __future__ import annotations

import json
import sys

from gseapy.parser import read_gmt

json.dump(read_gmt(sys.argv[1]), sys.stdout)
