# SPDX-License-Identifier: Apache-2.0
"""Index pages of folders, as Apache, nginx, Python's http.server and their like write them: the links that lead down."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit


def links_down(page: str, base: str) -> list[str]:
    """The names, without %XX, of what a page links to directly below its own address; folders end with `/`.

    Links to columns to sort by, to the folder above and to other places are left out. A link that is below
    only by its spelling (`a/../../b`) is none: it is resolved first.

    Args:
        page: HTML.
        base: Address of the page, ending with `/`.
    """
    reader = _Links()
    reader.feed(page)
    reader.close()
    names: dict[str, None] = {}
    for href in reader.found:
        try:
            target = urlsplit(urldefrag(urljoin(base, href))[0])
        except ValueError:
            # no address at all
            continue
        whole, own = f"{target.scheme}://{target.netloc}{target.path}", base.partition("?")[0]
        name = whole.removeprefix(own)
        if target.query or name in {whole, ""} or "/" in name[:-1]:
            continue
        names[unquote(name)] = None
    return list(names)


class _Links(HTMLParser):
    """Collects where the links of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value.strip() for name, value in attrs if name == "href" and value]
