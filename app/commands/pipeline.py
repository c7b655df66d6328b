# SPDX-License-Identifier: Apache-2.0
"""`recto pipeline`: the pipelines there are, what is wrong with one, and how it looks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import err, out, print_json
from archive.durable import write_durably
from archive.resource_files import resource_path
from workers.errors import StepBroken
from workers.pipelines.catalogue import KnownPipeline, clash_of, find_pipeline, known_pipelines
from workers.pipelines.drawing import draw
from workers.pipelines.drawing_svg import draw_svg
from workers.pipelines.facts import FACTS, FAMILIES
from workers.pipelines.problems import PipelineProblem
from workers.pipelines.reader import PipelineDefinition, compile_pipeline, read_pipeline
from workers.settings import load_settings
from workers.steps.parameters import KIND_NAMES, Parameter
from workers.steps.registry import find_step, step_names
from workers.steps.step import Step


@click.group()
def pipeline() -> None:
    """Pipelines: what the items of a batch go through."""


@pipeline.command("list")
@as_json_option
def list_command(*, as_json: bool) -> None:
    """The pipelines that manifests can name here."""
    known = known_pipelines(load_settings().pipelines.folder)
    if as_json:
        print_json([_brief(each) for each in known])
        return
    for each in known:
        brief = _brief(each)
        trouble = "" if brief["usable"] else "   cannot be used, see: recto pipeline check " + str(each.path)
        out.print(f"{each.name:<16} {brief['title']:<32} {brief['source']}{trouble}")
        if clash := clash_of(each):
            out.print(f"{'':<16} {clash}")


def _brief(each: KnownPipeline) -> dict[str, Any]:
    definition = each.read().definition
    return {
        "name": each.name,
        "title": definition.title if definition else "",
        "version": definition.version if definition else "",
        "description": " ".join(definition.description.split()) if definition else "",
        "stages": [rule.name for rule in definition.stages] if definition else [],
        "shipped": each.shipped,
        "source": "comes with Recto" if each.shipped else str(each.path),
        "usable": definition is not None and definition.name == each.name and not clash_of(each),
    }


@pipeline.command()
@click.argument("file", type=click.Path(path_type=Path))
@as_json_option
def check(file: Path, *, as_json: bool) -> None:
    """Check FILE; exit 0 when it can be used, 1 when it has errors. Warnings do not count."""
    reading = read_pipeline(file)
    definition = reading.definition
    if as_json:
        print_json(
            {
                "valid": definition is not None,
                "problems": [problem.to_json() for problem in reading.problems],
                "sha256": compile_pipeline(definition).sha256 if definition else None,
            }
        )
    else:
        for problem in reading.problems:
            _print_problem(file, problem)
        if definition is not None:
            out.print(f"{file}: clean; pipeline {definition.name} with {len(definition.stages)} stages.")
        else:
            out.print(f"{file}: {len(reading.errors)} errors. No batch can go through it yet.")
    sys.exit(ExitCode.DONE if definition is not None else ExitCode.INVALID)


def _print_problem(file: Path, problem: PipelineProblem) -> None:
    out.print(f"{file}:{problem.line}:{problem.column}: {problem.severity}: {problem.message}")
    out.print(f"    {problem.remedy}  [{problem.code}]")


@pipeline.command()
@click.argument("name")
@click.option(
    "--svg", type=click.Path(path_type=Path, dir_okay=False), help="Write a picture to this file instead."
)
@as_json_option
def show(name: str, svg: Path | None, *, as_json: bool) -> None:
    """Draw the pipeline NAME, or the one in a file whose path ends in .yaml."""
    definition = find_pipeline(name, folder=load_settings().pipelines.folder)
    compiled = compile_pipeline(definition)
    if svg is not None:
        write_durably(svg, draw_svg(compiled, definition.description).encode())
        err.print(f"Written: {svg}")
    if as_json:
        print_json(
            compiled.to_json()
            | {"description": definition.description, "source": definition.source, "sha256": compiled.sha256}
        )
    elif svg is None:
        _print_head(definition)
        out.print(draw(compiled), end="")


def _print_head(definition: PipelineDefinition) -> None:
    out.print(f"{definition.title} ({definition.name}, version {definition.version})")
    if definition.description:
        click.echo(click.wrap_text(" ".join(definition.description.split()), width=100))
    out.print("")


@pipeline.command()
@click.argument("name", required=False)
@as_json_option
def steps(name: str | None, *, as_json: bool) -> None:
    """The steps that stages can have done, or one of them with its parameters."""
    names = step_names() if name is None else (name,)
    found = [_step(each) for each in names] if name is None else [(name, find_step(name), "")]
    if as_json:
        print_json([_step_json(*each) for each in found])
        return
    for each, step, trouble in found:
        out.print(f"{each:<16} {step.title if step else trouble}")
        for parameter in step.parameters if step and name else ():
            out.print(f"    {parameter.name}: {_allowed(parameter)}. {parameter.description}.")
    if name is None:
        out.print("\nSee the parameters of one with: recto pipeline steps NAME")


def _step(name: str) -> tuple[str, Step | None, str]:
    try:
        return name, find_step(name), ""
    except StepBroken as error:
        return name, None, f"cannot be used: {error.message}"


def _step_json(name: str, step: Step | None, trouble: str) -> dict[str, Any]:
    if step is None:
        return {"name": name, "usable": False, "problem": trouble}
    return {
        "name": name,
        "usable": True,
        "title": step.title,
        "applies_to": list(step.applies_to),
        "needs": list(step.needs),
        "queue": step.queue,
        "parameters": [
            {"name": each.name, "kind": each.kind, "allowed": _allowed(each), "description": each.description}
            for each in step.parameters
        ],
    }


def _allowed(parameter: Parameter) -> str:
    if parameter.choices:
        return f"{'some of' if parameter.kind == 'texts' else 'one of'} {', '.join(parameter.choices)}"
    bounds = (parameter.least, parameter.most)
    between = f" from {bounds[0]:g} to {bounds[1]:g}" if None not in bounds else ""
    return f"{KIND_NAMES[parameter.kind]}{between}{', or ~' if parameter.may_be_none else ''}"


@pipeline.command()
@as_json_option
def facts(*, as_json: bool) -> None:
    """The facts that conditions (`when`) may ask for."""
    rows = [(name, kind, told) for name, (kind, told) in FACTS.items()]
    rows += [(f"{family}.NAME", "any", told) for family, told in FAMILIES.items()]
    if as_json:
        print_json([{"name": name, "kind": kind, "description": told} for name, kind, told in rows])
        return
    for name, kind, told in rows:
        out.print(f"{name:<16} {kind:<8} {told}")


@pipeline.command()
@click.option(
    "-o", "--out", "file", type=click.Path(path_type=Path), help="File to write; stdout when left out."
)
def template(file: Path | None) -> None:
    """An example of a pipeline, every key explained, to make one's own of."""
    content = resource_path("pipelines", "template", "own.yaml").read_bytes()
    if file is None:
        sys.stdout.buffer.write(content)
        return
    try:
        with file.open("xb") as stream:
            stream.write(content)
    except FileExistsError as error:
        raise click.UsageError(f"{file} exists already; it was left as it is.") from error
    err.print(f"Written: {file}")
