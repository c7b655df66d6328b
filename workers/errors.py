# SPDX-License-Identifier: Apache-2.0
"""Errors of the workers' floor: settings, broker and the way from stage to stage.

WorkflowError
├── SettingsInvalid     the settings cannot be used
├── BrokerUnavailable   no broker can be reached or started
├── SecretsUnavailable  the keyring does not give or take a secret
│   └── KeyringMissing  nothing keeps secrets in this session
├── StationBusy         another process of this station holds what is needed
├── ProtocolDiffers     nodes at work share the registry by other rules than this Recto
├── ManifestRefused     a batch cannot be made from this manifest
├── PipelineRefused     a pipeline cannot be used, or there is none of that name
├── WorkDelayed         what a unit needs is away now; it waits, and no attempt is counted
├── NotificationNotSent a target did not take a message
├── StepUnknown         no step has the name that a pipeline gives
├── StepBroken          a step of the site's own cannot be used
├── ProviderUnknown     nothing that is installed suggests under this name
├── ProviderBroken      a provider of suggestions cannot be used
├── ProviderFailed      a provider was asked and gave no suggestions
└── ProgramMissing      something a stage needs is not installed
"""

from __future__ import annotations

from archive.errors import ArchiveError, Retry


class WorkflowError(ArchiveError):
    """Base of the errors of the workers' floor; it speaks and travels as all errors of Recto do."""

    code = "workflow.error"


class SettingsInvalid(WorkflowError):
    """The settings cannot be used."""

    code = "settings.invalid"
    default_consequence = "Nothing was started, read or written."
    default_remedy = "Mend the settings file or the RECTO_* variables; docs/settings.md lists all of them."


class BrokerUnavailable(WorkflowError):
    """No broker can be reached or started."""

    code = "broker.unavailable"
    retry = Retry.AUTO
    default_consequence = "Nothing was sent to a worker; the ledger keeps what is to be done."
    default_remedy = "Check RECTO_BROKER_URL, or leave it out so that Recto starts a broker of its own."


class SecretsUnavailable(WorkflowError):
    """The keyring does not give or take a secret."""

    code = "secrets.unavailable"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No secret was read, kept or sent; nothing else was changed."
    default_remedy = "Unlock the keyring of your session, then try again. Keys may also come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."


class KeyringMissing(SecretsUnavailable):
    """Nothing keeps secrets in this session."""

    code = "secrets.no_keyring"
    default_remedy = "Start a secret service (GNOME Keyring, KWallet), or give keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."


class StationBusy(WorkflowError):
    """Another process of this station holds what is needed."""

    code = "station.busy"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was started."
    default_remedy = "Wait for the other process, or end it, then try again."


class ProtocolDiffers(WorkflowError):
    """Nodes at work share the registry by other rules than this Recto."""

    code = "node.protocol_differs"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "This process does not start; the nodes at work go on undisturbed."
    default_remedy = "Install the same Recto on all machines of the site; stop the older nodes before the newer ones start."


class ManifestRefused(WorkflowError):
    """A batch cannot be made from this manifest."""

    code = "manifest.refused"
    default_consequence = "Nothing was created."
    default_remedy = "See all problems with: recto manifest check FILE"


class PipelineRefused(WorkflowError):
    """A pipeline cannot be used, or there is none of that name."""

    code = "pipeline.refused"
    default_consequence = "Nothing was created."
    default_remedy = "See all problems with: recto pipeline check FILE"


class WorkDelayed(WorkflowError):
    """What a unit needs is away now: the unit waits, however long that takes, and no attempt is counted."""

    code = "work.delayed"
    retry = Retry.AUTO
    default_consequence = "The unit waits and is tried again by itself; nothing that was finished is lost."
    default_remedy = "Nothing needs doing if what is named comes back; otherwise see to it."


class StepUnknown(WorkflowError):
    """No step has the name that a pipeline gives."""

    code = "step.unknown"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The stage that needs it cannot run here; finished stages are kept."
    default_remedy = "Install the package that offers the step on this computer, then: recto batch retry."


class StepBroken(WorkflowError):
    """A step of the site's own cannot be used."""

    code = "step.broken"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The stage that needs it cannot run here; finished stages are kept."
    default_remedy = (
        "Mend or update the package that is named, see it with: recto doctor, then: recto batch retry."
    )


class ProviderUnknown(WorkflowError):
    """Nothing that is installed suggests under this name."""

    code = "enrichment.provider_unknown"
    default_consequence = "Nothing was sent or changed."
    default_remedy = "See which there are with: recto suggestions providers"


class ProviderBroken(WorkflowError):
    """A provider of suggestions cannot be used."""

    code = "enrichment.provider_broken"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "It suggests nothing; the items go on without."
    default_remedy = "Mend or update the package that is named, then run the stage again."


class ProviderFailed(WorkflowError):
    """A provider was asked and gave no suggestions."""

    code = "enrichment.provider_failed"
    default_consequence = "It suggested nothing for this item; the item goes on without."
    default_remedy = "Look at the settings of enrichment.remote and at its server, then run the stage again."


class ProgramMissing(WorkflowError):
    """Something a stage needs is not installed here."""

    code = "program.missing"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The item waits at this stage; nothing is lost."
    default_remedy = "See what is missing with: recto doctor"


class SourceMissing(WorkflowError):
    """An image that the manifest names is gone."""

    code = "source.missing"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The item waits; no page of it was taken in."
    default_remedy = "Put the images back where the manifest names them, then: recto batch retry."


class DiskLow(WorkflowError):
    """The disk has no room for the work."""

    code = "disk.low"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The item waits; nothing was captured that could not be kept."
    default_remedy = "Make room, or set data_directory to a larger disk, then: recto batch retry."


class CaptureWaits(WorkflowError):
    """No page may be captured now: the disk is nearly full."""

    code = "capture.waits"
    retry = Retry.AUTO
    default_consequence = "Capture waits, and goes on by itself; what was captured is worked on meanwhile."
    default_remedy = "Make room, release stored masters, or lower limits.free_bytes in the settings."


class TimeLimitReached(WorkflowError):
    """A unit did not end within its time limit."""

    code = "unit.time_limit"
    retry = Retry.AUTO
    default_consequence = (
        "The unit was ended; what it finished page by page is kept, and nothing half-written counts."
    )
    default_remedy = "Look at the log of the item; if the work is only slow, raise soft_limit of the stage in the pipeline. Then: recto batch retry."


class NextSheet(WorkflowError):
    """A real flatbed needs a person to turn the page."""

    code = "capture.next_sheet"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The pages captured so far are kept and are not scanned again."
    default_remedy = "Put the next sheet on the glass, then: recto batch retry."


class CaptureInterrupted(WorkflowError):
    """A capture on a real scanner ended in the middle, and nobody knows where the sheets are."""

    code = "capture.interrupted"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The pages that arrived whole are kept; nothing was scanned a second time."
    default_remedy = (
        "Put the sheet of that page on top of the rest, or on the glass, then: recto batch retry."
    )


class PagesMissing(WorkflowError):
    """The feeder ran empty before the manifest's count."""

    code = "capture.pages_missing"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The pages captured so far are kept and are not scanned again."
    default_remedy = "Put the missing sheets into the feeder, then: recto batch retry."


class CaptureRefused(WorkflowError):
    """What the scanner delivers is not what the manifest demands."""

    code = "capture.refused"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No page was kept that violates the manifest."
    default_remedy = "Choose another scanner or correct the manifest's resolution or settings."


class QualityHeld(WorkflowError):
    """Blocking quality checks failed on pages of the item."""

    code = "quality.held"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The item is held; its masters are kept as they are."
    default_remedy = "Look at the pages, then accept them: recto batch accept BATCH --reason TEXT."


class MasterChanged(WorkflowError):
    """A file's bytes are not those that were recorded when it was written."""

    code = "master.changed"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was made from the altered file; no bag was written."
    default_remedy = "Put the file back from a copy; if there is none, capture the page again."


class NotificationNotSent(WorkflowError):
    """A target did not take a message."""

    code = "notification.not_sent"
    retry = Retry.AUTO
    default_consequence = "The message waits and is sent again later; work goes on."
    default_remedy = "Look whether the service is there and the address is right: recto notify test."
