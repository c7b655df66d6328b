# SPDX-License-Identifier: Apache-2.0
"""The way of a bag that arrived, as the ledger knows it.

    receive, validate-bag, identify
    chord(group(chain(store, verify) per copy), record)
    receipt, clean-up

A chunk of `store` and `verify` is one copy: the unit whose first page is N serves the N-th preservation
location of the bag's storage option, so that a location which is away keeps no other copy from being made.
"""

from __future__ import annotations

from enum import StrEnum

from archive.registry.stages import HOUR, Per, Pipeline, StageRule


class IngestStage(StrEnum):
    """The stages of an ingest, in order; each is done by the step of the same name."""

    RECEIVE = "receive"
    VALIDATE_BAG = "validate-bag"
    IDENTIFY = "identify"
    STORE = "store"
    VERIFY = "verify"
    RECORD = "record"
    RECEIPT = "receipt"
    CLEAN_UP = "clean-up"


def _rule(stage: IngestStage, after: IngestStage | None, **more: object) -> StageRule:
    return StageRule(
        name=str(stage),
        step=str(stage),
        after=() if after is None else (str(after),),
        queue="io_bound",
        # the limit begins anew while bytes are counted
        soft_seconds=2 * HOUR - 60,
        hard_seconds=2 * HOUR,
        **more,  # type: ignore[arg-type]
    )


INGEST_PIPELINE = Pipeline(
    "ingest",
    "Ingest of a bag",
    "1",
    (
        _rule(IngestStage.RECEIVE, None),
        _rule(IngestStage.VALIDATE_BAG, IngestStage.RECEIVE),
        _rule(IngestStage.IDENTIFY, IngestStage.VALIDATE_BAG),
        _rule(IngestStage.STORE, IngestStage.IDENTIFY, per=Per.CHUNK, chunk_pages=1),
        _rule(IngestStage.VERIFY, IngestStage.STORE, per=Per.CHUNK, chunk_pages=1, same_chunk=True),
        _rule(IngestStage.RECORD, IngestStage.VERIFY),
        _rule(IngestStage.RECEIPT, IngestStage.RECORD),
        _rule(IngestStage.CLEAN_UP, IngestStage.RECEIPT),
    ),
)
