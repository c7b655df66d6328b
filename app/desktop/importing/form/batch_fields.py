# SPDX-License-Identifier: Apache-2.0
"""The fields of the batch, one below the other: who and what, how it is scanned, what is said of all items, and the bag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.desktop.importing.form.choices import (
    LANGUAGES,
    RESOLUTIONS,
    RIGHTS,
    asked_tags,
    default_tags,
)
from app.desktop.importing.form.field import FormField
from app.desktop.importing.form.profile_texts import profile_text
from app.desktop.importing.form.state import FormState
from app.desktop.theme.theme import Theme
from app.desktop.widgets.head_line import HeadLine
from archive.bag.profile import BagProfile
from archive.manifest.form import BATCH_FIELDS, FOR_ALL_ITEMS
from hardware.scanner import DeviceInfo


class BatchFields(QScrollArea):
    """All fields that are filled in once for the batch.

    Args:
        state: The form.
        theme: Colours and icons.
    """

    def __init__(self, state: FormState, theme: Theme) -> None:
        super().__init__()
        self._state = state
        self._theme = theme
        self._profiles: dict[str, BagProfile] = {}
        self._models: dict[str, str] = {}
        self._shown_profile = ""
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.fields = self._make_fields()
        self.tags: dict[str, FormField] = {}
        self._tag_column = QVBoxLayout()
        self._tag_column.setSpacing(10)
        inner = QWidget()
        self._lay_out(QVBoxLayout(inner))
        self.setWidget(inner)
        for name, field in self.fields.items():
            field.edited.connect(partial(self._edit, name))
        state.changed.connect(self._show)
        state.checked.connect(self._show_problems)

    def _make_fields(self) -> dict[str, FormField]:
        theme = self._theme
        colors = [
            ("sRGB", self.tr("Colour (sRGB)")),
            ("AdobeRGB", self.tr("Colour (Adobe RGB)")),
            ("eciRGBv2", self.tr("Colour (eciRGB v2)")),
            ("gray", self.tr("Grey")),
            ("bitonal", self.tr("Black and white")),
        ]
        return {
            "id": FormField(
                theme, self.tr("Batch id"), help_text=self.tr("Names the batch; letters, digits, - and _.")
            ),
            "institution": FormField(
                theme, self.tr("Institution"), help_text=self.tr("Who owns the material.")
            ),
            "collection": FormField(
                theme, self.tr("Collection"), help_text=self.tr("What the items belong to.")
            ),
            "scanner_id": FormField(
                theme, self.tr("Scanner"), choices=[("", "")], help_text=self.tr("Captures the pages.")
            ),
            "scanner_model": FormField(
                theme, self.tr("Make and model"), help_text=self.tr("Stands in every page's record.")
            ),
            "resolution_dpi": FormField(
                theme, self.tr("Resolution (dots per inch)"), choices=[(each, each) for each in RESOLUTIONS]
            ),
            "color_profile": FormField(theme, self.tr("Colour"), choices=colors, free=False),
            "language": FormField(
                theme,
                self.tr("Language of all items"),
                choices=[(each, each) for each in ("", *LANGUAGES)],
                help_text=self.tr("Where an item says nothing else; several joined by +."),
            ),
            "rights": FormField(
                theme,
                self.tr("Rights of all items"),
                choices=[(each, each) for each in ("", *RIGHTS)],
                help_text=self.tr("Where an item says nothing else."),
            ),
            "bag_profile": FormField(
                theme,
                self.tr("Bag profile"),
                choices=[("", "")],
                free=False,
                help_text=self.tr("Which archive the bags suit."),
            ),
        }

    def _lay_out(self, column: QVBoxLayout) -> None:
        column.setContentsMargins(4, 4, 14, 4)
        column.setSpacing(10)
        groups = (
            (self.tr("Batch"), ("id", "institution", "collection")),
            (self.tr("Capture"), ("scanner_id", "scanner_model", "resolution_dpi", "color_profile")),
            (self.tr("All items"), FOR_ALL_ITEMS),
            (self.tr("Bag"), ("bag_profile",)),
        )
        for number, (title, names) in enumerate(groups):
            if number:
                column.addSpacing(8)
            column.addWidget(HeadLine(title, 1.1))
            for name in names:
                column.addWidget(self.fields[name])
        column.addLayout(self._tag_column)
        column.addStretch(1)

    def show_scanners(self, found: Sequence[DeviceInfo]) -> None:
        """Offer the scanners that were found."""
        self._models = {device.id: f"{device.vendor} {device.model}".strip() for device in found}
        simulated = self.tr("{name} (simulated)")
        choices = [
            (device.id, simulated.format(name=words) if device.simulated else words)
            for device in found
            for words in (f"{self._models[device.id]} – {device.id}",)  # noqa: RUF001 (a dash between two names)
        ]
        self.fields["scanner_id"].set_choices(choices)

    def show_profiles(self, profiles: Sequence[BagProfile]) -> None:
        """Offer the bag profiles."""
        self._profiles = {profile.name: profile for profile in profiles}
        choices = [(profile.name, profile_text(profile.title)) for profile in profiles]
        self.fields["bag_profile"].set_choices(choices)

    def _edit(self, name: str, value: str) -> None:
        """Take over what was filled in, and what follows from it."""
        form = self._state.form
        step = self.tr("change of {field}").format(field=self.fields[name].title)
        form = form.with_for_all(name, value) if name in FOR_ALL_ITEMS else form.with_batch(name, value)
        if name == "scanner_id" and value in self._models:
            known = {*self._models.values(), ""}
            if form.batch.get("scanner_model", "") in known:
                form = form.with_batch("scanner_model", self._models[value])
        if name == "bag_profile" and value in self._profiles:
            # a tag that both profiles ask for keeps what was written
            asked = default_tags([self._profiles[value]])
            form = replace(form, tags={label: form.tags.get(label, asked[label]) for label in asked})
        self._state.change(form, step, merges=name)

    def _show(self) -> None:
        form = self._state.form
        for name, field in self.fields.items():
            source = form.batch if name in BATCH_FIELDS else form.for_all
            field.show_value(source.get(name, ""))
        self._show_tags(form.batch.get("bag_profile", ""))
        for label, field in self.tags.items():
            field.show_value(form.tags.get(label, ""))

    def _show_tags(self, name: str) -> None:
        """Have one field for each tag that the profile asks for."""
        profile = self._profiles.get(name)
        if profile is None or name == self._shown_profile:
            return
        self._shown_profile = name
        for field in self.tags.values():
            self._tag_column.removeWidget(field)
            field.hide()
            field.deleteLater()
        self.tags = {}
        before = self.fields["bag_profile"].editor
        for asked in asked_tags(profile):
            choices = [(value, value) for value in asked.values]
            if choices and not asked.default:
                choices.insert(0, ("", ""))
            title = self.tr("{label} (needed)").format(label=asked.label) if asked.required else asked.label
            field = FormField(
                self._theme, title, choices=choices, free=not choices, help_text=profile_text(asked.help)
            )
            field.edited.connect(partial(self._edit_tag, asked.label))
            self.tags[asked.label] = field
            self._tag_column.addWidget(field)
            QWidget.setTabOrder(before, field.editor)
            before = field.editor

    def _edit_tag(self, label: str, value: str) -> None:
        step = self.tr("change of {field}").format(field=label)
        self._state.change(self._state.form.with_tag(label, value), step, merges=f"tag.{label}")

    def _show_problems(self) -> None:
        check = self._state.check
        if check is None:
            return
        for name, field in self.fields.items():
            field.show_problems(check.by_field.get(name, ()))
        for label, field in self.tags.items():
            field.show_problems(check.by_field.get(f"tag.{label}", ()))
