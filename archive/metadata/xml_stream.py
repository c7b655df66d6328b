# SPDX-License-Identifier: Apache-2.0
"""A thin stream over lxml that writes XML piece by piece and lets no illegal character through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import BinaryIO, Protocol

from lxml import etree

XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

# All but the Char production of XML 1.0 (fifth edition, section 2.2): most C0 controls, surrogates,
# U+FFFE and U+FFFF have no place in a document, not even as character references.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal_text(text: str) -> str:
    """The text with every character that XML 1.0 forbids replaced by U+FFFD, one for one."""
    return _ILLEGAL.sub("\ufffd", text)


class _IncrementalFile(Protocol):
    """The part of lxml's incremental writer in use here; its type stubs leave it out."""

    def write_declaration(self) -> None: ...

    def element(
        self, tag: str, attrib: Mapping[str, str], nsmap: Mapping[str | None, str] | None = None
    ) -> AbstractContextManager[None]: ...

    def write(self, content: str | etree._Element) -> None: ...


class XmlStream:
    """Writes elements of one namespace into an open document.

    Args:
        file: lxml's incremental writer.
        namespace: Namespace of all tags that are given without one.
    """

    def __init__(self, file: _IncrementalFile, namespace: str) -> None:
        self._file = file
        self._namespace = namespace

    @contextmanager
    def element(self, tag: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        """Open an element for the length of the block; a line break follows its end tag."""
        with self._file.element(self._qualified(tag), _legal(attributes)):
            yield
        self._file.write("\n")

    def leaf(self, tag: str, text: str = "", attributes: Mapping[str, str] | None = None) -> None:
        """Write an element that holds text only."""
        with self._file.element(self._qualified(tag), _legal(attributes)):
            if text:
                self._file.write(legal_text(text))

    def subtree(self, element: etree._Element) -> None:
        """Write an element made elsewhere, with everything below it."""
        self._file.write(element)
        self._file.write("\n")

    def _qualified(self, tag: str) -> str:
        return tag if tag.startswith("{") else f"{{{self._namespace}}}{tag}"


@contextmanager
def xml_document(
    destination: BinaryIO,
    root: str,
    *,
    namespace: str,
    nsmap: Mapping[str | None, str],
    attributes: Mapping[str, str],
) -> Iterator[XmlStream]:
    """Open an XML document in UTF-8 whose content is written to `destination` as it is made.

    Args:
        destination: A binary file; it stays open.
        root: Tag of the root element.
        namespace: Namespace of the root and of all tags without one.
        nsmap: Prefixes declared on the root; None is the default namespace.
        attributes: Attributes of the root.
    """
    with etree.xmlfile(destination, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(f"{{{namespace}}}{root}", _legal(attributes), nsmap):
            file.write("\n")
            yield XmlStream(file, namespace)


def _legal(attributes: Mapping[str, str] | None) -> dict[str, str]:
    return {name: legal_text(value) for name, value in (attributes or {}).items()}
