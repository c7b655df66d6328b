# SPDX-License-Identifier: Apache-2.0
"""A JSON text (RFC 8259) as nodes with line numbers, repeated keys kept, depth bounded.

The standard library's decoder knows no lines, and has no limit but the interpreter's stack.
"""

from __future__ import annotations

import bisect
import json
import re

from archive.manifest.nodes import DEEPEST, DocumentBrokenError, Entry, Mapping, Node, too_deep
from archive.manifest.problems import Code, shown

_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = r'[^"\\\x00-\x1f]*'
_STRING = re.compile(rf'"{_PLAIN}(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{{4}}){_PLAIN})*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,40})(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,4})?(?![0-9.eE+-])")
_WORD = re.compile(r"(?:true|false|null)\b")


def read_json(text: str) -> Node:
    """The tree of a JSON text.

    Raises:
        DocumentBrokenError: The text is no JSON, or too deep.
    """
    scanner = _Scanner(text)
    node = scanner.value(DEEPEST)
    scanner.skip_space()
    if scanner.position < len(text):
        raise scanner.broken("There is more text after the end of the document.")
    return node


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self._line_ends = [found.start() for found in re.finditer(r"\r\n?|\n", text)]

    def line(self) -> int:
        return bisect.bisect_left(self._line_ends, self.position) + 1

    def broken(self, message: str) -> DocumentBrokenError:
        there = self.text[self.position : self.position + 20].split("\n", 1)[0]
        found = f"there is {shown(there)}" if there else "the line or the file ends"
        return DocumentBrokenError(
            self.line(),
            Code.SYNTAX,
            f"This is not JSON: {message} Here {found}.",
            "Correct the text here; look for a missing quotation mark, comma or bracket, or one comma too many.",
        )

    def skip_space(self) -> None:
        found = _SPACE.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def peek(self) -> str:
        self.skip_space()
        return self.text[self.position : self.position + 1]

    def value(self, depth: int) -> Node:
        first = self.peek()
        line = self.line()
        if first in ("{", "[") and depth == 0:
            raise too_deep(line)
        if first == "{":
            return Node(self.mapping(depth), line)
        if first == "[":
            return Node(self.sequence(depth), line)
        if first == '"':
            return Node(self.string(), line)
        for pattern in (_NUMBER, _WORD):
            if found := pattern.match(self.text, self.position):
                self.position = found.end()
                return Node(json.loads(found[0]), line)
        raise self.broken("a value is expected.")

    def string(self) -> str:
        found = _STRING.match(self.text, self.position)
        if found is None:
            raise self.broken("a text is not closed on its line, or holds a wrong escape.")
        text = str(json.loads(found[0]))
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise self.broken("an escape stands for half a character (a lone surrogate).")
        self.position = found.end()
        return text

    def sequence(self, depth: int) -> tuple[Node, ...]:
        self.position += 1
        nodes: list[Node] = []
        if self.peek() != "]":
            nodes.append(self.value(depth - 1))
            while self.goes_on("]"):
                nodes.append(self.value(depth - 1))
        self.position += 1
        return tuple(nodes)

    def mapping(self, depth: int) -> Mapping:
        self.position += 1
        entries: list[Entry] = []
        if self.peek() != "}":
            entries.append(self.entry(depth))
            while self.goes_on("}"):
                entries.append(self.entry(depth))
        self.position += 1
        return Mapping(tuple(entries))

    def entry(self, depth: int) -> Entry:
        if self.peek() != '"':
            raise self.broken("a key in double quotes is expected.")
        line = self.line()
        key = self.string()
        if self.peek() != ":":
            raise self.broken(f"a colon is expected after the key {shown(key)}.")
        self.position += 1
        return Entry(key, line, self.value(depth - 1))

    def goes_on(self, closing: str) -> bool:
        """Step over a comma, or stand at the closing bracket."""
        following = self.peek()
        if following == ",":
            self.position += 1
            return True
        if following != closing:
            raise self.broken(f"a comma or {closing} is expected.")
        return False
