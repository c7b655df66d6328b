# SPDX-License-Identifier: Apache-2.0
"""What the operator reads when a batch cannot go on: one entry for each code of the workers' floor."""

from __future__ import annotations

from app.desktop.failures.wording import Wording
from app.desktop.language.marking import QT_TRANSLATE_NOOP

WORKERS: dict[str, Wording] = {
    "workflow.error": Wording(
        QT_TRANSLATE_NOOP("failures", "The batch cannot go on"),
        QT_TRANSLATE_NOOP("failures", "Finished work is kept."),
        QT_TRANSLATE_NOOP("failures", "Look at the details, then try again."),
        QT_TRANSLATE_NOOP("failures", "Show on the board"),
        "board",
        message_matters=True,
    ),
    "settings.invalid": Wording(
        QT_TRANSLATE_NOOP("failures", "The settings cannot be used"),
        QT_TRANSLATE_NOOP("failures", "Nothing was started, read or written."),
        QT_TRANSLATE_NOOP("failures", "Correct the setting that is named below."),
        QT_TRANSLATE_NOOP("failures", "Open settings"),
        "settings",
        message_matters=True,
    ),
    "broker.unavailable": Wording(
        QT_TRANSLATE_NOOP("failures", "The work queue cannot be reached"),
        QT_TRANSLATE_NOOP(
            "failures", "Capturing goes on. Finished items wait here and are sent when the queue is back."
        ),
        QT_TRANSLATE_NOOP("failures", "Check the network and the address of the broker under Settings."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "settings",
    ),
    "secrets.unavailable": Wording(
        QT_TRANSLATE_NOOP("failures", "The keyring gives no access keys"),
        QT_TRANSLATE_NOOP("failures", "No access key was read, kept or sent. Nothing else was changed."),
        QT_TRANSLATE_NOOP("failures", "Unlock the keyring of your session, then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "settings",
    ),
    "secrets.no_keyring": Wording(
        QT_TRANSLATE_NOOP("failures", "This session has no keyring"),
        QT_TRANSLATE_NOOP("failures", "No access key was read, kept or sent. Nothing else was changed."),
        QT_TRANSLATE_NOOP(
            "failures",
            "Log in to a desktop session that has a keyring, or have the access keys set for this computer.",
        ),
        QT_TRANSLATE_NOOP("failures", "Open settings"),
        "settings",
    ),
    "notification.not_sent": Wording(
        QT_TRANSLATE_NOOP("failures", "A message could not be sent"),
        QT_TRANSLATE_NOOP("failures", "It waits and is sent again later. Work goes on."),
        QT_TRANSLATE_NOOP("failures", "Look whether the service is there and its address is right."),
        QT_TRANSLATE_NOOP("failures", "Open settings"),
        "settings",
        message_matters=True,
    ),
    "backup.unusable": Wording(
        QT_TRANSLATE_NOOP("failures", "This backup of the registry cannot be used"),
        QT_TRANSLATE_NOOP("failures", "Nothing was restored. The registry is as it was."),
        QT_TRANSLATE_NOOP("failures", "Take another backup."),
        QT_TRANSLATE_NOOP("failures", "Show the details"),
        "settings",
        message_matters=True,
    ),
    "backup.program_failed": Wording(
        QT_TRANSLATE_NOOP("failures", "The registry was not backed up"),
        QT_TRANSLATE_NOOP("failures", "No backup was made or restored. The registry is as it was."),
        QT_TRANSLATE_NOOP("failures", "Have the programs of the database server installed on this computer."),
        QT_TRANSLATE_NOOP("failures", "Show the details"),
        "settings",
        message_matters=True,
    ),
    "backup.registry_in_use": Wording(
        QT_TRANSLATE_NOOP("failures", "There is a registry already"),
        QT_TRANSLATE_NOOP("failures", "Nothing was restored. The registry is as it was."),
        QT_TRANSLATE_NOOP(
            "failures", "Close all of Recto first, and say that the registry is to be replaced."
        ),
        QT_TRANSLATE_NOOP("failures", "Show the details"),
        "settings",
        message_matters=True,
    ),
    "station.busy": Wording(
        QT_TRANSLATE_NOOP("failures", "Another Recto on this computer holds what is needed"),
        QT_TRANSLATE_NOOP("failures", "Nothing was started."),
        QT_TRANSLATE_NOOP("failures", "Close the other one or wait for it, then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "node.protocol_differs": Wording(
        QT_TRANSLATE_NOOP("failures", "This Recto and those on other machines do not fit together"),
        QT_TRANSLATE_NOOP("failures", "Nothing was started here; the others go on."),
        QT_TRANSLATE_NOOP("failures", "Have the same version installed on all machines, then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "manifest.refused": Wording(
        QT_TRANSLATE_NOOP("failures", "No batch can be made from this manifest"),
        QT_TRANSLATE_NOOP("failures", "Nothing was created."),
        QT_TRANSLATE_NOOP("failures", "Correct the problems in the manifest, then import it again."),
        QT_TRANSLATE_NOOP("failures", "Show the problems"),
        "importing",
        message_matters=True,
    ),
    "pipeline.refused": Wording(
        QT_TRANSLATE_NOOP("failures", "The pipeline of this batch cannot be used"),
        QT_TRANSLATE_NOOP("failures", "Nothing was created."),
        QT_TRANSLATE_NOOP(
            "failures", "Correct the pipeline or choose another one, then import the manifest again."
        ),
        QT_TRANSLATE_NOOP("failures", "Show the problems"),
        "importing",
        message_matters=True,
    ),
    "step.unknown": Wording(
        QT_TRANSLATE_NOOP("failures", "This computer does not know a step of the pipeline"),
        QT_TRANSLATE_NOOP("failures", "The item waits at this step. Nothing is lost."),
        QT_TRANSLATE_NOOP("failures", "Have the package installed that offers the step, then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "step.broken": Wording(
        QT_TRANSLATE_NOOP("failures", "A step of your own cannot be used"),
        QT_TRANSLATE_NOOP("failures", "The item waits at this step. Nothing is lost."),
        QT_TRANSLATE_NOOP("failures", "Have the package that is named below mended, then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "work.delayed": Wording(
        QT_TRANSLATE_NOOP("failures", "What the work needs is away now"),
        QT_TRANSLATE_NOOP(
            "failures", "The work waits and goes on by itself. Nothing that was finished is lost."
        ),
        QT_TRANSLATE_NOOP("failures", "Nothing needs doing if what is named comes back."),
        QT_TRANSLATE_NOOP("failures", "Show on the board"),
        "board",
        message_matters=True,
    ),
    "staging.delayed": Wording(
        QT_TRANSLATE_NOOP("failures", "Page files cannot be fetched or handed on now"),
        QT_TRANSLATE_NOOP(
            "failures", "The work waits and goes on by itself. Nothing that was finished is lost."
        ),
        QT_TRANSLATE_NOOP(
            "failures",
            "Nothing needs doing if the network comes back. Otherwise check the connection under Settings.",
        ),
        QT_TRANSLATE_NOOP("failures", "Check connection"),
        "settings",
        message_matters=True,
    ),
    "staging.not_staged": Wording(
        QT_TRANSLATE_NOOP("failures", "A page file has not come from its computer yet"),
        QT_TRANSLATE_NOOP("failures", "The work waits until the computer that has the file sends it."),
        QT_TRANSLATE_NOOP(
            "failures",
            "Switch on the station of this batch. If the computer that made the file is gone for good, do that "
            "stage again.",
        ),
        QT_TRANSLATE_NOOP("failures", "Show on the board"),
        "board",
        message_matters=True,
    ),
    "staging.cache_too_small": Wording(
        QT_TRANSLATE_NOOP("failures", "An item does not fit into the room for other stations' files"),
        QT_TRANSLATE_NOOP("failures", "The work was not begun. Nothing was fetched."),
        QT_TRANSLATE_NOOP(
            "failures", "Give more room to other stations' files on the computer named below, then try again."
        ),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "enrichment.provider_unknown": Wording(
        QT_TRANSLATE_NOOP("failures", "There is no such provider of suggestions"),
        QT_TRANSLATE_NOOP("failures", "Nothing was sent or changed."),
        QT_TRANSLATE_NOOP("failures", "Have the package installed that offers it, or choose another."),
        QT_TRANSLATE_NOOP("failures", "Open settings"),
        "settings",
        message_matters=True,
    ),
    "enrichment.provider_broken": Wording(
        QT_TRANSLATE_NOOP("failures", "A provider of suggestions cannot be used"),
        QT_TRANSLATE_NOOP("failures", "It suggests nothing; the items go on without."),
        QT_TRANSLATE_NOOP("failures", "Have the package updated that is named below."),
        QT_TRANSLATE_NOOP("failures", "Open settings"),
        "settings",
        message_matters=True,
    ),
    "enrichment.provider_failed": Wording(
        QT_TRANSLATE_NOOP("failures", "A provider gave no suggestions"),
        QT_TRANSLATE_NOOP("failures", "The item goes on without them."),
        QT_TRANSLATE_NOOP("failures", "Check the address and the key of the provider under Settings."),
        QT_TRANSLATE_NOOP("failures", "Open settings"),
        "settings",
        message_matters=True,
    ),
    "program.missing": Wording(
        QT_TRANSLATE_NOOP("failures", "A program that this step needs is not installed"),
        QT_TRANSLATE_NOOP("failures", "The item waits at this step. Nothing is lost."),
        QT_TRANSLATE_NOOP("failures", "Have the program that is named below installed, then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "source.missing": Wording(
        QT_TRANSLATE_NOOP("failures", "An image that the manifest names is gone"),
        QT_TRANSLATE_NOOP("failures", "The item waits. No page of it was taken in."),
        QT_TRANSLATE_NOOP("failures", "Put the images back where the manifest names them, then try again."),
        QT_TRANSLATE_NOOP("failures", "Images are back, try again"),
        "board",
        message_matters=True,
    ),
    "disk.low": Wording(
        QT_TRANSLATE_NOOP("failures", "The disk is nearly full"),
        QT_TRANSLATE_NOOP("failures", "The item waits. Nothing was captured that could not be kept."),
        QT_TRANSLATE_NOOP("failures", "Make room, or choose a larger disk under Settings. Then try again."),
        QT_TRANSLATE_NOOP("failures", "Room made, try again"),
        "settings",
    ),
    "capture.next_sheet": Wording(
        QT_TRANSLATE_NOOP("failures", "The next sheet is needed"),
        QT_TRANSLATE_NOOP("failures", "The pages captured so far are kept and are not scanned again."),
        QT_TRANSLATE_NOOP("failures", "Put the next sheet on the glass, then go on."),
        QT_TRANSLATE_NOOP("failures", "Sheet is there, go on"),
        "capture",
    ),
    "capture.interrupted": Wording(
        QT_TRANSLATE_NOOP("failures", "The capture ended in the middle"),
        QT_TRANSLATE_NOOP(
            "failures", "The pages that arrived whole are kept. Nothing was scanned a second time."
        ),
        QT_TRANSLATE_NOOP(
            "failures",
            "Put the sheet of the page that is missing on top of the rest, or on the glass. Then go on.",
        ),
        QT_TRANSLATE_NOOP("failures", "Go on"),
        "capture",
    ),
    "capture.pages_missing": Wording(
        QT_TRANSLATE_NOOP("failures", "The feeder ran empty too early"),
        QT_TRANSLATE_NOOP("failures", "The pages captured so far are kept and are not scanned again."),
        QT_TRANSLATE_NOOP("failures", "Put the missing sheets into the feeder, then go on."),
        QT_TRANSLATE_NOOP("failures", "Sheets loaded, go on"),
        "capture",
        message_matters=True,
    ),
    "capture.refused": Wording(
        QT_TRANSLATE_NOOP("failures", "The scanner does not deliver what the manifest asks for"),
        QT_TRANSLATE_NOOP("failures", "No page was kept that does not fit the manifest."),
        QT_TRANSLATE_NOOP(
            "failures", "Choose another scanner, or correct resolution or settings in the manifest."
        ),
        QT_TRANSLATE_NOOP("failures", "Choose a scanner"),
        "devices",
        message_matters=True,
    ),
    "quality.held": Wording(
        QT_TRANSLATE_NOOP("failures", "Pages did not pass the quality checks"),
        QT_TRANSLATE_NOOP("failures", "The item is held. Its pages are kept as they are."),
        QT_TRANSLATE_NOOP(
            "failures", "Look at the pages: accept them with a reason, or send them to retake."
        ),
        QT_TRANSLATE_NOOP("failures", "Look at the pages"),
        "quality",
    ),
    "master.changed": Wording(
        QT_TRANSLATE_NOOP("failures", "A page's file is not as it was captured"),
        QT_TRANSLATE_NOOP("failures", "Nothing was made from the changed file. No bag was written."),
        QT_TRANSLATE_NOOP(
            "failures", "Put the file back from a copy. If there is none, capture the page again."
        ),
        QT_TRANSLATE_NOOP("failures", "Show on the board"),
        "board",
        message_matters=True,
    ),
    "capture.waits": Wording(
        QT_TRANSLATE_NOOP("failures", "Capture waits for room on the disk"),
        QT_TRANSLATE_NOOP("failures", "It goes on by itself. What was captured is worked on meanwhile."),
        QT_TRANSLATE_NOOP("failures", "Make room, or release masters that are stored."),
        QT_TRANSLATE_NOOP("failures", "Show on the board"),
        "board",
        message_matters=True,
    ),
    "unit.time_limit": Wording(
        QT_TRANSLATE_NOOP("failures", "A step took longer than allowed"),
        QT_TRANSLATE_NOOP("failures", "The step is tried once more by itself. Finished pages are kept."),
        QT_TRANSLATE_NOOP("failures", "If it happens again, look at the item on the board."),
        QT_TRANSLATE_NOOP("failures", "Show on the board"),
        "board",
    ),
    "filesystem": Wording(
        QT_TRANSLATE_NOOP("failures", "The disk refused"),
        QT_TRANSLATE_NOOP("failures", "What was finished before is kept. Nothing half-written counts."),
        QT_TRANSLATE_NOOP("failures", "Check the free space and the rights of the folder, then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "settings",
        message_matters=True,
    ),
    "desktop.crashed": Wording(
        QT_TRANSLATE_NOOP("failures", "Recto ended unexpectedly when it ran last"),
        QT_TRANSLATE_NOOP("failures", "Captured pages are on the disk."),
        QT_TRANSLATE_NOOP(
            "failures",
            "Go on working. If it happens again, save a report and send it to those who look after Recto.",
        ),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
    ),
    "unexpected": Wording(
        QT_TRANSLATE_NOOP("failures", "Something went wrong inside Recto"),
        QT_TRANSLATE_NOOP("failures", "The step stands still. Finished work is kept."),
        QT_TRANSLATE_NOOP(
            "failures",
            "Try again. If it happens again, save a report and send it to those who look after Recto.",
        ),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
}
