# SPDX-License-Identifier: Apache-2.0
"""Write docs/settings.md, and what translators get, from the settings' own descriptions: they never differ."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from workers.device_settings import HotFolderSettings, ScannerProfileSettings, SimulatedDeviceSettings
from workers.notification_settings import NotificationTargetSettings
from workers.settings import Settings
from workers.storage_settings import StorageTargetSettings

INTRODUCTION = """\
# Settings

One TOML file, `recto.toml`, in the configuration directory (`~/.config/recto`, or `$RECTO_HOME/config`;
`RECTO_CONFIG` names another file), and environment variables, which win over the file:
`RECTO_STATION=cellar`, `RECTO_LEDGER__LEASE_SECONDS=60`. An unknown key or variable is refused with the
nearest known name. `RECTO_HOME` moves configuration, data and state to one directory.

Secrets are never settings: S3 credentials come from the environment, AWS's own files, or the keyring of the user's
session (`credentials = "keyring"` in the target's table); passwords of broker and database may be in the keyring too;
in a container or a service they may be files of the folder that `RECTO_SECRETS` names, such as `recto_broker_url`
(servers.md); addresses of notifications come from the environment or the keyring (notifications.md); passwords for saned come from the environment or scanimage's own file (see scanners.md). The desktop keeps and removes
them on its Settings screen.

```toml
station = "reading-room"
operator = "M. Muster"

[storage.vault]
url = "s3://example-vault/bags"
endpoint = "https://s3.example.org"

[[devices.simulated]]
name = "practice"
kind = "feeder"
sheets = 40
```
"""

TABLES: dict[str, type[BaseModel]] = {
    "storage.NAME": StorageTargetSettings,
    "notifications.targets.NAME": NotificationTargetSettings,
    "devices.simulated": SimulatedDeviceSettings,
    "devices.folders": HotFolderSettings,
    "devices.icc": ScannerProfileSettings,
}
"""Tables that may stand several times, which the settings' own tree does not show."""


def settings_page() -> str:
    """The whole page."""
    lines = [INTRODUCTION, "## At the top", "", *_table(Settings)]
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            lines += [
                "",
                f"## [{name}]",
                "",
                (field.annotation.__doc__ or "").strip(),
                "",
                *_table(field.annotation),
            ]
    for name, model in TABLES.items():
        lines += ["", f"## [{name}]", "", (model.__doc__ or "").strip(), "", *_table(model)]
    return "\n".join(lines) + "\n"


def _table(model: type[BaseModel]) -> Iterator[str]:
    yield "| key | default | meaning |"
    yield "|---|---|---|"
    for name, field in model.model_fields.items():
        if not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            yield f"| `{name}` | {_default(field)} | {field.description} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default is PydanticUndefined:
        # a factory's value depends on the machine
        return "depends on the machine" if field.default_factory is not dict else "none"
    if field.default is None or field.default in ("", ()):
        return "none"
    return f"`{field.default}`" if not isinstance(field.default, tuple) else "see below"


DESCRIPTIONS = Path("app/desktop/preferences/descriptions.py")

LINE = 110

_HEAD = '''\
# SPDX-License-Identifier: Apache-2.0
"""The settings' descriptions, for translators; written by tools/write_settings_docs.py, never by hand."""

from __future__ import annotations

from app.desktop.language.marking import QT_TRANSLATE_NOOP

DESCRIPTIONS: tuple[str, ...] = (
'''


def descriptions_module() -> str:
    """The module that marks every description for translation."""
    tables = [field.annotation for field in Settings.model_fields.values()]
    models = [
        Settings,
        *(table for table in tables if isinstance(table, type) and issubclass(table, BaseModel)),
    ]
    models += TABLES.values()
    texts = {field.description: None for model in models for field in model.model_fields.values()}
    return f"{_HEAD}{''.join(_marked(text) for text in texts if text)})\n"


def _marked(text: str) -> str:
    """A description marked for translation, laid out as the formatter does it."""
    words = json.dumps(text, ensure_ascii=False)
    line = f'    QT_TRANSLATE_NOOP("settings", {words}),\n'
    if len(line) <= LINE + 1:
        return line
    inner = f'        "settings", {words}\n'
    if len(inner) > LINE + 1:
        inner = f'        "settings",\n        {words},\n'
    return f"    QT_TRANSLATE_NOOP(\n{inner}    ),\n"


if __name__ == "__main__":  # run as: python -m tools.write_settings_docs
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/settings.md")
    target.write_text(settings_page(), encoding="utf-8")
    DESCRIPTIONS.write_text(descriptions_module(), encoding="utf-8")
