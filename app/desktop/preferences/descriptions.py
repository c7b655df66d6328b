# SPDX-License-Identifier: Apache-2.0
"""The settings' descriptions, for translators; written by tools/write_settings_docs.py, never by hand."""

from __future__ import annotations

from app.desktop.language.marking import QT_TRANSLATE_NOOP

DESCRIPTIONS: tuple[str, ...] = (
    QT_TRANSLATE_NOOP("settings", "Name of this station; its scanners are served by the queue capture.NAME"),
    QT_TRANSLATE_NOOP("settings", "Who works here; named as agent in events and in PREMIS"),
    QT_TRANSLATE_NOOP("settings", "Redis or RabbitMQ; a private server when left out"),
    QT_TRANSLATE_NOOP("settings", "Where chord results go; the broker when it is Redis"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Who vouches for broker and results over TLS: certificates in PEM; the system's own when left out",
    ),
    QT_TRANSLATE_NOOP("settings", "SQLite in the state directory when left out"),
    QT_TRANSLATE_NOOP("settings", "Whose passwords are in the user's keyring: broker, results, database"),
    QT_TRANSLATE_NOOP("settings", "Batches: masters, derivatives and bags"),
    QT_TRANSLATE_NOOP("settings", "Registry, private broker, signing keys and logs"),
    QT_TRANSLATE_NOOP("settings", "Storage targets by name, see below; a local folder when none is named"),
    QT_TRANSLATE_NOOP("settings", "What workers write to their logs"),
    QT_TRANSLATE_NOOP("settings", "Whether to look for SANE devices"),
    QT_TRANSLATE_NOOP("settings", "Only these SANE backends; the system's own configuration when left out"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Hosts that run saned, asked whatever `sane_backends` says; those of the system's net.conf when left out",
    ),
    QT_TRANSLATE_NOOP(
        "settings",
        "File of user:password:resource lines that only its owner may read; `~/.sane/pass`, where there is one, when left out",
    ),
    QT_TRANSLATE_NOOP("settings", "The site's own file of quirks beside the shipped one, see scanners.md"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Folder with notes on which device answered to which id; devices in the state directory when left out",
    ),
    QT_TRANSLATE_NOOP("settings", "Longest time to look for SANE devices in all"),
    QT_TRANSLATE_NOOP("settings", "Longest time that one SANE backend may look for its devices"),
    QT_TRANSLATE_NOOP("settings", "Longest time to open a device"),
    QT_TRANSLATE_NOOP("settings", "Longest time to read or set options"),
    QT_TRANSLATE_NOOP("settings", "Longest time to try all sources and modes of a device"),
    QT_TRANSLATE_NOOP("settings", "Lamps may warm up inside sane_start"),
    QT_TRANSLATE_NOOP("settings", "Longest time without a byte within a page"),
    QT_TRANSLATE_NOOP("settings", "Longest time to bring a page that was read to disk"),
    QT_TRANSLATE_NOOP("settings", "Longest time a driver may take to stop before its process is killed"),
    QT_TRANSLATE_NOOP("settings", "First pause before a busy device is asked again; each is twice the last"),
    QT_TRANSLATE_NOOP("settings", "No such pause is longer"),
    QT_TRANSLATE_NOOP("settings", "How long to wait for a busy device in all; 0 to give up at once"),
    QT_TRANSLATE_NOOP("settings", "How often the buttons and sensors of an idle device are looked at"),
    QT_TRANSLATE_NOOP("settings", "Simulated scanners; a flatbed and a feeder when none is named"),
    QT_TRANSLATE_NOOP("settings", "Hot folders, see below"),
    QT_TRANSLATE_NOOP("settings", "Own ICC profiles of scanners, see below"),
    QT_TRANSLATE_NOOP("settings", "A dead worker's units come back after this"),
    QT_TRANSLATE_NOOP("settings", "How often lost messages and callbacks are looked for"),
    QT_TRANSLATE_NOOP("settings", "Attempts of a unit before it counts as failed"),
    QT_TRANSLATE_NOOP("settings", "Items of one station worked on at once"),
    QT_TRANSLATE_NOOP("settings", "Pages in one unit of capture, characterise and OCR"),
    QT_TRANSLATE_NOOP("settings", "Processes for imaging and OCR"),
    QT_TRANSLATE_NOOP("settings", "Threads for bags and uploads"),
    QT_TRANSLATE_NOOP("settings", "How long units in work may go on when a worker is told to stop"),
    QT_TRANSLATE_NOOP("settings", "Tell Flower and other listeners of each task; costs a third of the pace"),
    QT_TRANSLATE_NOOP(
        "settings", "Free bytes of the data disk below which nothing is captured; 0: no such limit"
    ),
    QT_TRANSLATE_NOOP(
        "settings", "The same as a share of the disk, such as 0.05; the greater one of both counts"
    ),
    QT_TRANSLATE_NOOP(
        "settings", "Captured pages that wait for the workers above which no more are captured; 0: no limit"
    ),
    QT_TRANSLATE_NOOP("settings", "Port of the endpoint /metrics; none when left out"),
    QT_TRANSLATE_NOOP("settings", "Address it listens at; this machine only when left out"),
    QT_TRANSLATE_NOOP("settings", "Tesseract models, joined by +, where the item names none"),
    QT_TRANSLATE_NOOP("settings", "Longest time for one page"),
    QT_TRANSLATE_NOOP("settings", "Tesseract's --psm"),
    QT_TRANSLATE_NOOP("settings", "Tried too where the first reading is unsure; the better one is kept"),
    QT_TRANSLATE_NOOP("settings", "Let Tesseract tell Fraktur from Latin where the item names no language"),
    QT_TRANSLATE_NOOP("settings", "A quality profile that comes with Recto, or the path of one's own"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Whether exiftool, jpylyzer and checkit_tiff are asked about each master, where they are installed",
    ),
    QT_TRANSLATE_NOOP("settings", "Longest time that one of them may take for a file before it is ended"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Rules of checkit_tiff that masters must fit; those of the SLUB with the tag set `slub`, else none",
    ),
    QT_TRANSLATE_NOOP(
        "settings", "`none`, or `deflate` with the horizontal predictor: half the size, same pixels"
    ),
    QT_TRANSLATE_NOOP(
        "settings", "A tag set that comes with Recto (`baseline`, `slub`), or the path of one's own"
    ),
    QT_TRANSLATE_NOOP(
        "settings",
        "Folder of the site's ICC profiles, named as manifests name them: eciRGBv2.icc, AdobeRGB.icc",
    ),
    QT_TRANSLATE_NOOP("settings", "Folder of further pipelines, each NAME.yaml; manifests call them by name"),
    QT_TRANSLATE_NOOP("settings", "S3 allows no part below 5 MiB but the last"),
    QT_TRANSLATE_NOOP(
        "settings", "Unfinished uploads begun longer ago are aborted by the workers; 0 for never"
    ),
    QT_TRANSLATE_NOOP(
        "settings",
        "never; after-read-back: once every stored copy was read back a second time; after-receipt: once an archive has answered that it keeps the bag",
    ),
    QT_TRANSLATE_NOOP("settings", "Days between the first read-back and the second, at least"),
    QT_TRANSLATE_NOOP(
        "settings",
        "shared: all hosts have the data directory mounted; s3: files go from host to host by a bucket",
    ),
    QT_TRANSLATE_NOOP("settings", "s3://bucket/prefix; the prefix is for staging alone"),
    QT_TRANSLATE_NOOP("settings", "Address of an S3 server other than Amazon's"),
    QT_TRANSLATE_NOOP("settings", "The S3 region; AWS's own configuration when left out"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Where its key is: aws for the environment and AWS's own files, keyring for the user's keyring",
    ),
    QT_TRANSLATE_NOOP(
        "settings", "Files of other stations' batches here; in the cache directory when left out"
    ),
    QT_TRANSLATE_NOOP("settings", "Room for them; those not in work go first"),
    QT_TRANSLATE_NOOP("settings", "Files of one unit on their way at once"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Whether bags go there too; false halves what a host sends that alone makes and uploads bags",
    ),
    QT_TRANSLATE_NOOP(
        "settings", "What the station fetches of a finished item: its files, or receipt and history only"
    ),
    QT_TRANSLATE_NOOP("settings", "How often finished items are fetched and cleared away"),
    QT_TRANSLATE_NOOP("settings", "Staged files that no batch counts on go after this; 0 for never"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Hosts that files may be fetched from: host, host:port, *.domain, s3://bucket; any when left out",
    ),
    QT_TRANSLATE_NOOP("settings", "Hosts that a server may send us on to; none but itself when left out"),
    QT_TRANSLATE_NOOP("settings", "Names of storage targets that files only come from; no bags go there"),
    QT_TRANSLATE_NOOP("settings", "Longest wait for a connection, and for the next bytes"),
    QT_TRANSLATE_NOOP("settings", "A larger file is not fetched"),
    QT_TRANSLATE_NOOP("settings", "Longest list of files that is read"),
    QT_TRANSLATE_NOOP("settings", "File with the certificates to trust; the system's when left out"),
    QT_TRANSLATE_NOOP("settings", "File of known SSH hosts; ~/.ssh/known_hosts when left out"),
    QT_TRANSLATE_NOOP(
        "settings", "Keys of SSH hosts, each as host SHA256:... or host:port SHA256:...; before known_hosts"
    ),
    QT_TRANSLATE_NOOP("settings", "Private key for SFTP; the agent and ~/.ssh when left out"),
    QT_TRANSLATE_NOOP("settings", "Hosts that texts may be sent to: host or host:port; none when left out"),
    QT_TRANSLATE_NOOP(
        "settings", "Address of an OpenAI-compatible endpoint, up to /v1; nothing is asked when left out"
    ),
    QT_TRANSLATE_NOOP("settings", "The model to ask for"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Where its key is: environment for OPENAI_API_KEY, keyring for the user's keyring, or none",
    ),
    QT_TRANSLATE_NOOP("settings", "Requests that one worker sends in a minute, at most"),
    QT_TRANSLATE_NOOP("settings", "Requests for one batch, at most; its other items go on without"),
    QT_TRANSLATE_NOOP("settings", "Characters of an item's text that are sent, at most"),
    QT_TRANSLATE_NOOP("settings", "Longest wait for an answer"),
    QT_TRANSLATE_NOOP("settings", "Larger bags are left out of drills, which need room for one"),
    QT_TRANSLATE_NOOP("settings", "Where a drill has its bag meanwhile; in the data directory when left out"),
    QT_TRANSLATE_NOOP("settings", "Days between the agreement of the second person and the deletion"),
    QT_TRANSLATE_NOOP(
        "settings", "Whether the two must also have different accounts of the operating system"
    ),
    QT_TRANSLATE_NOOP("settings", "Every copy is proved at least so often; older ones are overdue"),
    QT_TRANSLATE_NOOP(
        "settings", "So long before its time a copy may be proved, so that runs are alike; below the interval"
    ),
    QT_TRANSLATE_NOOP(
        "settings", "Of all bytes kept, as much as a run reads, such as 0.05; 0: no such limit"
    ),
    QT_TRANSLATE_NOOP("settings", "The same in bytes; the lesser of both counts; 0: none"),
    QT_TRANSLATE_NOOP("settings", "A run of the schedule ends after so long; the next one goes on"),
    QT_TRANSLATE_NOOP("settings", "Copies that are read at the same time"),
    QT_TRANSLATE_NOOP("settings", "Whether a damaged or missing copy is made again from a good one"),
    QT_TRANSLATE_NOOP("settings", "Who is told, by name, see below; nobody when none is named"),
    QT_TRANSLATE_NOOP("settings", "Folder of templates of one's own, each as batch-done.toml"),
    QT_TRANSLATE_NOOP("settings", "Notifications of one kind within this time make one message"),
    QT_TRANSLATE_NOOP(
        "settings", "A message that could not be sent for so long is given up, and told by doctor"
    ),
    QT_TRANSLATE_NOOP("settings", "Sent and given up messages are listed for so long"),
    QT_TRANSLATE_NOOP("settings", "Time zone that the lines below mean, such as Europe/Berlin"),
    QT_TRANSLATE_NOOP("settings", "Receiving locations are looked through for bags that arrived"),
    QT_TRANSLATE_NOOP("settings", "Copies are audited whose turn it is"),
    QT_TRANSLATE_NOOP("settings", "A random object is restored and validated"),
    QT_TRANSLATE_NOOP("settings", "The registry is copied to the target of [backup], where one is named"),
    QT_TRANSLATE_NOOP("settings", "Uploads that nobody will finish are aborted"),
    QT_TRANSLATE_NOOP("settings", "Agreed deletions are executed whose delay is over"),
    QT_TRANSLATE_NOOP("settings", "Receipts of uploaded bags are fetched"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Storage target that backups go to, by its name, or an address; no scheduled backup when left out",
    ),
    QT_TRANSLATE_NOOP("settings", "Days of which the newest backup is kept"),
    QT_TRANSLATE_NOOP("settings", "Weeks of which the newest backup is kept"),
    QT_TRANSLATE_NOOP("settings", "Months of which the newest backup is kept"),
    QT_TRANSLATE_NOOP("settings", "Open each backup before it is sent, and check tables and some histories"),
    QT_TRANSLATE_NOOP("settings", "Histories that are verified in each backup, the newest; 0 for all"),
    QT_TRANSLATE_NOOP("settings", "A bag is left alone until it has not changed for so long"),
    QT_TRANSLATE_NOOP("settings", "How often `recto receive` looks through all receiving locations"),
    QT_TRANSLATE_NOOP("settings", "Receiving locations that are looked through at once"),
    QT_TRANSLATE_NOOP("settings", "Leave an ingested bag where it arrived; it is removed otherwise"),
    QT_TRANSLATE_NOOP("settings", "Public keys in PEM of the archives whose receipts this station believes"),
    QT_TRANSLATE_NOOP("settings", "file:///folder, a plain path, or s3://bucket/prefix"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Its address as Apprise writes it, which is a secret: see notifications.md for where to keep it",
    ),
    QT_TRANSLATE_NOOP(
        "settings",
        "Where its address is: settings for this table or the environment, keyring for the user's keyring",
    ),
    QT_TRANSLATE_NOOP("settings", "Kinds of notifications that go there; all when left out"),
    QT_TRANSLATE_NOOP("settings", "What matters less does not go there: info, warning or failure"),
    QT_TRANSLATE_NOOP("settings", "Messages an hour at most; the rest waits, in groups"),
    QT_TRANSLATE_NOOP("settings", "Its id is simulated:NAME"),
    QT_TRANSLATE_NOOP("settings", "flatbed, feeder, duplex, book, film or described"),
    QT_TRANSLATE_NOOP(
        "settings", "Of the kind described: the file that `recto options DEVICE --dump` wrote of the real one"
    ),
    QT_TRANSLATE_NOOP("settings", "The same seed, batch, item and page give the same pixels"),
    QT_TRANSLATE_NOOP("settings", "Folder of real images that lie on the glass"),
    QT_TRANSLATE_NOOP("settings", "Sheets in the feeder; unlimited when left out"),
    QT_TRANSLATE_NOOP("settings", "How long the lamp takes before the first page"),
    QT_TRANSLATE_NOOP("settings", "How long a page takes to be scanned"),
    QT_TRANSLATE_NOOP(
        "settings", "Real seconds that one of its seconds takes, faults included; 0 for no time at all"
    ),
    QT_TRANSLATE_NOOP("settings", "What its drawn pages have beside text, see simulator.md"),
    QT_TRANSLATE_NOOP(
        "settings", "YAML file with what goes wrong on it, see simulator.md; nothing when left out"
    ),
    QT_TRANSLATE_NOOP("settings", "Its id is folder:NAME"),
    QT_TRANSLATE_NOOP("settings", "Where it is; page n of an item is its n-th file"),
    QT_TRANSLATE_NOOP("settings", "Whether files follow each other by name (2 before 10) or by time"),
    QT_TRANSLATE_NOOP("settings", "How long a file must stay as it is before it counts as written"),
    QT_TRANSLATE_NOOP("settings", "How long to wait for a file that is still being written"),
    QT_TRANSLATE_NOOP(
        "settings",
        "How long to wait for the next file when a number of pages was asked for; with patience_seconds less than start_timeout_seconds",
    ),
    QT_TRANSLATE_NOOP(
        "settings", "Look again and again instead of being told of new files; auto does so on network mounts"
    ),
    QT_TRANSLATE_NOOP("settings", "Maker of the camera, for the metadata"),
    QT_TRANSLATE_NOOP("settings", "Model of the camera, for the metadata; the folder when left out"),
    QT_TRANSLATE_NOOP("settings", "Id of the scanner; * stands for any letters, as in sane:epson2:*"),
    QT_TRANSLATE_NOOP(
        "settings",
        "Its .icc file: one of RGB for its colour pages, one of gray for its gray ones; each in a table",
    ),
)
