# SPDX-License-Identifier: Apache-2.0
"""Any manifest written in any format reads back equal; rubbish in any format gives problems, never a crash."""

from __future__ import annotations

import io
import json
import random
import string
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from archive.errors import ManifestError
from archive.fetching.addresses import is_address
from archive.manifest.model import Manifest, ManifestItem
from archive.manifest.names import same_name_key
from archive.manifest.problems import Code
from archive.manifest.reader import SUFFIXES, read_manifest
from archive.manifest.setting_text import read_setting, setting_text
from archive.manifest.template import example_manifest, template_bytes
from archive.manifest.writer import FORMATS, Format, manifest_bytes

NOT_IN_XML = [chr(n) for n in (*range(9), 11, 12, *range(14, 32))] + ["\ufffe", "\uffff"]
ANY_TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=NOT_IN_XML), min_size=1, max_size=30
)
TRICKY_TEXT = st.sampled_from(
    [
        "=1+1", '="0012"', '=""', "+49 30", "-", "@home", "#N/A", "#REF!", "0012", "1e5", "12.50", "TRUE", "no", "null",
        "~", "a;b", "a,b", "a\tb", "a|b", 'say "x"', '"', '""', "'", "# x", "- x", "x: y", "a\nb", "a\n\nb", "_x000D_",
        "1915-03-02", "Problems", "id", "title", "pages", "\u2028", "x\u0085y", "{}", "[1]", "&amp;", "<b>", "\\n", "%", "sep=;",
    ]
)  # fmt: skip
TEXT = (TRICKY_TEXT | ANY_TEXT).filter(lambda text: text.strip())
ID = st.text(st.sampled_from(string.ascii_letters + string.digits + "._- äßИ日#~="), min_size=1, max_size=12)
NAME = st.text(st.sampled_from(string.ascii_letters + "-0123456789.ü"), min_size=1, max_size=8)
SETTING = (
    st.booleans()
    | st.integers(-(2**31), 2**31 - 1)
    | st.floats(-32768, 32768, allow_subnormal=False)
    | TRICKY_TEXT
    | ANY_TEXT
)
PATH = st.lists(
    st.text(st.sampled_from("abcXYZ0189 ;,'.#äß=_"), min_size=1, max_size=6).map(lambda part: f"f{part}f"),
    min_size=1,
    max_size=3,
).map(lambda parts: "/".join(parts) + ".tif")
TAGS = st.dictionaries(NAME, TEXT, max_size=3)
SETTINGS = st.dictionaries(NAME, SETTING, max_size=3)
LANGUAGE = st.sampled_from(["eng", "deu+fra", "Fraktur", "chi_sim"])
ADDRESS = st.sampled_from(
    [
        f"https://host/a%20b;c.tif#sha256={'ab' * 32}&size=7",
        "s3://bucket/a.tif",
        "sftp://anna@host:2222/~/ä.tif",
        "http://[::1]:8000/?page=1,2",
    ]
)
SCANNER = st.sampled_from(["sane:test:0", "simulated:flatbed", "folder:/srv/hot; folder"])


def legal(build: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """Only what the model itself takes; the reader is tested here, not the rules."""

    def attempt(facts: dict[str, Any]) -> Any:
        try:
            return build(facts)
        except ValidationError:
            return None

    return attempt


@st.composite
def items(draw: Any) -> ManifestItem | None:
    facts = {
        "id": draw(ID),
        "title": draw(TEXT),
        "creator": draw(st.none() | TEXT),
        "date": draw(st.none() | st.sampled_from(["1915", "1915~", "1914/1918", "-0044"])),
        "language": draw(st.none() | LANGUAGE),
        "rights": draw(st.none() | TEXT),
        "scanner_id": draw(st.none() | SCANNER),
        "settings": draw(SETTINGS),
        "tags": draw(TAGS),
    }
    if draw(st.booleans()):
        facts["pages"] = draw(st.integers(1, 5000))
    else:
        facts["file_paths"] = tuple(draw(st.lists(PATH | ADDRESS, min_size=1, max_size=3, unique=True)))
    facts["attachments"] = tuple(draw(st.lists(PATH | ADDRESS, max_size=2, unique=True)))
    return legal(lambda said: ManifestItem(**said))(facts)


@st.composite
def manifests(draw: Any) -> Manifest | None:
    drawn = [item for item in draw(st.lists(items(), min_size=1, max_size=4)) if item is not None]
    facts = {
        "id": draw(ID),
        "institution": draw(TEXT),
        "collection": draw(st.none() | TEXT),
        "scanner_id": draw(SCANNER),
        "scanner_model": draw(TEXT),
        "resolution_dpi": draw(st.integers(50, 4800)),
        "color_profile": draw(st.sampled_from(["sRGB", "AdobeRGB", "eciRGBv2", "gray", "bitonal"])),
        "settings": draw(SETTINGS),
        "pipeline": draw(NAME),
        "bag_profile": draw(st.sampled_from(["aptrust-2.3", "btr-1.0", "bagit-1.0"])),
        "storage": tuple(
            draw(st.lists(st.sampled_from(["attic", "s3://b/p", "s3://b/p;v=1", "/srv/x"]), max_size=3))
        ),
        "tags": draw(TAGS),
        "items": tuple({same_name_key(item.id): item for item in drawn}.values()),
    }
    return legal(lambda said: Manifest(**said))(facts)


def make_files(manifest: Manifest, folder: Path) -> None:
    for item in manifest.items:
        for path in (*item.file_paths, *item.attachments):
            if is_address(path):
                continue
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"II")


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(manifest=manifests().filter(lambda manifest: manifest is not None))
def test_any_manifest_written_in_any_format_reads_back_equal(manifest: Manifest) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            make_files(manifest, folder)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            return  # a path that is a folder in another
        for kind in FORMATS:
            path = folder / f"manifest.{kind}"
            path.write_bytes(manifest_bytes(manifest, kind))
            reading = read_manifest(path)
            assert reading.manifest == manifest, (kind, reading.problems)
            assert reading.valid


@pytest.mark.parametrize("kind", FORMATS)
def test_a_volume_of_more_files_than_a_cell_holds_reads_back_equal(tmp_path: Path, kind: Format) -> None:
    paths = tuple(f"{'volume one ' * 9}/{'page ' * 9}{number:05d}.tif" for number in range(300))
    item = ManifestItem(id="A", title="T", file_paths=paths)
    manifest = example_manifest().model_copy(update={"items": (item,)})
    make_files(manifest, tmp_path)
    path = tmp_path / f"manifest.{kind}"
    path.write_bytes(manifest_bytes(manifest, kind))
    assert read_manifest(path).manifest == manifest


@given(value=SETTING)
def test_a_setting_as_text_reads_back_equal(value: Any) -> None:
    if isinstance(value, str):
        value = value.replace("\r", "\n").strip()
    back = read_setting(setting_text(value))
    assert back == value
    assert isinstance(back, bool) == isinstance(value, bool)
    assert isinstance(back, str) == isinstance(value, str)


@given(text=st.text())
def test_names_that_differ_only_in_case_or_encoding_share_a_key(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert same_name_key(unicodedata.normalize(form, text)) == same_name_key(text)
    assert same_name_key(same_name_key(text)) == same_name_key(text)


def read_rubbish(content: bytes, suffix: str) -> None:
    """Whatever the bytes are: a consistent reading, each problem speaking and fit for JSON."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"manifest{suffix}"
        path.write_bytes(content)
        try:
            reading = read_manifest(path)
        except ManifestError:
            return
    assert reading.valid == (reading.manifest is not None), reading
    for problem in reading.problems:
        assert problem.message
        assert problem.remedy
        assert problem.code in set(Code)
        assert (problem.row is None) or (problem.pointer is None)
        json.dumps(problem.to_json(), ensure_ascii=False).encode()


FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FUZZ
@given(content=st.binary(max_size=400), suffix=st.sampled_from(SUFFIXES))
@example(content=b"\xff\xfe", suffix=".csv")
@example(content=b"\xff\xfe\x00", suffix=".csv")
@example(content=b"\x00\x00\xfe\xff", suffix=".json")
@example(content=b"%YAML 9.9\n---\na", suffix=".yaml")
@example(content=b"sep=\n", suffix=".csv")
def test_random_bytes_never_crash_the_reader(content: bytes, suffix: str) -> None:
    read_rubbish(content, suffix)


WORDS = st.sampled_from(
    ["id", "title", "pages", "file_paths", "batch_id", "settings.x", "tag.y", "tag.", "settings.", "Problems", "resolution_dpi", "items",
     ",", ";", "\t", "\n", "\r\n", '"', "'", "|", ":", "- ", "{", "}", "[", "]", "&a ", "*a", "!!int ", "1", "-3.5", "true", "~", "\x00", "ü", "  ", "#", "=", "../x"]
)  # fmt: skip


@FUZZ
@given(words=st.lists(WORDS, max_size=60), suffix=st.sampled_from([s for s in SUFFIXES if s != ".xlsx"]))
def test_rubbish_made_of_the_formats_own_words_never_crashes_the_reader(
    words: list[str], suffix: str
) -> None:
    read_rubbish("".join(words).encode(), suffix)


@FUZZ
@given(seed=st.integers(0, 2**32), kind=st.sampled_from(FORMATS), changes=st.integers(1, 8))
def test_a_template_with_bytes_changed_never_crashes_the_reader(
    seed: int, kind: Format, changes: int
) -> None:
    content = bytearray(template_bytes(kind))
    chance = random.Random(seed)  # noqa: S311 - rubbish, not secrets
    for _ in range(changes):
        content[chance.randrange(len(content))] = chance.randrange(256)
    read_rubbish(bytes(content), f".{kind}")


XLSX = template_bytes("xlsx")


@FUZZ
@given(seed=st.integers(0, 2**32))
def test_a_workbook_whose_parts_are_damaged_never_crashes_the_reader(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - rubbish, not secrets
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as source, zipfile.ZipFile(file, "w") as target:
        damaged = chance.choice(source.namelist())
        for name in source.namelist():
            data = source.read(name)
            if name == damaged:
                place, length = chance.randrange(len(data)), chance.randrange(20)
                data = (
                    data[:place] + bytes(chance.choices(b'<>/"= 0129ar', k=length)) + data[place + length :]
                )
            target.writestr(name, data)
    read_rubbish(file.getvalue(), ".xlsx")
