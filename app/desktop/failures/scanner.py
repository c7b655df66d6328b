# SPDX-License-Identifier: Apache-2.0
"""What the operator reads when a scanner cannot go on: one entry for each code of the hardware floor."""

from __future__ import annotations

from app.desktop.failures.wording import Wording
from app.desktop.language.marking import QT_TRANSLATE_NOOP

SCANNER: dict[str, Wording] = {
    "scanner.error": Wording(
        QT_TRANSLATE_NOOP("failures", "The scanner reported an error"),
        QT_TRANSLATE_NOOP("failures", "This page was not captured. The pages before it are kept."),
        QT_TRANSLATE_NOOP("failures", "Look at the scanner, then scan the page again."),
        QT_TRANSLATE_NOOP("failures", "Scan again"),
        "devices",
        message_matters=True,
    ),
    "scanner.device_not_found": Wording(
        QT_TRANSLATE_NOOP("failures", "The scanner does not answer"),
        QT_TRANSLATE_NOOP("failures", "Nothing was scanned."),
        QT_TRANSLATE_NOOP(
            "failures",
            "Check that it is switched on and that its cable is plugged in, then look for scanners again.",
        ),
        QT_TRANSLATE_NOOP("failures", "Look again"),
        "devices",
    ),
    "scanner.device_busy": Wording(
        QT_TRANSLATE_NOOP("failures", "The scanner is in use"),
        QT_TRANSLATE_NOOP("failures", "Nothing was scanned. The page waits for the scanner."),
        QT_TRANSLATE_NOOP(
            "failures", "Close other programs that use the scanner. If there are none, switch it off and on."
        ),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "devices",
    ),
    "scanner.warming_up": Wording(
        QT_TRANSLATE_NOOP("failures", "The lamp is warming up"),
        QT_TRANSLATE_NOOP("failures", "Nothing was scanned yet."),
        QT_TRANSLATE_NOOP("failures", "Wait a minute. Nothing else is needed."),
        QT_TRANSLATE_NOOP("failures", "Try again now"),
        "devices",
    ),
    "scanner.transport_locked": Wording(
        QT_TRANSLATE_NOOP("failures", "The scanner's transport lock is on"),
        QT_TRANSLATE_NOOP("failures", "Nothing was scanned: the carriage cannot move."),
        QT_TRANSLATE_NOOP("failures", "Release the lock, usually a screw or slider under the scanner."),
        QT_TRANSLATE_NOOP("failures", "Lock released"),
        "devices",
    ),
    "scanner.disconnected": Wording(
        QT_TRANSLATE_NOOP("failures", "The scanner went away"),
        QT_TRANSLATE_NOOP("failures", "This page was not captured. The pages before it are kept."),
        QT_TRANSLATE_NOOP(
            "failures", "Check cable, power and network. Then connect again and scan the page once more."
        ),
        QT_TRANSLATE_NOOP("failures", "Connect again"),
        "devices",
    ),
    "scanner.access_denied": Wording(
        QT_TRANSLATE_NOOP("failures", "This scanner may not be used"),
        QT_TRANSLATE_NOOP("failures", "Nothing was scanned."),
        QT_TRANSLATE_NOOP(
            "failures",
            "Ask for the right to use it: on Debian, membership of the group “scanner”. Or enter its name and password.",
        ),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "devices",
    ),
    "scanner.feeder_empty": Wording(
        QT_TRANSLATE_NOOP("failures", "The feeder is empty"),
        QT_TRANSLATE_NOOP("failures", "No page was captured by this scan."),
        QT_TRANSLATE_NOOP("failures", "Load the next sheets, then go on."),
        QT_TRANSLATE_NOOP("failures", "Sheets loaded, go on"),
        "capture",
    ),
    "scanner.jam": Wording(
        QT_TRANSLATE_NOOP("failures", "A sheet is stuck"),
        QT_TRANSLATE_NOOP("failures", "This page was not captured. The pages before it are kept."),
        QT_TRANSLATE_NOOP("failures", "Take the sheet out, smooth it and put it back on top. Then go on."),
        QT_TRANSLATE_NOOP("failures", "Sheet removed, go on"),
        "capture",
    ),
    "scanner.double_feed": Wording(
        QT_TRANSLATE_NOOP("failures", "Two sheets went in at once"),
        QT_TRANSLATE_NOOP("failures", "This page was not captured. The pages before it are kept."),
        QT_TRANSLATE_NOOP(
            "failures", "Take both sheets out, separate them and put them back on top. Then go on."
        ),
        QT_TRANSLATE_NOOP("failures", "Sheets separated, go on"),
        "capture",
    ),
    "scanner.cover_open": Wording(
        QT_TRANSLATE_NOOP("failures", "The cover is open"),
        QT_TRANSLATE_NOOP("failures", "This page was not captured. The pages before it are kept."),
        QT_TRANSLATE_NOOP("failures", "Close the cover, then go on."),
        QT_TRANSLATE_NOOP("failures", "Cover closed, go on"),
        "capture",
    ),
    "scanner.timeout": Wording(
        QT_TRANSLATE_NOOP("failures", "The scanner did nothing for too long"),
        QT_TRANSLATE_NOOP("failures", "This page was not captured. The pages before it are kept."),
        QT_TRANSLATE_NOOP(
            "failures", "Look at the scanner. If it is only slow, allow it more time under Settings."
        ),
        QT_TRANSLATE_NOOP("failures", "Connect again"),
        "devices",
    ),
    "scanner.driver_crashed": Wording(
        QT_TRANSLATE_NOOP("failures", "The scanner's driver stopped"),
        QT_TRANSLATE_NOOP(
            "failures", "This page was not captured. The pages before it are kept. Recto itself goes on."
        ),
        QT_TRANSLATE_NOOP("failures", "Scan the page again: the driver is started afresh."),
        QT_TRANSLATE_NOOP("failures", "Start the driver again"),
        "devices",
    ),
    "scanner.driver_hung": Wording(
        QT_TRANSLATE_NOOP("failures", "The scanner's driver did not come back"),
        QT_TRANSLATE_NOOP(
            "failures", "This page was not captured. The pages before it are kept. Recto itself goes on."
        ),
        QT_TRANSLATE_NOOP(
            "failures", "Scan the page again. If that does not help, switch the scanner off and on."
        ),
        QT_TRANSLATE_NOOP("failures", "Start the driver again"),
        "devices",
    ),
    "scanner.driver_missing": Wording(
        QT_TRANSLATE_NOOP("failures", "The scanner software is not installed"),
        QT_TRANSLATE_NOOP(
            "failures", "Scanners connected to this computer cannot be used. Simulated scanners can."
        ),
        QT_TRANSLATE_NOOP(
            "failures",
            "Have libsane installed (Debian: libsane1 and sane-utils), then look for scanners again.",
        ),
        QT_TRANSLATE_NOOP("failures", "Look again"),
        "devices",
    ),
    "scanner.io_failure": Wording(
        QT_TRANSLATE_NOOP("failures", "The connection to the scanner failed"),
        QT_TRANSLATE_NOOP("failures", "This page was not captured. The pages before it are kept."),
        QT_TRANSLATE_NOOP("failures", "Check cable and power, then scan the page again."),
        QT_TRANSLATE_NOOP("failures", "Connect again"),
        "devices",
    ),
    "scanner.out_of_memory": Wording(
        QT_TRANSLATE_NOOP("failures", "There is not enough memory for this scan"),
        QT_TRANSLATE_NOOP("failures", "This page was not captured. The pages before it are kept."),
        QT_TRANSLATE_NOOP(
            "failures", "Choose a lower resolution or a smaller area, or close other programs."
        ),
        QT_TRANSLATE_NOOP("failures", "Choose other settings"),
        "devices",
    ),
    "scanner.bad_option": Wording(
        QT_TRANSLATE_NOOP("failures", "The scanner cannot do what the settings ask"),
        QT_TRANSLATE_NOOP("failures", "Nothing was scanned with these settings."),
        QT_TRANSLATE_NOOP("failures", "Choose another value, or another scan profile."),
        QT_TRANSLATE_NOOP("failures", "Choose other settings"),
        "devices",
        message_matters=True,
    ),
    "scanner.quirks_invalid": Wording(
        QT_TRANSLATE_NOOP("failures", "The file of scanner peculiarities cannot be used"),
        QT_TRANSLATE_NOOP(
            "failures", "No scanner connected to this computer is opened: it might be misunderstood."
        ),
        QT_TRANSLATE_NOOP("failures", "Have the file mended, or take it out of the settings."),
        QT_TRANSLATE_NOOP("failures", "Open settings"),
        "settings",
        message_matters=True,
    ),
    "scanner.description_invalid": Wording(
        QT_TRANSLATE_NOOP("failures", "The description of a simulated scanner cannot be used"),
        QT_TRANSLATE_NOOP("failures", "This scanner cannot be simulated."),
        QT_TRANSLATE_NOOP("failures", "Take it out of the settings, or have its description written anew."),
        QT_TRANSLATE_NOOP("failures", "Open settings"),
        "settings",
        message_matters=True,
    ),
    "scanner.incomplete_page": Wording(
        QT_TRANSLATE_NOOP("failures", "The page did not arrive whole"),
        QT_TRANSLATE_NOOP("failures", "The incomplete page was thrown away. The pages before it are kept."),
        QT_TRANSLATE_NOOP("failures", "Scan the page again."),
        QT_TRANSLATE_NOOP("failures", "Scan again"),
        "capture",
    ),
    "scanner.unsupported_frame": Wording(
        QT_TRANSLATE_NOOP("failures", "The scanner sends a kind of image that Recto does not read"),
        QT_TRANSLATE_NOOP("failures", "This page was not captured. The pages before it are kept."),
        QT_TRANSLATE_NOOP("failures", "Choose another mode or bit depth."),
        QT_TRANSLATE_NOOP("failures", "Choose other settings"),
        "devices",
    ),
    "scanner.spool_full": Wording(
        QT_TRANSLATE_NOOP("failures", "There is no room for the page on the disk"),
        QT_TRANSLATE_NOOP(
            "failures", "The page was thrown away, nothing half-written stays. The pages before it are kept."
        ),
        QT_TRANSLATE_NOOP("failures", "Make room on the disk, then scan the page again."),
        QT_TRANSLATE_NOOP("failures", "Room made, scan again"),
        "settings",
    ),
    "scanner.cancelled": Wording(
        QT_TRANSLATE_NOOP("failures", "The scan was stopped"),
        QT_TRANSLATE_NOOP(
            "failures", "The page that was being scanned is void. The pages before it are kept."
        ),
        QT_TRANSLATE_NOOP("failures", "Scan the page again when you want to go on."),
        QT_TRANSLATE_NOOP("failures", "Scan again"),
        "capture",
    ),
}
