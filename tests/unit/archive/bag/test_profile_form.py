# SPDX-License-Identifier: Apache-2.0
"""A profile as a form: everything it says about a tag is there to be shown and filled in."""

from __future__ import annotations

from archive.bag.profile import BagProfile, load_profile, shipped_profiles
from archive.bag.profile_form import form_fields


def test_the_form_of_aptrust_asks_for_title_access_and_storage(aptrust: BagProfile) -> None:
    fields = {field.label: field for field in form_fields(aptrust)}
    assert [label for label, field in fields.items() if field.required] == [
        "Title",
        "Access",
        "Storage-Option",
    ]
    access = fields["Access"]
    assert (access.file, access.default) == ("aptrust-info.txt", "Institution")
    assert access.values == ("Consortia", "Institution", "Restricted")
    assert fields["Payload-Oxum"].computed
    assert not fields["Title"].computed
    assert all(field.help for field in fields.values())


def test_what_the_form_demands_is_what_a_bag_needs() -> None:
    for profile in shipped_profiles():
        tags: dict[str, dict[str, str]] = {}
        for field in form_fields(profile):
            if field.required:
                tags.setdefault(field.file, {})[field.label] = field.default or "x"
        assert profile.check_tags(tags) == []
        for field in form_fields(profile):
            if field.required and field.label != "Storage-Option":
                fewer = {file: dict(labels) for file, labels in tags.items()}
                del fewer[field.file][field.label]
                assert len(profile.check_tags(fewer)) == 1


def test_a_field_is_a_json_object() -> None:
    field = next(form_fields(load_profile("btr")))
    assert field.to_json() == {
        "file": "bag-info.txt",
        "label": "Source-Organization",
        "required": True,
        "recommended": False,
        "may_be_empty": False,
        "repeatable": True,
        "values": [],
        "default": "",
        "computed": False,
        "help": "The organisation that answers for the content.",
    }
