# SPDX-License-Identifier: Apache-2.0
"""Verdicts: what a person thinks of a page whose item has gone on."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("verdict", "reason"):
        op.add_column("page", sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("reason", "verdict"):
        op.drop_column("page", name)
