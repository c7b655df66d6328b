# SPDX-License-Identifier: Apache-2.0
"""Messages as people read them: templates as data, the site's own before those that come with Recto."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from workers.errors import SettingsInvalid
from workers.redaction import redact

LONGEST_TITLE = 150
LONGEST_BODY = 3_500
"""Letters: Slack, Teams and Telegram cut or refuse what is longer than some 4,000."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """How a kind is told.

    Attributes:
        title: Of one notification.
        title_many: Of several.
        line: Of each of several.
        body: Of one.
    """

    title: str
    title_many: str
    line: str
    body: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: plain text."""

    title: str
    body: str


def render(
    kind: str, examples: Sequence[Mapping[str, Any]], number: int, folder: Path | None = None
) -> Message:
    """A message of some notifications of one kind.

    Args:
        kind: The kind.
        examples: The first of them: `{subject, facts, at}`.
        number: How many there are.
        folder: The site's own templates; None for those of Recto.

    Raises:
        SettingsInvalid: A template of the site cannot be used.
    """
    template = template_of(kind, folder)
    if number == 1:
        values = _values(kind, examples[0], number)
        return _message(_filled(template.title, values), _filled(template.body, values))
    title = _filled(template.title_many, _values(kind, {"subject": "", "facts": {}}, number))
    lines = [_one_line(_filled(template.line, _values(kind, example, number))) for example in examples]
    return _message(title, _listed(lines, number))


def template_of(kind: str, folder: Path | None = None) -> MessageTemplate:
    """The template of a kind.

    Raises:
        SettingsInvalid: The site's own cannot be used.
    """
    own = _of_site(kind, folder) if folder is not None else {}
    known = _shipped().get(kind) or {
        "title": f"{kind}: $subject",
        "title_many": f"{kind}: $number",
        "line": "$subject",
        "body": "$facts",
    }
    return MessageTemplate(**{**known, **own})


@cache
def _shipped() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "templates.toml").read_text(encoding="utf-8"))


def _of_site(kind: str, folder: Path) -> dict[str, str]:
    file = folder / f"{kind.replace(' ', '-')}.toml"
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unusable(file, str(error)) from error
    known = [field.name for field in fields(MessageTemplate)]
    for name, text in values.items():
        if name not in known or not isinstance(text, str):
            raise _unusable(file, f"{name!r} is not one of the texts {', '.join(known)}")
        try:
            # Python 3.11 has is_valid()
            if not Template(text).is_valid():
                raise _unusable(file, f"in {name!r} a $ stands alone; write $$ for a dollar")
        except ValueError as error:
            raise _unusable(file, f"{name!r}: {error}") from error
    return values


def _unusable(file: Path, reason: str) -> SettingsInvalid:
    return SettingsInvalid(
        f"The template {file} cannot be used: {reason}.",
        consequence="Messages of its kind wait.",
        remedy="Mend the file, or take it away to have Recto's own.",
    )


def _values(kind: str, example: Mapping[str, Any], number: int) -> dict[str, str]:
    facts = {str(name): _printable(value) for name, value in dict(example["facts"]).items()}
    lines = "\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in facts.items() if value)
    fixed = {
        "kind": kind,
        "subject": _one_line(_printable(example["subject"])),
        "number": str(number),
        "at": str(example.get("at", "")),
        "facts": lines,
    }
    return {**facts, **fixed}


def _printable(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _INVISIBLE.sub(" ", redact(str(value)))


def _filled(text: str, values: Mapping[str, str]) -> str:
    # a fact that this notification does not have leaves no trace
    return Template(text).safe_substitute(defaultdict(str, values))


def _message(title: str, body: str) -> Message:
    # a title becomes a header of a mail: what comes from outside must not begin another
    return Message(
        _cut(_one_line(title), LONGEST_TITLE), _cut(_EMPTY_LINES.sub("\n\n", body).strip(), LONGEST_BODY)
    )


def _listed(lines: Sequence[str], number: int) -> str:
    shown: list[str] = []
    room = LONGEST_BODY - 100
    for line in lines:
        room -= len(line) + 3
        if room < 0:
            break
        shown.append(f"- {line}")
    rest = number - len(shown)
    return "\n".join([*shown, f"and {rest} more"] if rest else shown)


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 4] + " ..."
