# SPDX-License-Identifier: Apache-2.0
"""The program that lists SANE devices, one JSON object a line, in a process that may be killed."""

from __future__ import annotations

import json
import os
import sys

from hardware.errors import ScannerError
from hardware.sane.driver import SaneLibrary


def main() -> None:
    """List the devices that the library in the first argument finds, then leave without its clean-up."""
    # backends print to standard output: they get standard error instead
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    status = 0
    try:
        for device in SaneLibrary(sys.argv[1]).devices():
            out.write(json.dumps({"device": device.to_json()}) + "\n")
    except ScannerError as error:
        out.write(json.dumps({"error": error.to_json()}) + "\n")
        status = 1
    out.flush()
    os._exit(status)  # sane_exit crashes some drivers, and so may their destructors


if __name__ == "__main__":
    main()
