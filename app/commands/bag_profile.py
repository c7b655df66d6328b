# SPDX-License-Identifier: Apache-2.0
"""`recto bag profile`: the profiles there are, and the tags that one of them asks for."""

from __future__ import annotations

import click

from app.json_option import as_json_option
from app.output import out, print_json
from archive.bag.profile import BagProfile, load_profile, shipped_profiles
from archive.bag.profile_form import FormField, form_fields


@click.command("profile")
@click.argument("name", required=False)
@as_json_option
def profile_command(name: str | None, *, as_json: bool) -> None:
    """List the shipped profiles, or the tags that the profile NAME (or a file) asks for."""
    if name is None:
        _list_shipped(as_json=as_json)
        return
    profile = load_profile(name)
    fields = list(form_fields(profile))
    if as_json:
        print_json(
            {
                "name": profile.name,
                "title": profile.title,
                "identifier": profile.identifier,
                "serialization": profile.serialization,
                "tags": [field.to_json() for field in fields],
            }
        )
        return
    out.print(f"{profile.title} ({profile.source})", markup=False)
    for field in fields:
        out.print(_line(field), markup=False)


def _list_shipped(*, as_json: bool) -> None:
    profiles = shipped_profiles()
    if as_json:
        print_json([_brief(profile) for profile in profiles])
        return
    for profile in profiles:
        out.print(f"{profile.name:<14} {profile.title}", markup=False)


def _brief(profile: BagProfile) -> dict[str, object]:
    return {
        "name": profile.name,
        "aliases": list(profile.aliases),
        "title": profile.title,
        "identifier": profile.identifier,
    }


def _line(field: FormField) -> str:
    need = "required" if field.required else "recommended" if field.recommended else "optional"
    facts = [
        "set by Recto" if field.computed else need,
        f"one of {', '.join(field.values)}" if field.values else "",
        f"default {field.default}" if field.default else "",
    ]
    told = "; ".join(fact for fact in facts if fact)
    help_text = "" if field.computed else f". {field.help}" if field.help else ""
    return f"  {field.file}/{field.label}: {told}{help_text}"
