# SPDX-License-Identifier: Apache-2.0
"""Conditions of stages: a small closed language about a unit's facts, read by a parser of its own.

    condition   alternative ("or" alternative)*
    alternative part ("and" part)*
    part        "not" part | "(" condition ")" | "true" | "false" | statement
    statement   FACT                                     of a fact that is true or false
              | FACT ("=" | "!=" | "<" | "<=" | ">" | ">=") VALUE
              | FACT ["not"] "in" "[" VALUE ("," VALUE)* "]"
              | FACT ["not"] "contains" VALUE             a text in a text, or one of a list
              | FACT "is" ["not"] "set"
    VALUE       a number, or a text in quotation marks, or true, false

A comparison with a fact that is not set does not hold; "!=" and the forms with "not" hold exactly where
their opposites do not.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from archive.manifest.nearest import did_you_mean
from archive.manifest.problems import shown
from workers.pipelines.condition_tokens import ConditionInvalid, Kind, Token, tokens_of
from workers.pipelines.facts import FACTS, FAMILIES, FactKind, kind_of

DEEPEST = 32
"""How deep parentheses and "not" may be nested."""

Test = Callable[[Mapping[str, Any]], bool]

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was read.

    Attributes:
        source: Its text.
        facts: The facts that it asks for.
    """

    source: str
    facts: frozenset[str]
    _test: Test

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Whether it holds for these facts; an absent one is not set."""
        return self._test(facts)


def parse_condition(text: str) -> Condition:
    """Read a condition.

    Raises:
        ConditionInvalid: The text is none; the error knows the position.
    """
    parser = _Parser(text)
    test = parser.whole()
    return Condition(text, frozenset(parser.facts), test)


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = tokens_of(text)
        self.place = 0
        self.facts: set[str] = set()

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def step(self) -> Token:
        token = self.token
        if token.kind is not Kind.END:
            self.place += 1
        return token

    def takes(self, *words: str) -> str | None:
        """Step over one of these words or signs, if it comes next."""
        if self.token.kind in {Kind.WORD, Kind.SIGN} and self.token.text in words:
            return self.step().text
        return None

    def expect(self, word: str) -> None:
        if self.takes(word) is None:
            raise self.unexpected(f"{shown(word)} is expected")

    def unexpected(self, what: str) -> ConditionInvalid:
        there = "the condition ends" if self.token.kind is Kind.END else f"there is {shown(self.token.text)}"
        return ConditionInvalid(self.token.position, f"{what}, but {there}.", "Correct the condition here.")

    def whole(self) -> Test:
        test = self.condition(DEEPEST)
        if self.token.kind is not Kind.END:
            raise self.unexpected("“and”, “or” or the end is expected")
        return test

    def condition(self, depth: int) -> Test:
        tests = [self.alternative(depth)]
        while self.takes("or"):
            tests.append(self.alternative(depth))
        return tests[0] if len(tests) == 1 else lambda facts: any(test(facts) for test in tests)

    def alternative(self, depth: int) -> Test:
        tests = [self.part(depth)]
        while self.takes("and"):
            tests.append(self.part(depth))
        return tests[0] if len(tests) == 1 else lambda facts: all(test(facts) for test in tests)

    def part(self, depth: int) -> Test:
        if depth == 0:
            raise ConditionInvalid(
                self.token.position,
                f"Parentheses and “not” are nested more than {DEEPEST} deep.",
                "Write the condition in a simpler way.",
            )
        if self.takes("not"):
            return _opposite(self.part(depth - 1))
        if self.takes("("):
            test = self.condition(depth - 1)
            self.expect(")")
            return test
        if (word := self.takes("true", "false")) is not None:
            outcome = word == "true"
            return lambda _facts: outcome
        return self.statement()

    def statement(self) -> Test:
        name, kind, position = self.fact()
        if self.takes("is"):
            absent = self.takes("not") is not None
            self.expect("set")
            return lambda facts: (name not in facts) is absent
        if self.takes("not"):
            word = self.takes("in", "contains")
            if word is None:
                raise self.unexpected("“in” or “contains” is expected behind “not”")
            return _opposite(self.among(name, kind, word))
        if word := self.takes("in", "contains"):
            return self.among(name, kind, word)
        if sign := self.takes("=", "!=", *_ORDER):
            return self.comparison(name, kind, sign)
        if kind not in {"flag", "any"}:
            raise ConditionInvalid(
                position,
                f"{name} is {_article(kind)}, which neither holds nor does not.",
                f"Compare it, as in: {name} {'> 1' if kind == 'number' else 'is set'}.",
            )
        return lambda facts: facts.get(name) is True

    def fact(self) -> tuple[str, FactKind, int]:
        token = self.token
        if token.kind is not Kind.WORD or token.text in {"and", "or", "in", "is", "set", "contains"}:
            raise self.unexpected("The name of a fact is expected")
        self.step()
        kind = kind_of(token.text)
        if kind is None:
            known = [*FACTS, *(f"{family}.NAME" for family in FAMILIES)]
            raise ConditionInvalid(
                token.position, f"There is no fact {shown(token.text)}.", did_you_mean(token.text, known)
            )
        self.facts.add(token.text)
        return token.text, kind, token.position

    def comparison(self, name: str, kind: FactKind, sign: str) -> Test:
        value = self.value(name, kind, ordered=sign in _ORDER)
        if sign in _ORDER:
            order = _ORDER[sign]
            return lambda facts: _comparable(facts.get(name), value) and order(facts[name], value)
        equal: Test = lambda facts: name in facts and _same(facts[name], value)  # noqa: E731 (the opposite needs it too)
        return equal if sign == "=" else _opposite(equal)

    def among(self, name: str, kind: FactKind, word: str) -> Test:
        if word == "contains":
            if kind not in {"text", "texts", "any"}:
                raise self.unexpected(f"{name} is {_article(kind)} and contains nothing; “=” is expected")
            part = self.value(name, "text", ordered=False)
            return lambda facts: _contains(facts.get(name), part)
        self.expect("[")
        values = [self.value(name, kind, ordered=False)]
        while self.takes(","):
            values.append(self.value(name, kind, ordered=False))
        self.expect("]")
        return lambda facts: name in facts and any(_same(facts[name], value) for value in values)

    def value(self, name: str, kind: FactKind, *, ordered: bool) -> Any:
        token = self.token
        if token.kind is Kind.WORD and token.text in {"true", "false"}:
            value: Any = token.text == "true"
        elif token.kind is Kind.TEXT:
            value = token.text
        elif token.kind is Kind.NUMBER:
            value = float(token.text)
        elif token.kind is Kind.WORD:
            raise ConditionInvalid(
                token.position,
                f"{shown(token.text)} is no value.",
                f'Write a text in quotation marks, as in: {name} = "{token.text}".',
            )
        else:
            raise self.unexpected("A number or a text in quotation marks is expected")
        self._require_type(token, name, kind, value, ordered=ordered)
        self.step()
        return value

    def _require_type(self, token: Token, name: str, kind: FactKind, value: Any, *, ordered: bool) -> None:
        found = "flag" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
        if kind == "texts":
            raise ConditionInvalid(
                token.position,
                f"{name} is a list, which is not compared as a whole.",
                f"Write: {name} contains {token.text!r}.",
            )
        if kind not in {found, "any"}:
            raise ConditionInvalid(
                token.position,
                f"{name} is {_article(kind)} and is compared with {_article(found)}.",
                f"Compare it with {_article(kind)}.",
            )
        if ordered and found == "flag":
            raise ConditionInvalid(
                token.position, "True and false have no order.", 'Compare with "=" or "!=".'
            )


def _article(kind: str) -> str:
    return {
        "text": "a text",
        "number": "a number",
        "flag": "true or false",
        "texts": "a list of texts",
    }[kind]


def _opposite(test: Test) -> Test:
    return lambda facts: not test(facts)


def _same(fact: Any, value: Any) -> bool:
    # to Python, True equals 1
    return isinstance(fact, bool) is isinstance(value, bool) and bool(fact == value)


def _comparable(fact: Any, value: Any) -> bool:
    if isinstance(value, str):
        return isinstance(fact, str)
    return isinstance(fact, int | float) and not isinstance(fact, bool) and not math.isnan(fact)


def _contains(fact: Any, part: str) -> bool:
    return isinstance(fact, str | list | tuple) and part in fact
