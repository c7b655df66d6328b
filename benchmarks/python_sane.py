# SPDX-License-Identifier: Apache-2.0
"""One page by way of python-sane and Pillow, as a program of its own: run by Debian's Python, told as JSON.

Debian packages: python3-sane, python3-pil. Only for 8 bit: python-sane's 16-bit pages are corrupt.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time

import sane


def main() -> None:
    """Scan one page of the `test` device into a TIFF, and say what it took."""
    options, file = json.loads(sys.argv[1]), sys.argv[2]
    sane.init()
    device = sane.open("test:0")
    for name, value in options.items():
        setattr(device, name.replace("-", "_"), value)
    begun = time.perf_counter()
    image = device.scan()
    image.save(file, "TIFF")
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    device.close()
    pixels = hashlib.sha256(image.tobytes()).hexdigest()
    print(json.dumps({"page_seconds": seconds, "peak": peak, "pixel_sha256": pixels}))


if __name__ == "__main__":
    main()
