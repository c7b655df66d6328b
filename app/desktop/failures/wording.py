# SPDX-License-Identifier: Apache-2.0
"""What is said to the operator about an error of one code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences to be translated in the context "failures".

    Attributes:
        headline: What happened, in the words of somebody who stands in front of it.
        consequence: What it means for the work.
        remedy: What to do.
        button: Words on the button that does it, or that says that it has been done.
        screen: Id of the screen where it can be done, or "report".
        message_matters: Whether the error's own sentence names something that the operator must know.
    """

    headline: str
    consequence: str
    remedy: str
    button: str
    screen: str
    message_matters: bool = False
