# SPDX-License-Identifier: Apache-2.0
"""Alembic's entry: runs the migrations on the connection that `open_registry` hands over."""

from alembic import context

from archive.registry import receiving_tables  # noqa: F401 - its tables join the others
from archive.registry.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    # SQLite cannot alter most things in place; batch mode copies the table
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
