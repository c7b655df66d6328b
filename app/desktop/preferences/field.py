# SPDX-License-Identifier: Apache-2.0
"""A setting as the screen shows it, made from the typed settings: where it is, what it takes, what it means."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workers.settings import Settings
from workers.settings_overrides import overriding_variable


class Kind(StrEnum):
    """What a setting takes."""

    SWITCH = "switch"
    WHOLE = "whole"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    PATH = "path"
    WORDS = "words"
    """Several texts, one a line."""
    OTHER = "other"
    """Several tables; edited by a list of its own."""


@dataclass(frozen=True, slots=True)
class SettingField:
    """A setting.

    Attributes:
        key: Names of tables and of the key.
        description: What it means, from the settings' own description.
        kind: What it takes.
        optional: Whether it may be left out, so that Recto or the system decides.
        choices: The values of a choice.
        lowest: The smallest number, None for any.
        highest: The greatest number, None for any.
        default: The ordinary value.
        is_required: Whether there is none.
    """

    key: tuple[str, ...]
    description: str
    kind: Kind
    optional: bool = False
    choices: tuple[str, ...] = ()
    lowest: float | None = None
    highest: float | None = None
    default: Any = None
    is_required: bool = False

    @property
    def name(self) -> str:
        """The key as the file and the documentation write it: "ledger.lease_seconds"."""
        return ".".join(self.key)

    def value_in(self, settings: Settings) -> Any:
        """What the settings say."""
        value: Any = settings
        for step in self.key:
            value = value[step] if isinstance(value, dict) else getattr(value, step)
        return value

    def has_place_in(self, settings: Settings) -> bool:
        """Whether its table is there: one of several may have been removed."""
        value: Any = settings
        for step in self.key:
            if isinstance(value, dict) and step not in value:
                return False
            value = value[step] if isinstance(value, dict) else getattr(value, step)
        return True

    def overriding_variable(self) -> str | None:
        """The variable of the environment that decides over it; None where the file does."""
        return overriding_variable(self.key)


def setting_fields(model: type[BaseModel] = Settings, above: tuple[str, ...] = ()) -> Iterator[SettingField]:
    """All settings of a model, in its order; those of its tables after its own."""
    tables: list[tuple[str, type[BaseModel]]] = []
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            tables.append((name, info.annotation))
        else:
            yield _field((*above, name), info)
    for name, table in tables:
        yield from setting_fields(table, (*above, name))


def _field(key: tuple[str, ...], info: FieldInfo) -> SettingField:
    annotation, optional = _without_none(info.annotation)
    kind, choices = _kind(annotation)
    return SettingField(
        key=key,
        description=info.description or "",
        kind=kind,
        optional=optional,
        choices=choices,
        lowest=_limit(info, Ge, Gt),
        highest=_limit(info, Le, Lt),
        default=None if info.is_required() else info.get_default(call_default_factory=True),
        is_required=info.is_required(),
    )


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) not in {typing.Union, types.UnionType}:
        return annotation, False
    others = [part for part in get_args(annotation) if part is not type(None)]
    return (others[0] if len(others) == 1 else annotation), len(others) < len(get_args(annotation))


_KINDS: dict[Any, Kind] = {
    bool: Kind.SWITCH,
    int: Kind.WHOLE,
    float: Kind.NUMBER,
    str: Kind.TEXT,
    Path: Kind.PATH,
    tuple[str, ...]: Kind.WORDS,
}


def _kind(annotation: Any) -> tuple[Kind, tuple[str, ...]]:
    if get_origin(annotation) is Literal:
        return Kind.CHOICE, tuple(str(choice) for choice in get_args(annotation))
    return _KINDS.get(annotation, Kind.OTHER), ()


def _limit(info: FieldInfo, inclusive: type[Ge | Le], exclusive: type[Gt | Lt]) -> float | None:
    for rule in info.metadata:
        if isinstance(rule, (inclusive, exclusive)):
            limit = getattr(rule, type(rule).__name__.lower())
            return float(limit)
    return None
