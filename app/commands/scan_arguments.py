# SPDX-License-Identifier: Apache-2.0
"""Arguments of `recto scan` that are more than words: a number of pages or all, and a region in mm."""

from __future__ import annotations

from typing import Any

import click

from hardware.preview import Area


class Pages(click.ParamType[int | None]):
    """A number of pages from 1 on; `all` gives None."""

    name = "pages"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What help shows."""
        del param, ctx
        return "N|all"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        """The number, or None for all."""
        if value is None or str(value).lower() == "all":
            return None
        text = str(value)
        if not (text.isascii() and text.isdecimal() and int(text) > 0):
            self.fail(f"{text!r} is neither a number from 1 on nor all.", param, ctx)
        return int(text)


class Region(click.ParamType[Area]):
    """Left, top, width and height in mm, with commas between them."""

    name = "region"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Area:
        """The region by its edges."""
        if isinstance(value, Area):
            return value
        try:
            left, top, width, height = map(float, str(value).split(","))
            return Area(left, top, left + width, top + height)
        except ValueError:
            form = "left, top, width and height in mm, such as 10,10,100,150"
            self.fail(f"{value!r} is no region: {form}.", param, ctx)


PAGES, REGION = Pages(), Region()
