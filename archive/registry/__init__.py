# SPDX-License-Identifier: Apache-2.0
"""The database that holds batches, pages, the stage ledger and the event chain; SQLAlchemy lives only here."""

from sqlalchemy.orm import Session

from archive.registry.database import Registry, open_registry

__all__ = ["Registry", "Session", "open_registry"]
