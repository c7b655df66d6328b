# SPDX-License-Identifier: Apache-2.0
"""The option that every command has which prints results; it lives alone, so that no command loads another for it."""

from __future__ import annotations

import click

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
