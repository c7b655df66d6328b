# SPDX-License-Identifier: Apache-2.0
"""What TIFF's baseline tags cannot say: ASCII forms of names, and the XMP packet with the full ones."""

# ruff: noqa: RUF001 - a table of look-alike characters is what this module is for
from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from xml.sax.saxutils import escape

_LETTERS = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ı": "i",
        "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "‐": "-", "…": "...", "©": "(c)", "№": "No.", "\n": " ", "\r": " ", "\t": " ",
    }
)  # fmt: skip

_DUBLIN_CORE = {
    "document_name": "title",
    "description": "description",
    "artist": "creator",
    "copyright": "rights",
}
_SEQUENCES = {"creator"}


def ascii_form(text: str) -> str:
    """The text in printable ASCII, as TIFF 6.0 (section 2, type ASCII) wants it.

    Letters with marks lose the marks, ligatures are spelled out, and what has no Latin form
    becomes a question mark: the full text then stands in the XMP packet.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return "".join(character if " " <= character <= "~" else "?" for character in plain)


def xmp_packet(texts: Mapping[str, str], captured_at: str) -> bytes | None:
    """An XMP packet (ISO 16684-1, 7.3) with the texts that ASCII cannot hold, or None if there are none.

    Args:
        texts: By field of MasterTags. Those that have a Dublin Core equivalent go into it, make,
            model and software into the TIFF namespace.
        captured_at: ISO 8601 time of capture, in UTC.
    """
    wide = {field: text for field, text in texts.items() if not text.isascii()}
    if not wide:
        return None
    lines = [_property(field, text) for field, text in sorted(wide.items())]
    lines.append(f"<xmp:CreateDate>{escape(captured_at)}</xmp:CreateDate>")
    body = "\n".join(lines)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/">\n'
        f"{body}\n</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="r"?>'
    ).encode()


def _property(field: str, text: str) -> str:
    value = escape("".join(character for character in text if character.isprintable()))
    if field not in _DUBLIN_CORE:
        return f"<tiff:{field.capitalize()}>{value}</tiff:{field.capitalize()}>"
    name = _DUBLIN_CORE[field]
    if name in _SEQUENCES:
        return f"<dc:{name}><rdf:Seq><rdf:li>{value}</rdf:li></rdf:Seq></dc:{name}>"
    return f'<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{value}</rdf:li></rdf:Alt></dc:{name}>'
