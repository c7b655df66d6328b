# SPDX-License-Identifier: Apache-2.0
"""What the settings are called on the screen, and the units of their numbers."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.desktop.language.marking import QT_TRANSLATE_NOOP

TITLES: dict[str, str] = {
    "station": QT_TRANSLATE_NOOP("settings", "Name of this station"),
    "operator": QT_TRANSLATE_NOOP("settings", "Operator"),
    "broker_url": QT_TRANSLATE_NOOP("settings", "Address of the broker"),
    "result_url": QT_TRANSLATE_NOOP("settings", "Address for chord results"),
    "ca_file": QT_TRANSLATE_NOOP("settings", "Certificates to trust"),
    "database_url": QT_TRANSLATE_NOOP("settings", "Address of the database"),
    "data_directory": QT_TRANSLATE_NOOP("settings", "Folder for batches"),
    "state_directory": QT_TRANSLATE_NOOP("settings", "Folder for records"),
    "log_level": QT_TRANSLATE_NOOP("settings", "How much is logged"),
    "devices.sane": QT_TRANSLATE_NOOP("settings", "Look for real scanners"),
    "devices.sane_backends": QT_TRANSLATE_NOOP("settings", "Only these SANE backends"),
    "devices.sane_hosts": QT_TRANSLATE_NOOP("settings", "Scanner hosts on the network"),
    "devices.saned_passwords": QT_TRANSLATE_NOOP("settings", "Password file for network scanners"),
    "devices.quirks": QT_TRANSLATE_NOOP("settings", "Your own file of scanner quirks"),
    "devices.known_devices": QT_TRANSLATE_NOOP("settings", "Folder of known scanners"),
    "devices.discovery_seconds": QT_TRANSLATE_NOOP("settings", "Longest search for scanners"),
    "devices.backend_seconds": QT_TRANSLATE_NOOP("settings", "Longest search of one backend"),
    "devices.open_timeout_seconds": QT_TRANSLATE_NOOP("settings", "Longest time to open a scanner"),
    "devices.option_timeout_seconds": QT_TRANSLATE_NOOP("settings", "Longest time for its settings"),
    "devices.probe_timeout_seconds": QT_TRANSLATE_NOOP("settings", "Longest time to try its sources"),
    "devices.start_timeout_seconds": QT_TRANSLATE_NOOP("settings", "Longest time to begin a page"),
    "devices.read_timeout_seconds": QT_TRANSLATE_NOOP("settings", "Longest silence within a page"),
    "devices.store_timeout_seconds": QT_TRANSLATE_NOOP("settings", "Longest time to store a page"),
    "devices.cancel_timeout_seconds": QT_TRANSLATE_NOOP("settings", "Longest time to stop"),
    "devices.busy_first_seconds": QT_TRANSLATE_NOOP("settings", "First pause for a busy scanner"),
    "devices.busy_longest_seconds": QT_TRANSLATE_NOOP("settings", "Longest pause for a busy scanner"),
    "devices.busy_total_seconds": QT_TRANSLATE_NOOP("settings", "Longest wait for a busy scanner"),
    "devices.sensor_interval_seconds": QT_TRANSLATE_NOOP("settings", "How often scanner buttons are read"),
    "ledger.lease_seconds": QT_TRANSLATE_NOOP("settings", "Work of a dead worker comes back after"),
    "ledger.reconcile_seconds": QT_TRANSLATE_NOOP("settings", "Lost work is looked for every"),
    "ledger.max_attempts": QT_TRANSLATE_NOOP("settings", "Attempts before work counts as failed"),
    "ledger.items_in_flight": QT_TRANSLATE_NOOP("settings", "Items worked on at once"),
    "ledger.chunk_pages": QT_TRANSLATE_NOOP("settings", "Pages in one piece of work"),
    "workers.compute_processes": QT_TRANSLATE_NOOP("settings", "Processes for images and text"),
    "workers.io_threads": QT_TRANSLATE_NOOP("settings", "Bags and uploads at once"),
    "workers.stop_seconds": QT_TRANSLATE_NOOP("settings", "Time to finish when workers stop"),
    "workers.task_events": QT_TRANSLATE_NOOP("settings", "Tell listeners of each task"),
    "limits.free_bytes": QT_TRANSLATE_NOOP("settings", "Capture waits below free bytes"),
    "limits.free_share": QT_TRANSLATE_NOOP("settings", "Capture waits below share of the disk"),
    "limits.pages_waiting": QT_TRANSLATE_NOOP("settings", "Capture waits above pages in work"),
    "metrics.port": QT_TRANSLATE_NOOP("settings", "Port for Prometheus"),
    "metrics.address": QT_TRANSLATE_NOOP("settings", "Address for Prometheus"),
    "ocr.language": QT_TRANSLATE_NOOP("settings", "Language of the pages"),
    "ocr.timeout_seconds": QT_TRANSLATE_NOOP("settings", "Longest time for a page"),
    "ocr.page_segmentation": QT_TRANSLATE_NOOP("settings", "Layout of the pages"),
    "ocr.second_page_segmentation": QT_TRANSLATE_NOOP("settings", "Layout for a second try"),
    "ocr.detect_script": QT_TRANSLATE_NOOP("settings", "Tell Fraktur by itself"),
    "quality.profile": QT_TRANSLATE_NOOP("settings", "Quality profile"),
    "quality.outside_tools": QT_TRANSLATE_NOOP("settings", "Ask exiftool, jpylyzer and checkit_tiff"),
    "quality.outside_tool_seconds": QT_TRANSLATE_NOOP("settings", "Longest time for one of them"),
    "quality.checkit_rules": QT_TRANSLATE_NOOP("settings", "Rules of checkit_tiff"),
    "masters.compression": QT_TRANSLATE_NOOP("settings", "Compression of masters"),
    "masters.tag_set": QT_TRANSLATE_NOOP("settings", "Tags of masters"),
    "masters.icc_folder": QT_TRANSLATE_NOOP("settings", "Folder of ICC profiles"),
    "bag.part_bytes": QT_TRANSLATE_NOOP("settings", "Size of an upload part"),
    "pipelines.folder": QT_TRANSLATE_NOOP("settings", "Folder of own pipelines"),
    "upload.orphan_hours": QT_TRANSLATE_NOOP("settings", "Unfinished uploads are removed after"),
    "release.policy": QT_TRANSLATE_NOOP("settings", "Masters here may be removed"),
    "release.after_days": QT_TRANSLATE_NOOP("settings", "Days until the second read-back"),
    "enrichment.hosts": QT_TRANSLATE_NOOP("settings", "Hosts that texts may be sent to"),
    "enrichment.base_url": QT_TRANSLATE_NOOP("settings", "Address of the provider of suggestions"),
    "enrichment.model": QT_TRANSLATE_NOOP("settings", "Its model"),
    "enrichment.credentials": QT_TRANSLATE_NOOP("settings", "Where its key is"),
    "enrichment.requests_per_minute": QT_TRANSLATE_NOOP("settings", "Requests in a minute"),
    "enrichment.requests_per_batch": QT_TRANSLATE_NOOP("settings", "Requests for a batch"),
    "enrichment.characters_per_item": QT_TRANSLATE_NOOP("settings", "Characters sent of an item"),
    "enrichment.timeout_seconds": QT_TRANSLATE_NOOP("settings", "Longest wait for an answer"),
    "fetch.hosts": QT_TRANSLATE_NOOP("settings", "Hosts to fetch files from"),
    "fetch.redirect_hosts": QT_TRANSLATE_NOOP("settings", "Hosts they may send us on to"),
    "fetch.source_targets": QT_TRANSLATE_NOOP("settings", "Targets that files only come from"),
    "fetch.timeout_seconds": QT_TRANSLATE_NOOP("settings", "Longest silence of a server"),
    "fetch.largest_file_bytes": QT_TRANSLATE_NOOP("settings", "Largest file to fetch"),
    "fetch.most_files": QT_TRANSLATE_NOOP("settings", "Longest list of files"),
    "fetch.ca_file": QT_TRANSLATE_NOOP("settings", "File of trusted certificates"),
    "fetch.known_hosts": QT_TRANSLATE_NOOP("settings", "File of known SSH hosts"),
    "fetch.fingerprints": QT_TRANSLATE_NOOP("settings", "Fingerprints of SSH hosts"),
    "fetch.ssh_key": QT_TRANSLATE_NOOP("settings", "Private key for SFTP"),
    "staging.mode": QT_TRANSLATE_NOOP("settings", "Page files come to other hosts by"),
    "staging.url": QT_TRANSLATE_NOOP("settings", "Bucket and prefix for page files"),
    "staging.endpoint": QT_TRANSLATE_NOOP("settings", "S3 server for page files"),
    "staging.region": QT_TRANSLATE_NOOP("settings", "S3 region for page files"),
    "staging.credentials": QT_TRANSLATE_NOOP("settings", "Key for page files"),
    "staging.cache_directory": QT_TRANSLATE_NOOP("settings", "Folder for other stations' files"),
    "staging.cache_bytes": QT_TRANSLATE_NOOP("settings", "Room for other stations' files"),
    "staging.transfers": QT_TRANSLATE_NOOP("settings", "Files on their way at once"),
    "staging.stage_bags": QT_TRANSLATE_NOOP("settings", "Bags go to other hosts too"),
    "staging.bring_home": QT_TRANSLATE_NOOP("settings", "Fetched when an item is finished"),
    "staging.upkeep_seconds": QT_TRANSLATE_NOOP("settings", "Finished items are cleared away every"),
    "staging.orphan_hours": QT_TRANSLATE_NOOP("settings", "Abandoned page files are removed after"),
    "restore.drill_bytes": QT_TRANSLATE_NOOP("settings", "Largest bag of a restore drill"),
    "restore.drill_folder": QT_TRANSLATE_NOOP("settings", "Folder of restore drills"),
    "deletion.delay_days": QT_TRANSLATE_NOOP("settings", "Days until an agreed deletion"),
    "deletion.separate_accounts": QT_TRANSLATE_NOOP("settings", "The two persons need accounts of their own"),
    "fixity.interval_days": QT_TRANSLATE_NOOP("settings", "Every copy is proved at least every"),
    "fixity.early_days": QT_TRANSLATE_NOOP("settings", "A copy may be proved earlier by"),
    "fixity.share": QT_TRANSLATE_NOOP("settings", "Share of all bytes that an audit reads"),
    "fixity.bytes_per_run": QT_TRANSLATE_NOOP("settings", "Bytes that an audit reads"),
    "fixity.minutes_per_run": QT_TRANSLATE_NOOP("settings", "An audit ends after (minutes)"),
    "fixity.parallel": QT_TRANSLATE_NOOP("settings", "Copies read at the same time"),
    "fixity.repair": QT_TRANSLATE_NOOP("settings", "Mend damaged and missing copies"),
    "notifications.templates": QT_TRANSLATE_NOOP("settings", "Folder of message templates"),
    "notifications.group_seconds": QT_TRANSLATE_NOOP("settings", "Like notifications become one message for"),
    "notifications.give_up_hours": QT_TRANSLATE_NOOP("settings", "Unsent messages are given up after"),
    "notifications.kept_days": QT_TRANSLATE_NOOP("settings", "Sent messages are listed for"),
    "receiving.quiet_seconds": QT_TRANSLATE_NOOP("settings", "An arriving bag must be quiet for"),
    "receiving.scan_seconds": QT_TRANSLATE_NOOP("settings", "Look for arriving bags every"),
    "receiving.locations_at_once": QT_TRANSLATE_NOOP(
        "settings", "Receiving locations looked through at once"
    ),
    "receiving.keep_received": QT_TRANSLATE_NOOP("settings", "Keep ingested bags where they arrived"),
    "receiving.trusted_keys": QT_TRANSLATE_NOOP("settings", "Keys of archives whose receipts count"),
    "schedules.time_zone": QT_TRANSLATE_NOOP("settings", "Time zone of the schedule"),
    "schedules.read_buckets": QT_TRANSLATE_NOOP("settings", "Look for bags that arrived"),
    "schedules.fixity": QT_TRANSLATE_NOOP("settings", "Audit copies"),
    "schedules.drill": QT_TRANSLATE_NOOP("settings", "Try a restore"),
    "schedules.registry_backup": QT_TRANSLATE_NOOP("settings", "Back up the registry"),
    "schedules.abandoned_uploads": QT_TRANSLATE_NOOP("settings", "Abort abandoned uploads"),
    "schedules.execute_deletions": QT_TRANSLATE_NOOP("settings", "Execute agreed deletions"),
    "schedules.receipts": QT_TRANSLATE_NOOP("settings", "Fetch receipts"),
    "backup.target": QT_TRANSLATE_NOOP("settings", "Where backups of the registry go"),
    "backup.keep_daily": QT_TRANSLATE_NOOP("settings", "Backups kept, one a day"),
    "backup.keep_weekly": QT_TRANSLATE_NOOP("settings", "Backups kept, one a week"),
    "backup.keep_monthly": QT_TRANSLATE_NOOP("settings", "Backups kept, one a month"),
    "backup.verify": QT_TRANSLATE_NOOP("settings", "Check backups before they are sent"),
    "backup.chains_verified": QT_TRANSLATE_NOOP("settings", "Histories checked in a backup"),
}


_ANYWHERE: dict[str, str] = {
    "url": QT_TRANSLATE_NOOP("settings", "Folder or address"),
    "endpoint": QT_TRANSLATE_NOOP("settings", "S3 server"),
    "region": QT_TRANSLATE_NOOP("settings", "S3 region"),
}
"""Titles in tables of any name."""


def setting_title(name: str) -> str:
    """A setting's title, translated; the key's own words where nobody has named it yet."""
    if name in TITLES:
        return QCoreApplication.translate("settings", TITLES[name])
    last = name.rpartition(".")[2]
    if last in _ANYWHERE:
        return QCoreApplication.translate("settings", _ANYWHERE[last])
    words = last.replace("_", " ")
    return words[:1].upper() + words[1:]


CHOICES: dict[str, str] = {
    "never": QT_TRANSLATE_NOOP("settings", "Never"),
    "after-read-back": QT_TRANSLATE_NOOP("settings", "After every copy was read back twice"),
    "shared": QT_TRANSLATE_NOOP("settings", "A folder that all hosts have mounted"),
    "s3": QT_TRANSLATE_NOOP("settings", "A bucket (S3)"),
    "files": QT_TRANSLATE_NOOP("settings", "All files of the item"),
    "receipts": QT_TRANSLATE_NOOP("settings", "Receipt and history only"),
    "debug": QT_TRANSLATE_NOOP("settings", "Everything, to find a fault"),
    "info": QT_TRANSLATE_NOOP("settings", "What happens"),
    "warning": QT_TRANSLATE_NOOP("settings", "Warnings and errors"),
    "error": QT_TRANSLATE_NOOP("settings", "Errors only"),
}


def choice_title(choice: str) -> str:
    """What a value is called on the screen."""
    return QCoreApplication.translate("settings", CHOICES[choice]) if choice in CHOICES else choice


@dataclass(frozen=True, slots=True)
class Unit:
    """How a number is shown.

    Attributes:
        sign: What stands behind it, to be translated in the context "settings".
        size: How many of the settings' own unit one of these is.
    """

    sign: str
    size: int = 1


_SECONDS = Unit(QT_TRANSLATE_NOOP("settings", "s"))
_UNITS = {
    "seconds": _SECONDS,
    "bytes": Unit(QT_TRANSLATE_NOOP("settings", "MiB"), 1 << 20),
    "hours": Unit(QT_TRANSLATE_NOOP("settings", "h")),
    "days": Unit(QT_TRANSLATE_NOOP("settings", "days")),
}


def unit_of(name: str) -> Unit | None:
    """The unit of a setting, by the last word of its key."""
    return _UNITS.get(name.rpartition("_")[2])
