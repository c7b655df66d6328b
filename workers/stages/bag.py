# SPDX-License-Identifier: Apache-2.0
"""The bag stage: one deterministic tar of all the item's files, with the digests taken when they were written."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import Any, BinaryIO, cast

from archive.bag.contents import PayloadFile, TagFile
from archive.bag.profile import BagProfile, Tags, load_profile
from archive.bag.writer import WrittenBag, write_tar
from archive.custody.key_folder import KeyFolder
from archive.custody.seal import seal
from archive.digests import digest_file
from archive.durable import durable_file, write_durably
from archive.errors import PayloadChanged, PayloadMissing
from archive.metadata.description import ItemDescription
from archive.metadata.mets import write_mets
from archive.progress import Progress
from archive.registry.batches import get_batch
from archive.registry.events import append_event
from archive.registry.item_description import describe_item, history_of
from archive.registry.pages import files_of
from archive.registry.tables import FileRow, ItemRow
from workers.stages.bag_metadata import metadata_folder, write_metadata
from workers.stages.enrichment_file import record_enrichment
from workers.versions import recto_agent
from workers.work import Work


def bag(work: Work) -> dict[str, Any]:
    """Write the item's bag and record it."""
    destination = work.node.bag_folder(work.claim.batch)
    name = bag_name(work.manifest["institution"], work.claim.batch, work.claim.item_name)

    def listen(progress: Progress) -> None:
        work.still_ours(progress)

    _put_unrecorded_bag_aside(work, destination / f"{name}.tar")
    record_enrichment(work)
    written = make_bag(work, destination / f"{name}.tar", listen)
    facts = {
        "path": str(written.path),
        "name": written.name,
        "size": written.size,
        "sha256": written.sha256,
        "part_size": written.part_size,
        "part_sha256": list(written.part_sha256),
        "tag_manifest_sha256": written.tag_manifest_sha256,
        "payload_files": written.payload_files,
        "payload_bytes": written.payload_bytes,
        "profile": work.manifest["bag_profile"],
    }
    _record(work, facts)
    return {"bag": written.name, "size": written.size, "sha256": written.sha256}


def _record(work: Work, facts: dict[str, Any]) -> None:
    """Record the bag, once: the attempt before this one may have died when it had done so."""
    with work.recording() as session:
        item = session.get_one(ItemRow, work.claim.item)
        if item.bag == facts:
            return
        item.bag = facts
        append_event(
            session,
            work.claim.batch,
            "information package creation",
            item=work.claim.item_name,
            detail={
                key: facts[key] for key in ("name", "size", "sha256", "payload_files", "tag_manifest_sha256")
            },
            agents=(recto_agent(),),
        )


def _put_unrecorded_bag_aside(work: Work, bag: Path) -> None:
    """Make room where a bag lies that is no longer, or was never, the item's recorded one."""
    with work.node.registry.reading() as session:
        recorded = session.get_one(ItemRow, work.claim.item).bag
    if recorded is None and bag.is_file():
        aside = bag.parent / "superseded" / f"{bag.stem}-{work.claim.unit}-{work.claim.token}.tar"
        aside.parent.mkdir(exist_ok=True)
        bag.rename(aside)


def bag_name(institution: str, batch: str, item: str) -> str:
    """The bag's name: institution, batch and item in letters that every file system and bucket takes."""
    return f"{_plain(institution)}.{_plain_and_unique(batch)}_{_plain_and_unique(item)}"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", letters).strip("-.") or "unnamed"


def _plain_and_unique(identifier: str) -> str:
    """Two ids never become one name: what was lost of an id is told apart by its digest."""
    plain = _plain(identifier)
    if plain == identifier:
        return plain
    return f"{plain}-{hashlib.sha256(identifier.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def make_bag(work: Work, destination: Path, progress: Any) -> WrittenBag:
    """Write the item's bag to a path; from the same recorded pages it is the same bag, byte for byte."""
    with work.node.registry.reading() as session:
        # rows of the registry are large, so these go before the others come
        payload = [_payload(work, file) for file in files_of(session, work.claim.item)]
        description = describe_item(session, work.claim.item)
    profile = load_profile(work.manifest["bag_profile"])
    stored_in_parts = work.node.wants_parts(work.manifest["storage"])
    payload.append(_mets(work, description))
    with metadata_folder(work.folder) as folder:
        metadata = _metadata(work, folder, description)
        return write_tar(
            destination.stem,
            payload,
            _tags(work, description, profile),
            destination,
            profile=profile,
            tag_files=[*metadata, *_sealed(work, payload, metadata)],
            # digests that no storage will ask for would cost a pass over the whole bag
            part_size=work.node.settings.bag.part_bytes if stored_in_parts else 0,
            bagging_date=description.created_at[:10],
            progress=progress,
        )


def _payload(work: Work, file: FileRow) -> PayloadFile:
    digests = {"sha256": file.sha256, "md5": file.md5}
    return PayloadFile(path=file.path, source=work.folder / file.path, size=file.size, digests=digests)


def _mets(work: Work, description: ItemDescription) -> PayloadFile:
    path = work.folder / "metadata" / "mets.xml"
    with durable_file(path) as file:
        write_mets(description, cast("BinaryIO", file))
    digests = digest_file(path)
    return PayloadFile(path="mets.xml", source=path, size=digests.size, digests=digests.hexdigests())


def _metadata(work: Work, folder: Path, description: ItemDescription) -> list[TagFile]:
    with work.node.registry.reading() as session:
        history = history_of(session, work.claim.batch, work.claim.item_name)
        written = write_metadata(folder, description, history, work.manifest)
    return [*written, _submitted_manifest(work)]


def _submitted_manifest(work: Work) -> TagFile:
    """The batch manifest itself, as it was submitted, next to what Recto read in it."""
    with work.node.registry.reading() as session:
        batch = get_batch(session, work.claim.batch)
    suffix = Path(batch.manifest_path).suffix.lower()
    source = work.node.batch_folder(work.claim.batch) / f"manifest{suffix}"
    try:
        content = source.read_bytes()
    except OSError as error:
        raise PayloadMissing(f"{source} cannot be read: {error.strerror}.", path=str(source)) from error
    if hashlib.sha256(content).hexdigest() != batch.manifest_sha256:
        raise PayloadChanged(f"{source} is no longer the manifest that was submitted.", path=str(source))
    return TagFile(path=f"metadata/submitted-manifest{suffix}", content=content)


def _sealed(work: Work, payload: list[PayloadFile], metadata: list[TagFile]) -> list[TagFile]:
    """The signed chain of custody; an earlier signature of the same is kept, whatever key is in use now."""
    statement, signature = (work.folder / "metadata" / name for name in ("custody.json", "custody.sig"))
    earlier = None
    if statement.is_file() and signature.is_file():
        earlier = statement.read_bytes(), signature.read_bytes()
    keys = KeyFolder(work.node.settings.key_directory)
    with work.node.registry.reading() as session:
        history = history_of(session, work.claim.batch, work.claim.item_name)
        made = seal(history, payload, metadata, keys, earlier)
    # who only makes the bag once more, and did not claim it, leaves the seal of the stored one in its place
    if work.claim.unit and (made.statement, made.signature) != earlier:
        write_durably(statement, made.statement)
        write_durably(signature, made.signature)
    return made.tag_files()


def _tags(work: Work, description: ItemDescription, profile: BagProfile) -> Tags:
    """The bag's tags, each in the file where the profile has it; the manifest's own come last and win."""
    simulated = "Simulated scanner: no paper was scanned." if description.simulated else ""
    labels = {
        "Source-Organization": description.institution,
        "Bagging-Software": recto_agent(),
        "Bag-Group-Identifier": description.batch,
        "Internal-Sender-Identifier": f"{description.batch}/{description.id}",
        "Internal-Sender-Description": f"{simulated} {description.title}".lstrip(),
    }
    of_profile = {"Title": description.title, "Description": simulated}
    known = {rule.name for rule in profile.tags}
    labels |= {label: value for label, value in of_profile.items() if label in known}
    labels |= {**work.manifest["tags"], **work.item["tags"]}
    if simulated and simulated not in labels.get("Description", simulated):
        # a description of the manifest's own must not hide that nothing was scanned
        labels["Description"] = f"{simulated} {labels['Description']}"
    return profile.fill_defaults(profile.place_tags(labels))
