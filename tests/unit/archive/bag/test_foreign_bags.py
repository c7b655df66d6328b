# SPDX-License-Identifier: Apache-2.0
"""Bags that others made: every draft of BagIt since 0.93, other encodings, and what each version forgives."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest

from archive.bag.declaration import read_declaration
from archive.bag.folder import bag_folder
from archive.bag.profile import load_profile
from archive.bag.report import BagReport
from archive.bag.validator import verify_bag


def _bagit(version: str, encoding: str = "UTF-8") -> bytes:
    return f"BagIt-Version: {version}\nTag-File-Character-Encoding: {encoding}\n".encode()


def _line(data: bytes, path: str, algorithm: str = "md5", gap: str = "  ") -> str:
    return f"{hashlib.new(algorithm, data).hexdigest()}{gap}{path}\n"


def _make(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def _verify(bag: Path) -> BagReport:
    return verify_bag(bag, second_opinion=False)


def _warned(report: BagReport) -> set[str]:
    return {str(finding.rule) for finding in report.warnings}


def _failed(report: BagReport) -> set[str]:
    return {str(finding.rule) for finding in report.errors}


@pytest.mark.parametrize("version", ["0.93", "0.94", "0.95", "0.96", "0.97", "1.0"])
def test_every_version_in_use_is_valid_with_its_own_metadata_file(version: str, tmp_path: Path) -> None:
    info = "package-info.txt" if version < "0.96" else "bag-info.txt"
    bag = _make(
        tmp_path / "bag",
        {
            "bagit.txt": _bagit(version),
            info: "Payload-Oxum: 1.1\nA: 1\nA: 2\n",
            "data/a": "x",
            "manifest-md5.txt": _line(b"x", "data/a"),
        },
    )
    report = verify_bag(bag)
    assert (report.errors, report.second_opinion) == ((), "valid")
    (bag / info).write_text("Payload-Oxum: 2.1\n")
    assert _failed(_verify(bag)) == {"payload-oxum"}


@pytest.mark.parametrize("version", ["0.97", "1.0"])
@pytest.mark.parametrize(
    "form",
    [
        "BagIt-Version : {}\nTag-File-Character-Encoding : UTF-8\n",
        " BagIt-Version: {}\nTag-File-Character-Encoding: UTF-8\n",
        "\ufeffBagIt-Version: {}\nTag-File-Character-Encoding: UTF-8\n",
        "BagIt-Version: {}\n",
        "Tag-File-Character-Encoding: UTF-8\nBagIt-Version: {}\n",
        "BagIt-Version: {}.1\nTag-File-Character-Encoding: UTF-8\n",
        "BagIt-Version: {}\nTag-File-Character-Encoding: rot13\n",
        "BagIt-Version: {}\nTag-File-Character-Encoding: no-such\n",
        "",
    ],
)
def test_a_declaration_that_is_none_is_an_error_in_every_version(form: str, version: str) -> None:
    assert read_declaration(form.format(version).encode())[1]


@pytest.mark.parametrize("version", ["0.92", "2.0", "1.1"])
def test_a_version_nobody_knows_is_an_error(version: str) -> None:
    assert read_declaration(_bagit(version))[1]


@pytest.mark.parametrize(
    "form",
    [
        "BagIt-Version:  {}\nTag-File-Character-Encoding: UTF-8\n",
        "BagIt-Version: {}\nTag-File-Character-Encoding: UTF-8\n\n\n",
    ],
)
def test_loose_spaces_are_forgiven_in_the_drafts_and_not_in_the_rfc(form: str) -> None:
    _, errors, warnings = read_declaration(form.format("0.97").encode())
    assert (len(errors), len(warnings)) == (0, 1)
    _, errors, warnings = read_declaration(form.format("1.0").encode())
    assert (len(errors), len(warnings)) == (1, 0)


def test_carriage_returns_in_the_declaration_are_no_fault() -> None:
    declaration, errors, warnings = read_declaration(_bagit("1.0", "ISO-8859-1").replace(b"\n", b"\r\n"))
    assert (declaration.version, declaration.encoding, errors, warnings) == ("1.0", "ISO-8859-1", [], [])


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16BE", "UTF-16LE", "ISO-8859-1", "utf-8"])
def test_tag_files_in_other_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    manifest = _line(b"x", "data/Núñez").encode(encoding)
    bag = _make(
        tmp_path / "bag",
        {
            "bagit.txt": _bagit("0.97", encoding),
            "bag-info.txt": "Payload-Oxum: 1.1\r\nTitle: Núñez\r\n".encode(encoding),
            "data/Núñez": "x",
            "manifest-md5.txt": manifest,
            "tagmanifest-md5.txt": _line(manifest, "manifest-md5.txt").encode(encoding),
        },
    )
    report = verify_bag(bag)
    assert report.errors == ()


def test_half_a_character_is_not_in_any_encoding(tmp_path: Path) -> None:
    manifest = _line(b"x", "data/+2AA-").encode()
    bag = _make(
        tmp_path / "bag",
        {"bagit.txt": _bagit("1.0", "UTF-7"), "data/a": "x", "manifest-md5.txt": manifest},
    )
    assert _failed(_verify(bag)) == {"manifest-form", "file-unexpected"}


@pytest.mark.parametrize(
    "encoding",
    [
        "UTF-9",
        "UTF\0-8",
        "undefined",
        "hex",
        "zip",
        "\u00dcTF-8",
        "." * 3000,
        "unicode_escape",
        "Raw-Unicode-Escape",
        "punycode",
        "idna",
    ],
)
def test_an_encoding_that_is_none_is_an_error_and_tag_files_are_read_as_utf8(
    encoding: str, tmp_path: Path
) -> None:
    files = {
        "bagit.txt": _bagit("1.0", encoding),
        "bag-info.txt": "Title: Núñez\n",
        "data/a": "x",
        "manifest-md5.txt": _line(b"x", "data/a"),
    }
    assert _failed(_verify(_make(tmp_path / "bag", files))) == {"bagit-txt"}


def test_a_tag_file_in_another_encoding_than_declared_is_told(tmp_path: Path) -> None:
    bag = _make(
        tmp_path / "bag",
        {
            "bagit.txt": _bagit("1.0"),
            "data/ü": "x",
            "manifest-md5.txt": _line(b"x", "data/ü").encode("latin-1"),
        },
    )
    assert "manifest-form" in _failed(_verify(bag))


@pytest.mark.parametrize(
    "algorithm", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b"]
)
def test_any_algorithm_the_library_knows_is_checked(algorithm: str, tmp_path: Path) -> None:
    name = f"manifest-{algorithm.replace('_', '')}.txt"
    files = {"bagit.txt": _bagit("1.0"), "data/a": "x", name: _line(b"x", "data/a", algorithm)}
    bag = _make(tmp_path / "bag", files)
    assert _verify(bag).valid
    (bag / "data/a").write_bytes(b"y")
    assert _failed(_verify(bag)) == {"file-changed"}


def test_a_manifest_of_an_unknown_algorithm_is_an_error_only_when_it_is_the_only_one(tmp_path: Path) -> None:
    bag = _make(
        tmp_path / "bag", {"bagit.txt": _bagit("1.0"), "data/a": "x", "manifest-crc99.txt": "ab  data/a\n"}
    )
    assert "manifest-algorithm" in _failed(_verify(bag))
    (bag / "manifest-md5.txt").write_text(_line(b"x", "data/a"))
    report = _verify(bag)
    assert report.valid
    assert "manifest-algorithm" in _warned(report)


@pytest.mark.parametrize(
    "line",
    [
        _line(b"x", "data/a b", gap=" *"),
        _line(b"x", "./data/a b"),
        _line(b"x", "data/a b", gap="\t"),
        _line(b"x", "data/a b").upper().replace("DATA/A B", "data/a b"),
        _line(b"x", "data/a b").replace("\n", "\r\n"),
        _line(b"x", "data/a b").replace("\n", "\r"),
        "\ufeff" + _line(b"x", "data/a b"),
    ],
)
def test_manifest_lines_of_other_tools_are_understood(line: str, tmp_path: Path) -> None:
    bag = _make(tmp_path / "bag", {"bagit.txt": _bagit("0.97"), "data/a b": "x", "manifest-md5.txt": line})
    assert _verify(bag).errors == ()


@pytest.mark.parametrize("second", ["payload-oxum: 9.9", "PAYLOAD-OXUM: 1.1\nPayload-oxum: 2.1"])
def test_a_second_payload_oxum_in_other_letters_is_read_too(second: str, tmp_path: Path) -> None:
    files = {
        "bagit.txt": _bagit("1.0"),
        "bag-info.txt": f"Payload-Oxum: 1.1\n{second}\n",
        "data/a": "x",
        "manifest-md5.txt": _line(b"x", "data/a"),
    }
    report = _verify(_make(tmp_path / "bag", files))
    assert _failed(report) == {"payload-oxum"}
    assert "payload-oxum" in _warned(report)


def test_a_tag_manifest_is_checked_by_its_own_algorithm_though_no_payload_manifest_has_it(
    tmp_path: Path,
) -> None:
    files = {"bagit.txt": _bagit("1.0"), "data/a": "x", "manifest-md5.txt": _line(b"x", "data/a")}
    right = "".join(
        _line(files[name].encode() if isinstance(files[name], str) else files[name], name, "sha512")
        for name in ("bagit.txt", "manifest-md5.txt")
    )
    bag = _make(tmp_path / "bag", {**files, "tagmanifest-sha512.txt": right})
    assert _verify(bag).errors == ()
    (bag / "tagmanifest-sha512.txt").write_text(right.replace(right[:8], "00000000"))
    assert _failed(_verify(bag)) == {"file-changed"}


def test_names_with_percent_signs_that_we_write_are_the_ones_that_we_read(tmp_path: Path) -> None:
    names = {"a%0Ab.txt", "50%25.txt", "100%", "%0D%0a", "%252525", "%zz"}
    folder = _make(tmp_path / "in", dict.fromkeys(names, "x"))
    for tar in (True, False):
        written = bag_folder(
            folder, profile=load_profile("bagit"), tags={}, destination_dir=tmp_path / "out", tar=tar
        )
        report = verify_bag(written.path)
        assert (report.errors, report.warnings) == ((), ())
        assert report.second_opinion.startswith("not run: bagit-python does not read percent signs")
    assert {path.name for path in (tmp_path / "out/in/data").iterdir()} == names


def test_digests_in_capitals_are_understood_with_a_warning(tmp_path: Path) -> None:
    capitals = _line(b"x", "data/a").upper().replace("DATA/A", "data/a")
    files = {"bagit.txt": _bagit("1.0"), "data/a": "x", "manifest-md5.txt": capitals}
    report = _verify(_make(tmp_path / "bag", files))
    assert report.errors == ()
    assert any("capitals" in finding.message for finding in report.warnings)


@pytest.mark.parametrize(
    "path",
    [
        "../../../README.md",
        "/etc/passwd",
        "~/.bashrc",
        "~root/x",
        "data/../../x",
        "C:\\x",
        "\\\\?\\c:\\x",
        "..\\x",
        "%2e%0A/../x",
    ],
)
def test_paths_that_lead_out_of_the_bag_are_errors(path: str, tmp_path: Path) -> None:
    manifest = _line(b"x", "data/a") + _line(b"y", path)
    bag = _make(tmp_path / "bag", {"bagit.txt": _bagit("0.97"), "data/a": "x", "manifest-md5.txt": manifest})
    assert "unsafe-path" in _failed(_verify(bag))
    (bag / "manifest-md5.txt").write_text(_line(b"x", "data/a"))
    (bag / "fetch.txt").write_text(f"http://example.org/x - {path}\n")
    assert "unsafe-path" in _failed(_verify(bag))


def test_percent_signs_are_read_as_the_rfc_writes_them_and_as_others_do(tmp_path: Path) -> None:
    files = {"data/a%0Ab": "1", "data/c\nd": "2", "data/50%": "3"}
    written = {"data/a%0Ab": "data/a%250Ab", "data/c\nd": "data/c%0ad", "data/50%": "data/50%"}
    manifest = "".join(_line(content.encode(), written[path]) for path, content in files.items())
    bag = _make(tmp_path / "bag", {"bagit.txt": _bagit("1.0"), "manifest-md5.txt": manifest, **files})
    report = _verify(bag)
    assert report.errors == ()
    unencoded = {written["data/a%0Ab"]: "data/a%0Ab"}
    (bag / "manifest-md5.txt").write_text(
        "".join(
            _line(content.encode(), unencoded.get(written[path], written[path]))
            for path, content in files.items()
        )
    )
    report = _verify(bag)
    assert report.errors == ()
    assert "name-encoding" in _warned(report)


def test_a_name_in_another_normalisation_is_the_same_name_with_a_warning(tmp_path: Path) -> None:
    composed = "data/N\u00fa\u00f1ez"
    bag = _make(
        tmp_path / "bag",
        {
            "bagit.txt": _bagit("0.97"),
            unicodedata.normalize("NFD", composed): "",
            "manifest-md5.txt": _line(b"", composed),
        },
    )
    report = _verify(bag)
    assert report.errors == ()
    assert _warned(report) == {"name-normalisation"}


@pytest.mark.parametrize("version", ["0.97", "1.0"])
def test_a_name_listed_in_two_normalisations_with_one_digest_is_a_warning(
    version: str, tmp_path: Path
) -> None:
    composed = "data/N\u00fa\u00f1ez"
    decomposed = unicodedata.normalize("NFD", composed)
    bag = _make(
        tmp_path / "bag",
        {
            "bagit.txt": _bagit(version),
            composed: "",
            "manifest-md5.txt": _line(b"", composed) + _line(b"", decomposed),
        },
    )
    report = _verify(bag)
    assert report.valid
    assert _warned(report) == {"manifest-duplicate", "name-normalisation"}
    (bag / "manifest-md5.txt").write_text(_line(b"", composed) + _line(b"x", decomposed))
    assert _failed(_verify(bag)) == {"manifest-duplicate"}


def test_a_line_repeated_is_forgiven_in_the_drafts_and_different_digests_never(tmp_path: Path) -> None:
    bag = _make(
        tmp_path / "bag",
        {"bagit.txt": _bagit("0.97"), "data/a": "x", "manifest-md5.txt": _line(b"x", "data/a") * 2},
    )
    assert _verify(bag).valid
    (bag / "bagit.txt").write_bytes(_bagit("1.0"))
    assert _failed(_verify(bag)) == {"manifest-duplicate"}
    (bag / "bagit.txt").write_bytes(_bagit("0.97"))
    (bag / "manifest-md5.txt").write_text(_line(b"x", "data/a") + _line(b"y", "data/a"))
    assert _failed(_verify(bag)) == {"manifest-duplicate"}


def test_manifests_may_share_the_payload_in_the_drafts_and_not_in_the_rfc(tmp_path: Path) -> None:
    bag = _make(
        tmp_path / "bag",
        {
            "bagit.txt": _bagit("0.97"),
            "data/a": "x",
            "data/b": "y",
            "manifest-md5.txt": _line(b"x", "data/a"),
            "manifest-sha1.txt": _line(b"y", "data/b", "sha1"),
        },
    )
    report = _verify(bag)
    assert report.valid
    assert "manifest-incomplete" in _warned(report)
    (bag / "bagit.txt").write_bytes(_bagit("1.0"))
    assert _failed(_verify(bag)) == {"manifest-incomplete"}


def test_a_bag_with_fetch_is_valid_once_everything_is_there(tmp_path: Path) -> None:
    bag = _make(
        tmp_path / "bag",
        {
            "bagit.txt": _bagit("1.0"),
            "data/a": "x",
            "manifest-md5.txt": _line(b"x", "data/a"),
            "fetch.txt": "http://example.org/a 1 data/a\n",
        },
    )
    assert _verify(bag).valid
    (bag / "data/a").unlink()
    assert _failed(_verify(bag)) == {"file-not-fetched"}


def test_a_bag_without_payload_is_valid(tmp_path: Path) -> None:
    bag = _make(tmp_path / "bag", {"bagit.txt": _bagit("1.0"), "manifest-md5.txt": ""})
    (bag / "data").mkdir()
    assert verify_bag(bag).second_opinion == "valid"
    assert _verify(bag).errors == ()


def test_twins_in_a_foreign_bag_are_a_warning(tmp_path: Path) -> None:
    bag = _make(
        tmp_path / "bag",
        {
            "bagit.txt": _bagit("1.0"),
            "data/A": "x",
            "data/a": "x",
            "manifest-md5.txt": _line(b"x", "data/A") + _line(b"x", "data/a"),
        },
    )
    report = _verify(bag)
    assert report.valid
    assert _warned(report) == {"unportable-name"}
