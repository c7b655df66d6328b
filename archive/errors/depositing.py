# SPDX-License-Identifier: Apache-2.0
"""The states in which depositors and the bags that they send cannot be dealt with as asked."""

from __future__ import annotations

from archive.errors.base import ArchiveError


class DepositError(ArchiveError):
    """A depositor, or a bag of one, cannot be dealt with as asked."""

    code = "deposit.error"


class InstitutionUnknown(DepositError):
    """No depositor has this identifier."""

    code = "deposit.institution_unknown"
    default_consequence = "Nothing was changed."
    default_remedy = "See them with: recto institution list"


class InstitutionExists(DepositError):
    """A depositor of this identifier is registered already."""

    code = "deposit.institution_exists"
    default_consequence = "Nothing was changed; the registered one is untouched."
    default_remedy = "Look at it with: recto institution show ID; change it with: recto institution change ID"


class InstitutionInvalid(DepositError):
    """What was told of a depositor cannot be used."""

    code = "deposit.institution_invalid"
    default_consequence = "Nothing was registered or changed."
    default_remedy = "See how it is called with: recto institution add --help"


class WorkItemUnknown(DepositError):
    """No bag that arrived has this number."""

    code = "deposit.work_item_unknown"
    default_consequence = "Nothing was changed."
    default_remedy = "See them with: recto receive list"


class WorkItemExists(DepositError):
    """The same content under the same name is a work item already."""

    code = "deposit.work_item_exists"
    default_consequence = "No second one was made; the bag is ingested once."
    default_remedy = "Nothing need be done; see it with: recto receive list"


class WorkItemSettled(DepositError):
    """A bag that arrived has come to its end, and cannot be taken up or given up any more."""

    code = "deposit.work_item_settled"
    default_consequence = "Nothing was changed."
    default_remedy = "See how it ended with: recto receive show WORK_ITEM"
