# SPDX-License-Identifier: Apache-2.0
"""The entry of the child: `python -m hardware.device_process SOCKET PARENT FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from hardware.device_process.host import serve

if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
