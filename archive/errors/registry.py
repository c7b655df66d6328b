# SPDX-License-Identifier: Apache-2.0
"""The states in which the registry refuses, or no longer proves its history."""

from __future__ import annotations

from archive.errors.base import ArchiveError, Retry


class RegistryError(ArchiveError):
    """The registry refuses or cannot be reached."""

    code = "registry.error"


class RegistryUnreachable(RegistryError):
    """The database is locked, full, read-only or away."""

    code = "registry.unreachable"
    retry = Retry.AUTO
    default_consequence = "No state was changed; work that was running comes back when its lease ends."
    default_remedy = (
        "Check the disk's free space and rights, or the database server, then run the command again."
    )


class RegistryOvertaken(RegistryError):
    """Two have written the same at the same moment, on a server that lets many write at once; one was first."""

    code = "registry.overtaken"
    retry = Retry.AUTO
    default_consequence = "What the other one wrote stands; nothing of this change was kept."
    default_remedy = "Look how things are now, and run the command again if they are not as you want them."


class RegistryValueRefused(RegistryError):
    """A value cannot be kept in this database, such as a text with a NUL character in PostgreSQL."""

    code = "registry.value_refused"
    default_consequence = "Nothing was changed."
    default_remedy = (
        "Look for control characters or a number out of range where the value comes from, and mend it there."
    )


class RegistryTooNew(RegistryError):
    """A newer Recto has upgraded the registry."""

    code = "registry.too_new"
    default_consequence = "Nothing was read or written, so that nothing written by the newer Recto is harmed."
    default_remedy = "Install the newer Recto on this machine too."


class BatchUnknown(RegistryError):
    """No batch of that name is in the registry."""

    code = "registry.batch_unknown"
    default_consequence = "Nothing was changed."
    default_remedy = "See the names with: recto batch status"


class ItemUnknown(RegistryError):
    """A batch has no item of that name."""

    code = "registry.item_unknown"
    default_consequence = "Nothing was changed."
    default_remedy = "See the items with: recto batch status BATCH"


class StageUnknown(RegistryError):
    """No pipeline of the batches that are meant has a stage of that name."""

    code = "registry.stage_unknown"
    default_consequence = "Nothing was changed."
    default_remedy = "See the stages of a batch with: recto batch status BATCH"


class UnitUnknown(RegistryError):
    """An item has no such chunk of a stage."""

    code = "registry.unit_unknown"
    default_consequence = "Nothing was changed."
    default_remedy = "See what stands still with: recto batch status BATCH"


class SuggestionUnknown(RegistryError):
    """A batch has no such suggestion."""

    code = "registry.suggestion_unknown"
    default_consequence = "Nothing was changed."
    default_remedy = "See what is suggested with: recto suggestions list BATCH"


class BatchExists(RegistryError):
    """Another batch of that name is in the registry already."""

    code = "registry.batch_exists"
    default_consequence = "Nothing was created; the batch in the registry is untouched."
    default_remedy = "Give the new batch an id of its own, or go on with the old one: recto batch resume"


class ChainBroken(RegistryError):
    """An event of the chain was altered, inserted or removed."""

    code = "registry.chain_broken"
    default_consequence = "The history of this batch can no longer be proved from here on."
    default_remedy = "Restore the registry from its backup and compare; tell whoever answers for the archive."


class LeaseLost(RegistryError):
    """Another worker has taken over the unit: what this one found no longer counts."""

    code = "registry.lease_lost"
    default_consequence = "This worker's result was dropped; the unit's new owner carries on."
    default_remedy = "Nothing to do; if it happens often, raise lease_seconds in the settings."


class MastersReleased(RegistryError):
    """The masters and the bag of an item are no longer here: stored copies have taken their place."""

    code = "registry.masters_released"
    default_consequence = "Nothing was changed; the stored copies hold every byte of the item."
    default_remedy = "Fetch the bag from where it is stored; its files are below data/ in it."


class BackupUnusable(RegistryError):
    """A backup of the registry is not what it must be."""

    code = "backup.unusable"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was restored; the registry is as it was."
    default_remedy = "Take another backup: recto registry backups lists them."


class BackupProgramFailed(RegistryError):
    """A program that copies a database server's data is not installed, or ended with an error."""

    code = "backup.program_failed"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No backup was made or restored; the registry is as it was."
    default_remedy = (
        "Install PostgreSQL's own programs, not older than the server: apt-get install postgresql-client"
    )


class RegistryInUse(RegistryError):
    """A registry is there already, where one is to be restored, or somebody has it open."""

    code = "backup.registry_in_use"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was restored; the registry is as it was."
    default_remedy = "Stop all of Recto, then give --force: the registry of now is kept aside."
