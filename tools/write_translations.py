# SPDX-License-Identifier: Apache-2.0
"""Bring the translations up to date: collect the desktop's texts, fill English plurals, compile what Qt reads.

python -m tools.write_translations           collect, fill, compile
python -m tools.write_translations --check    exit 1 while a German text is missing, or a file is old
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDER = REPOSITORY / "resources" / "translations"
SOURCES = REPOSITORY / "app" / "desktop"
LANGUAGES = ("de", "en")


def main(arguments: list[str]) -> int:
    """Write the files, or check them.

    Returns:
        0, or 1 when something is missing.
    """
    if "--check" in arguments:
        problems = problems_of_translations()
        for problem in problems:
            print(problem)
        return 1 if problems else 0
    FOLDER.mkdir(exist_ok=True)
    for language in LANGUAGES:
        collect(FOLDER / f"recto_{language}.ts", language)
    fill_english_plurals(FOLDER / "recto_en.ts")
    for language in LANGUAGES:
        compile_file(FOLDER / f"recto_{language}.ts")
    return 0


def problems_of_translations() -> list[str]:
    """What is missing, in sentences: texts that are not collected, not translated, or not compiled."""
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for language in LANGUAGES:
            kept = FOLDER / f"recto_{language}.ts"
            fresh = Path(folder) / kept.name
            fresh.write_bytes(kept.read_bytes())
            collect(fresh, language)
            if language == "en":
                fill_english_plurals(fresh)
            missing = unfinished(fresh)
            problems += [f"{kept.name}: [{context}] {text!r} is not translated" for context, text in missing]
            compiled = compile_file(fresh)
            shipped = kept.with_suffix(".qm")
            if not missing and (not shipped.exists() or shipped.read_bytes() != compiled.read_bytes()):
                problems.append(f"{shipped.name} is old: run python -m tools.write_translations")
    return problems


def collect(file: Path, language: str) -> None:
    """Collect the texts of the desktop into a .ts file; texts that are gone leave it."""
    sources = sorted(str(path.relative_to(REPOSITORY)) for path in SOURCES.rglob("*.py"))
    plurals = ["-pluralonly"] if language == "en" else []
    options = ["-locations", "none", "-no-obsolete", "-source-language", "en", "-target-language", language]
    _run("pyside6-lupdate", *sources, *options, *plurals, "-ts", str(file))


def compile_file(file: Path) -> Path:
    """Compile a .ts file into the .qm file beside it.

    Returns:
        The .qm file.
    """
    compiled = file.with_suffix(".qm")
    _run("pyside6-lrelease", str(file), "-qm", str(compiled))
    return compiled


def unfinished(file: Path) -> list[tuple[str, str]]:
    """Context and English text of what is not translated yet."""
    missing = []
    for context in ET.parse(file).getroot().iter("context"):  # noqa: S314 (a file of our own)
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.get("type") == "unfinished":
                missing.append((context.findtext("name", ""), message.findtext("source", "")))
    return missing


def fill_english_plurals(file: Path) -> None:
    """Say in English what belongs to one and what to many: "%n page(s)" is "%n page" or "%n pages"."""
    tree = ET.parse(file)  # noqa: S314 (a file of our own)
    for message in tree.getroot().iter("message"):
        translation = message.find("translation")
        source = message.findtext("source", "")
        if translation is None or message.get("numerus") != "yes":
            continue
        one, many = english_forms(source)
        for form, text in zip(translation.findall("numerusform"), (one, many), strict=True):
            form.text = text
        translation.attrib.pop("type", None)
    text = ET.tostring(tree.getroot(), encoding="unicode")
    file.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', encoding="utf-8")


_VERBS = {
    "are": "is",
    "were": "was",
    "have": "has",
    "go": "goes",
    "wait": "waits",
    "do": "does",
    "need": "needs",
}


def english_forms(source: str) -> tuple[str, str]:
    """The text for one and the text for many of a text such as "%n page(s) were kept"."""
    many = re.sub(r"\((s|es)\)", r"\1", source)
    verb = re.compile(rf"(?P<noun>\((?:s|es)\)) (?P<verb>{'|'.join(_VERBS)})\b")
    one = verb.sub(lambda found: f"{found['noun']} {_VERBS[found['verb']]}", source)
    return re.sub(r"\((?:s|es)\)", "", one), many


def _run(program: str, *arguments: str) -> None:
    command = [str(Path(sys.executable).parent / program), *arguments]
    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise SystemExit(f"{program} failed: {ended.stdout}{ended.stderr}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
