# SPDX-License-Identifier: Apache-2.0
"""The `recto` command: one click group, one module a family of commands."""

import click


@click.group()
def main() -> None:
    """Take a stack of paper to a verified bag in an archive."""
