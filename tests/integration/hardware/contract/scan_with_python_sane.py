# SPDX-License-Identifier: Apache-2.0
"""A scan with python-sane, run by Debian's own Python: settings as JSON on stdin, pixels to a folder."""

import json
import sys
from pathlib import Path

import sane  # type: ignore[import-not-found]  # of python3-sane, which is Debian's only

if __name__ == "__main__":
    sane.init()
    device = sane.open("test:0")
    for number, settings in enumerate(json.load(sys.stdin)):
        for name, value in settings.items():
            setattr(device, name.replace("-", "_"), value)
        image = device.scan()
        Path(sys.argv[1], f"{number}.{image.mode}.{image.width}x{image.height}").write_bytes(image.tobytes())
