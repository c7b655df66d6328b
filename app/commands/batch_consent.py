# SPDX-License-Identifier: Apache-2.0
"""`recto batch consent`: that texts of a batch may go to a provider of suggestions, or no longer."""

from __future__ import annotations

import click

from app.commands.batch_run import batch_argument
from app.json_option import as_json_option
from app.output import err, print_json
from workers.enrichment.consent import record_consent
from workers.node import Node
from workers.operations import acting
from workers.settings import load_settings


@click.command()
@batch_argument
@click.option("--provider", required=True, help="To whom, as `recto suggestions providers` lists it.")
@click.option("--reason", required=True, help="Why it may be so; it goes into the event chain.")
@click.option("--withdraw", is_flag=True, help="Take the consent back: nothing more is sent.")
@as_json_option
def consent(batch_id: str, provider: str, reason: str, *, withdraw: bool, as_json: bool) -> None:
    """Consent that recognised text of BATCH is sent to a provider of suggestions, or withdraw it."""
    if not withdraw:
        # providers come with all that looks at pages, which no other command on batches needs
        from workers.enrichment.registry import find_provider

        find_provider(provider)
    node = Node(load_settings())
    with node.registry.transaction() as session:
        changed = record_consent(
            session, batch_id, provider, given=not withdraw, reason=reason, agents=acting(node)
        )
    if as_json:
        print_json({"batch": batch_id, "provider": provider, "consent": not withdraw, "changed": changed})
    if withdraw:
        err.print(f"No text of batch {batch_id} is sent to {provider}. What was sent cannot be called back.")
    else:
        err.print(f"Text of batch {batch_id} may be sent to {provider}, where its pipeline asks for that.")
