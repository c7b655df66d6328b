# SPDX-License-Identifier: Apache-2.0
"""The pipelines there are: those that come with Recto, those of the institution's folder, and files by their path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archive.manifest.nearest import did_you_mean
from archive.manifest.problems import Refused, shown
from archive.manifest.rules import legal_relative_path
from archive.registry.stages import DEFAULT_PIPELINE
from archive.resource_files import resource_path
from workers.errors import PipelineRefused
from workers.pipelines.reader import OLD_NAME, PipelineDefinition, PipelineReading, read_pipeline

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class KnownPipeline:
    """A pipeline that manifests can name.

    Attributes:
        name: The name of its file without the suffix, which is its own name too.
        path: Its file.
        shipped: Whether it comes with Recto.
    """

    name: str
    path: Path
    shipped: bool

    def read(self) -> PipelineReading:
        """Read its file."""
        return read_pipeline(self.path)


def known_pipelines(folder: Path | None) -> list[KnownPipeline]:
    """The shipped pipelines, the default one first, then those of a folder; none of them is read.

    A file of the folder that has the name of a shipped pipeline stands here too, and is never chosen.
    """
    shipped = sorted(resource_path("pipelines").glob("*.yaml"), key=_default_first)
    own = sorted(path for path in _files_in(folder) if path.suffix.lower() in SUFFIXES)
    return [
        *(KnownPipeline(path.stem, path, shipped=True) for path in shipped),
        *(KnownPipeline(path.stem, path, shipped=False) for path in own),
    ]


def find_pipeline(name: str, *, folder: Path | None, beside: Path | None = None) -> PipelineDefinition:
    """The pipeline that a manifest or a command names.

    Args:
        name: A shipped pipeline, one of the folder's, or a path that ends in .yaml.
        folder: The institution's folder of pipelines.
        beside: The folder that a relative path begins at, and may not leave; any path where None.

    Raises:
        PipelineRefused: There is none, or it has problems.
    """
    if Path(name).suffix.lower() in SUFFIXES:
        return _usable(_path(name, beside))
    known = known_pipelines(folder)
    wanted = DEFAULT_PIPELINE.name if name == OLD_NAME else name
    found = next((pipeline for pipeline in known if pipeline.name == wanted), None)
    if found is None:
        names = list(dict.fromkeys(pipeline.name for pipeline in known))
        raise PipelineRefused(f"There is no pipeline {shown(name)}.", remedy=did_you_mean(name, names))
    definition = _usable(found.path)
    if definition.name != found.name:
        raise PipelineRefused(
            f"The pipeline in {found.path} calls itself {definition.name}.",
            remedy=f"Name the file {definition.name}.yaml, or write in it: name: {found.name}",
        )
    return definition


def clash_of(pipeline: KnownPipeline) -> str:
    """Why a pipeline of the folder is never chosen, as a sentence; "" where it is."""
    if pipeline.shipped or pipeline.name not in _shipped_names():
        return ""
    return f"{pipeline.name} is the name of a pipeline that comes with Recto, which is the one that is used."


def mismatch_of(pipeline: KnownPipeline) -> str:
    """What keeps a pipeline of the folder from being used, as a sentence; "" for nothing."""
    reading = pipeline.read()
    if reading.definition is None:
        return f"Line {reading.errors[0].line}: {reading.errors[0].message}"
    if reading.definition.name != pipeline.name:
        return f"The file is called {pipeline.path.name}, and the pipeline in it {reading.definition.name}."
    return ""


@cache
def _shipped_names() -> frozenset[str]:
    return frozenset(path.stem for path in resource_path("pipelines").glob("*.yaml"))


def _default_first(path: Path) -> tuple[bool, str]:
    return path.stem != DEFAULT_PIPELINE.name, path.stem


def _files_in(folder: Path | None) -> Iterator[Path]:
    if folder is None:
        return
    try:
        yield from folder.iterdir()
    except OSError as error:
        raise PipelineRefused(
            f"The folder of pipelines {folder} cannot be read: {error.strerror}.",
            remedy="Correct pipelines.folder in the settings, or give this user the right to read it.",
        ) from error


def _path(name: str, beside: Path | None) -> Path:
    if beside is None:
        return Path(name)
    try:
        return beside / legal_relative_path(name)
    except Refused as refused:
        raise PipelineRefused(
            f"{refused.message}",
            remedy="Put the pipeline beside the manifest, or into the folder that the settings name.",
        ) from refused


def _usable(path: Path) -> PipelineDefinition:
    reading = read_pipeline(path)
    if reading.definition is None:
        first = reading.errors[0]
        more = f" and {len(reading.errors) - 1} more" if len(reading.errors) > 1 else ""
        raise PipelineRefused(
            f"The pipeline {path} cannot be used. Line {first.line}: {first.message.rstrip('.')}{more}.",
            remedy=f"See all problems with: recto pipeline check {path}",
            problems=[problem.to_json() for problem in reading.errors],
        )
    return reading.definition
