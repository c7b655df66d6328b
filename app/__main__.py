# SPDX-License-Identifier: Apache-2.0
"""`python -m app` is `recto`."""

from app.command_line import main

main()
