# SPDX-License-Identifier: Apache-2.0
"""Checking a bag, folder, tar or tar.gz, in one reading, with everything that is wrong told at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.bag.declaration import Declaration, read_declaration
from archive.bag.fetch import check_fetched, read_fetch
from archive.bag.findings import Finding, Rule
from archive.bag.manifest_check import FileFacts, Findings, ManifestCheck, algorithms_of, hashlib_name
from archive.bag.manifest_lines import MANIFEST_NAME
from archive.bag.member_digests import MemberDigests
from archive.bag.names import path_problem, twin_problems
from archive.bag.profile import BagProfile, detect_profile, shipped_profiles
from archive.bag.profile_check import Form, check_profile
from archive.bag.readers import BagReader, Member, bag_name, is_compressed, open_bag, printable
from archive.bag.report import BagReport
from archive.bag.reserved_tags import reserved_problems
from archive.bag.second_opinion import NOT_ASKED, UnpackedCopy, ask, disagreement, reason_against
from archive.bag.tag_files import BAGIT_TXT, FETCH_TXT, first_values, parse_tags
from archive.digest_threads import DigestThreads
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter

LARGEST_MANIFEST = 512 << 20
"""Bytes of a manifest that are believed: some three million files."""

LARGEST_TAG_FILE = 8 << 20
"""Bytes of any other tag file that is read for its tags."""

LARGEST_TEXTS = 1 << 30
"""Bytes of all of them together: manifests may be of any number of algorithms."""

Through = Callable[[Member, Iterable[bytes]], Iterable[bytes]]
"""Sees the blocks of each file as they pass."""


def _unchanged(_member: Member, blocks: Iterable[bytes]) -> Iterable[bytes]:
    return blocks


@dataclass(frozen=True, slots=True)
class BagReading:
    """What one reading of an open bag gave.

    Attributes:
        errors: All errors.
        warnings: What is odd but no error.
        profile: The profile it was held against; None where it was made for none that is known.
        files: Size and digests of each file that could be read, by path.
        tags: Labels and values by tag file, of those that profiles speak of.
    """

    errors: Sequence[Finding]
    warnings: Sequence[Finding]
    profile: BagProfile | None
    files: Mapping[str, FileFacts]
    tags: Mapping[str, Sequence[tuple[str, str]]]


def read_bag(
    reader: BagReader,
    name: str,
    *,
    form: Form,
    profile: BagProfile | None = None,
    always: Collection[str] = (),
    through: Through = _unchanged,
    progress: ProgressCallback = no_progress,
) -> BagReading:
    """Check an open bag as `verify_bag` does, without a second opinion, and tell what was read of it.

    Args:
        reader: The bag.
        name: What it is called in progress.
        form: How it came.
        profile: See `verify_bag`.
        always: Digests that are taken of every file, whatever its manifests are made of (hashlib's names).
        through: Sees the blocks of each file.
        progress: Told of bytes; what it raises cancels.
    """
    read, findings = _Read(), Findings(reader.inventory.errors, reader.inventory.warnings)
    total = sum(member.size for member in reader.inventory.members) if reader.foresees else None
    meter = ProgressMeter(progress, f"Reading {name}", total)
    _read_files(reader, read, through, findings, meter, _tag_files_of(profile), always)
    judged = _check(reader, read, profile, form=form, findings=findings)
    return BagReading(findings.errors, findings.warnings, judged.profile, read.files, judged.tags)


@dataclass(frozen=True, slots=True)
class _Judged:
    profile: BagProfile | None
    tags: Mapping[str, Sequence[tuple[str, str]]]


@dataclass(slots=True)
class _Read:
    """What one reading of a bag gave: facts of all files, and the text of those that speak about it."""

    files: dict[str, FileFacts] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)


def verify_bag(
    path: Path,
    *,
    profile: BagProfile | None = None,
    second_opinion: bool = True,
    progress: ProgressCallback = no_progress,
) -> BagReport:
    """Check a bag against BagIt (RFC 8493 and the drafts from 0.93) and a profile.

    A tar is read once and, but for a second opinion, not unpacked. One packed with gzip is unpacked in
    memory, block by block. Nothing in the bag is changed, and nothing is fetched.

    Args:
        path: A folder, a tar, or a tar packed with gzip (.tar.gz, .tgz).
        profile: The profile to hold it against; the one it names, or looks made for, where None.
        second_opinion: Whether bagit-python is asked as well.
        progress: Told of bytes; what it raises cancels.

    Returns:
        All findings. A bag that is damaged in any way is a report, not an exception.

    Raises:
        BagUnreadable: There is no such folder or file.
    """
    is_folder = path.is_dir()
    with open_bag(path) as reader:
        inventory = reader.inventory
        size = sum(member.size for member in inventory.members)
        reason = None if second_opinion else NOT_ASKED
        reason = reason or reason_against(inventory, inventory.errors)
        copy = UnpackedCopy(bag_name(path), "a folder needs none" if is_folder else reason, size)
        try:
            read = _Read()
            findings = Findings(inventory.errors, inventory.warnings)
            total = size if reader.foresees else None
            meter = ProgressMeter(progress, f"Verifying {path.name}", total)
            _read_files(reader, read, copy.keep, findings, meter, _tag_files_of(profile))
            form = Form.FOLDER if is_folder else Form.GZIPPED_TAR if is_compressed(path) else Form.TAR
            chosen = _check(reader, read, profile, form=form, findings=findings).profile
            opinion = NOT_ASKED
            if second_opinion:
                reason = reason_against(inventory, findings.errors)
                opinion = f"not run: {reason}" if reason else (ask(path) if is_folder else copy.ask())
        finally:
            copy.remove()
    dissent = disagreement(opinion, valid=not findings.errors)
    warnings = [*findings.warnings, *([dissent] if dissent else [])]
    return BagReport(
        path=path,
        valid=not findings.errors,
        errors=tuple(findings.errors),
        warnings=tuple(warnings),
        profile=chosen.name if chosen else "",
        second_opinion=opinion,
    )


def _tag_files_of(profile: BagProfile | None) -> set[str]:
    """The tag files whose text is kept, as far as it can be known before the bag is read."""
    profiles = [*shipped_profiles(), *([profile] if profile else [])]
    named = {name for known in profiles for name in known.tag_file_names}
    return {BAGIT_TXT, FETCH_TXT, "bag-info.txt", "package-info.txt"} | named


def _read_files(
    reader: BagReader,
    read: _Read,
    through: Through,
    findings: Findings,
    meter: ProgressMeter,
    spoken: set[str],
    always: Collection[str] = (),
) -> None:
    meter.start()
    kept = 0
    with DigestThreads() as threads:
        digests = MemberDigests(reader, threads, read.files, always)
        for member in reader.members():
            keep = bytearray() if member.path in spoken or MANIFEST_NAME.fullmatch(member.path) else None
            if keep is not None and member.size > min(_limit(member), LARGEST_TEXTS - kept):
                findings.error(
                    Rule.FILE_UNREADABLE, member.path, f"With {member.size} bytes it is too large to be true."
                )
                keep = None
            blocks = digests.watched(member, through(member, reader.blocks(member)))
            if _read_file(member, blocks, keep, read, findings, meter) and keep is not None:
                read.texts[member.path] = bytes(keep)
                kept += len(keep)
        for member in digests.finish():
            del read.files[member.path]
            _read_file(member, digests.watched(member, reader.blocks(member)), None, read, findings, meter)
        digests.finish()
    meter.finish()


def _read_file(
    member: Member,
    blocks: Iterable[bytes],
    keep: bytearray | None,
    read: _Read,
    findings: Findings,
    meter: ProgressMeter,
) -> bool:
    """Read a file to its end; whether it could be read."""
    try:
        for block in blocks:
            if keep is not None:
                keep += block
            meter.advance(len(block))
    except OSError as error:
        read.unread.add(member.path)
        findings.error(Rule.FILE_UNREADABLE, member.path, f"It cannot be read: {error.strerror or error}.")
        return False
    return True


def _limit(member: Member) -> int:
    return LARGEST_MANIFEST if MANIFEST_NAME.fullmatch(member.path) else LARGEST_TAG_FILE


def _check(
    reader: BagReader, read: _Read, profile: BagProfile | None, *, form: Form, findings: Findings
) -> _Judged:
    declaration, errors, warnings = read_declaration(read.texts.get(BAGIT_TXT))
    findings.errors += errors
    findings.warnings += warnings
    _check_names(reader, findings)
    texts = _decode(read, declaration, findings)
    named = read_fetch(texts.get(FETCH_TXT, ""), declaration, findings)
    listed = _check_manifests(read, texts, declaration, findings, named)
    check_fetched(named, {path: facts.size for path, facts in read.files.items()}, listed, findings)
    tags = {name: parse_tags(text) for name, text in texts.items() if not MANIFEST_NAME.fullmatch(name)}
    bag_info, rubbish = tags.get(declaration.bag_info, ([], []))
    for line in rubbish:
        findings.error(Rule.BAG_INFO, declaration.bag_info, f"A line is no tag: {line[:80]!r}.")
    for problem in reserved_problems(bag_info):
        findings.warn(Rule.BAG_INFO, declaration.bag_info, f"{problem}.")
    _check_oxum(read, bag_info, declaration, findings)
    values = {name: first_values(pairs) for name, (pairs, _) in tags.items()}
    chosen = profile or detect_profile(values, set(read.files))
    check_profile(
        chosen,
        values,
        repeated={name: pairs for name, (pairs, _) in tags.items()},
        sizes={member.path: member.size for member in reader.inventory.members},
        declaration=declaration,
        form=form,
        foreign_top=reader.inventory.foreign_top,
        findings=findings,
    )
    return _Judged(chosen, {name: pairs for name, (pairs, _) in tags.items()})


def _check_names(reader: BagReader, findings: Findings) -> None:
    inventory = reader.inventory
    if "data" not in inventory.folders and not any(m.path.startswith("data/") for m in inventory.members):
        findings.error(Rule.PAYLOAD_FOLDER, "data", "There is no data folder.")
    for member in inventory.members:
        problem = path_problem(member.path)
        if problem:
            findings.warn(Rule.UNPORTABLE_NAME, member.path, f"The name {problem}.")
    for path, problem in twin_problems(member.path for member in inventory.members):
        findings.warn(Rule.UNPORTABLE_NAME, path, f"The name {printable(problem)}.")


def _decode(read: _Read, declaration: Declaration, findings: Findings) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name in list(read.texts):
        # each is let go when it is decoded: manifests can be large
        content = read.texts.pop(name)
        if name == BAGIT_TXT:
            continue
        try:
            texts[name] = declaration.decode(content)
        except UnicodeError:
            rule = Rule.MANIFEST_FORM if MANIFEST_NAME.fullmatch(name) else Rule.BAG_INFO
            findings.error(rule, name, f"It is not in the declared encoding, {declaration.encoding}.")
            continue
        if content.startswith(b"\xef\xbb\xbf"):
            findings.warn(Rule.MANIFEST_FORM, name, "It starts with a byte order mark.")
    return texts


def _check_manifests(
    read: _Read,
    texts: dict[str, str],
    declaration: Declaration,
    findings: Findings,
    fetchable: Collection[str],
) -> set[str]:
    """Check the manifests; returns the payload files that they list."""
    check = ManifestCheck(read.files, read.unread, declaration, findings, fetchable)
    payload = algorithms_of([*read.files, *read.unread], tag=False)
    usable = {name for name, algorithm in payload.items() if hashlib_name(algorithm)}
    for name in sorted(payload.keys() - usable):
        findings.judge(
            Rule.MANIFEST_ALGORITHM, name, "Its digest algorithm is not known here.", error=not usable
        )
    if not payload:
        findings.error(Rule.MANIFEST_NEEDED, "", "There is no payload manifest.")
    listed = check.payload({name: texts[name] for name in sorted(usable) if name in texts})
    tags = algorithms_of(read.files, tag=True)
    check.tags({name: texts[name] for name in sorted(tags) if name in texts and hashlib_name(tags[name])})
    return listed


def _check_oxum(
    read: _Read, bag_info: list[tuple[str, str]], declaration: Declaration, findings: Findings
) -> None:
    """Payload-Oxum is the number of payload bytes, a dot, the number of payload files (RFC 8493, 2.2.2)."""
    payload = [facts for path, facts in read.files.items() if path.startswith("data/")]
    right = f"{sum(facts.size for facts in payload)}.{len(payload)}"
    told = [value for label, value in bag_info if label.lower() == "payload-oxum"]
    for value in told:
        if value != right:
            findings.error(
                Rule.PAYLOAD_OXUM,
                declaration.bag_info,
                f"Payload-Oxum is {value}, and the payload has {right}.",
            )
    if len(told) > 1:
        findings.warn(Rule.PAYLOAD_OXUM, declaration.bag_info, "Payload-Oxum stands there more than once.")
