# SPDX-License-Identifier: Apache-2.0
"""The settings of a station or a node: one TOML file and RECTO_* variables, typed, unknown keys refused."""

from __future__ import annotations

import difflib
import os
import re
import socket
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from workers.backup_settings import BackupSettings
from workers.device_settings import DeviceSettings
from workers.enrichment_settings import EnrichmentSettings
from workers.errors import SettingsInvalid
from workers.fetch_settings import FetchSettings
from workers.fixity_settings import FixitySettings
from workers.notification_settings import NotificationSettings
from workers.receiving_settings import ReceivingSettings
from workers.restore_settings import DeletionSettings, RestoreSettings
from workers.schedule_settings import ScheduleSettings
from workers.settings_table import Part
from workers.staging_settings import StagingSettings
from workers.storage_settings import ReleaseSettings, StorageTargetSettings, UploadSettings


class LedgerSettings(Part):
    """Leases, attempts and how much is in flight."""

    lease_seconds: float = Field(
        default=120.0, gt=1, description="A dead worker's units come back after this"
    )
    reconcile_seconds: float = Field(
        default=60.0, gt=0, description="How often lost messages and callbacks are looked for"
    )
    max_attempts: int = Field(default=4, ge=1, description="Attempts of a unit before it counts as failed")
    items_in_flight: int = Field(default=3, ge=1, description="Items of one station worked on at once")
    chunk_pages: int = Field(
        default=50, ge=1, description="Pages in one unit of capture, characterise and OCR"
    )


class WorkerSettings(Part):
    """How many processes and threads a local worker has."""

    compute_processes: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, description="Processes for imaging and OCR"
    )
    io_threads: int = Field(default=4, ge=1, description="Threads for bags and uploads")
    stop_seconds: float = Field(
        default=10.0, ge=0, description="How long units in work may go on when a worker is told to stop"
    )
    task_events: bool = Field(
        default=False, description="Tell Flower and other listeners of each task; costs a third of the pace"
    )


class LimitSettings(Part):
    """What keeps capture from outrunning the disk and the workers; what was captured always goes on."""

    free_bytes: int = Field(
        default=1 << 30,
        ge=0,
        description="Free bytes of the data disk below which nothing is captured; 0: no such limit",
    )
    free_share: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="The same as a share of the disk, such as 0.05; the greater one of both counts",
    )
    pages_waiting: int = Field(
        default=10_000,
        ge=0,
        description="Captured pages that wait for the workers above which no more are captured; 0: no limit",
    )


class MetricsSettings(Part):
    """Where Prometheus may ask for figures."""

    port: int | None = Field(
        default=None, ge=1, le=65535, description="Port of the endpoint /metrics; none when left out"
    )
    address: str = Field(
        default="127.0.0.1", description="Address it listens at; this machine only when left out"
    )


class OcrSettings(Part):
    """How text is recognised when the manifest does not say."""

    language: str = Field(
        default="eng", description="Tesseract models, joined by +, where the item names none"
    )
    timeout_seconds: float = Field(default=120.0, description="Longest time for one page")
    page_segmentation: int = Field(default=3, ge=0, le=13, description="Tesseract's --psm")
    second_page_segmentation: int | None = Field(
        default=4,
        ge=0,
        le=13,
        description="Tried too where the first reading is unsure; the better one is kept",
    )
    detect_script: bool = Field(
        default=True, description="Let Tesseract tell Fraktur from Latin where the item names no language"
    )


class PipelineSettings(Part):
    """Pipelines of the institution's own."""

    folder: Path | None = Field(
        default=None, description="Folder of further pipelines, each NAME.yaml; manifests call them by name"
    )

    @field_validator("folder")
    @classmethod
    def _absolute(cls, folder: Path | None) -> Path | None:
        return folder and folder.expanduser().absolute()


class BagSettings(Part):
    """How bags are cut for the upload."""

    part_bytes: int = Field(
        default=16 << 20, ge=5 << 20, description="S3 allows no part below 5 MiB but the last"
    )


class QualitySettings(Part):
    """What is asked of images."""

    profile: str = Field(
        default="house", description="A quality profile that comes with Recto, or the path of one's own"
    )
    outside_tools: bool = Field(
        default=True,
        description="Whether exiftool, jpylyzer and checkit_tiff are asked about each master, where they are installed",
    )
    outside_tool_seconds: float = Field(
        default=60.0, gt=0, description="Longest time that one of them may take for a file before it is ended"
    )
    checkit_rules: Path | None = Field(
        default=None,
        description="Rules of checkit_tiff that masters must fit; those of the SLUB with the tag set `slub`, else none",
    )

    @field_validator("checkit_rules")
    @classmethod
    def _absolute(cls, rules: Path | None) -> Path | None:
        return rules and rules.expanduser().absolute()


class MasterSettings(Part):
    """How masters are written."""

    compression: Literal["none", "deflate"] = Field(
        default="none",
        description="`none`, or `deflate` with the horizontal predictor: half the size, same pixels",
    )
    tag_set: str = Field(
        default="baseline",
        description="A tag set that comes with Recto (`baseline`, `slub`), or the path of one's own",
    )
    icc_folder: Path | None = Field(
        default=None,
        description="Folder of the site's ICC profiles, named as manifests name them: eciRGBv2.icc, AdobeRGB.icc",
    )

    @field_validator("icc_folder")
    @classmethod
    def _absolute(cls, folder: Path | None) -> Path | None:
        return folder and folder.expanduser().absolute()


def default_home() -> dict[str, Path]:
    """Where configuration, data, state and cache are: under RECTO_HOME, or in the XDG base directories (specification 0.8)."""
    if home := os.environ.get("RECTO_HOME"):
        root = Path(home).expanduser().absolute()
        return {name: root / name for name in ("config", "data", "state", "cache")}
    user = Path.home()
    return {
        "config": Path(os.environ.get("XDG_CONFIG_HOME") or user / ".config") / "recto",
        "data": Path(os.environ.get("XDG_DATA_HOME") or user / ".local/share") / "recto",
        "state": Path(os.environ.get("XDG_STATE_HOME") or user / ".local/state") / "recto",
        "cache": Path(os.environ.get("XDG_CACHE_HOME") or user / ".cache") / "recto",
    }


def default_station() -> str:
    """The station's name when none is set: the host's name, as far as it can be part of a queue name."""
    name = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in socket.gethostname())
    return name or "station"


_RELATIVE_SQLITE = re.compile(r"sqlite(\+\w+)?:///(?!/|:memory:|file:).")


class Settings(BaseSettings):
    """All settings. Environment variables (RECTO_STATION, RECTO_LEDGER__LEASE_SECONDS ...) win over the file."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="RECTO_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        # what was given may be an address with its password; a traceback shows the error
        hide_input_in_errors=True,
    )

    station: str = Field(
        default_factory=default_station,
        pattern=r"^[\w-]+$",
        description="Name of this station; its scanners are served by the queue capture.NAME",
    )
    operator: str = Field(default="", description="Who works here; named as agent in events and in PREMIS")
    broker_url: str | None = Field(
        default=None, description="Redis or RabbitMQ; a private server when left out"
    )
    result_url: str | None = Field(
        default=None, description="Where chord results go; the broker when it is Redis"
    )
    ca_file: Path | None = Field(
        default=None,
        description="Who vouches for broker and results over TLS: certificates in PEM; the system's own when left out",
    )
    database_url: str | None = Field(default=None, description="SQLite in the state directory when left out")
    passwords_in_keyring: tuple[Literal["broker", "results", "database"], ...] = Field(
        default=(), description="Whose passwords are in the user's keyring: broker, results, database"
    )
    data_directory: Path = Field(
        default_factory=lambda: default_home()["data"], description="Batches: masters, derivatives and bags"
    )
    state_directory: Path = Field(
        default_factory=lambda: default_home()["state"],
        description="Registry, private broker, signing keys and logs",
    )
    storage: dict[str, StorageTargetSettings] = Field(
        default_factory=dict,
        description="Storage targets by name, see below; a local folder when none is named",
    )
    devices: DeviceSettings = Field(default_factory=DeviceSettings)
    ledger: LedgerSettings = Field(default_factory=LedgerSettings)
    workers: WorkerSettings = Field(default_factory=WorkerSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    metrics: MetricsSettings = Field(default_factory=MetricsSettings)
    ocr: OcrSettings = Field(default_factory=OcrSettings)
    quality: QualitySettings = Field(default_factory=QualitySettings)
    masters: MasterSettings = Field(default_factory=MasterSettings)
    pipelines: PipelineSettings = Field(default_factory=PipelineSettings)
    bag: BagSettings = Field(default_factory=BagSettings)
    upload: UploadSettings = Field(default_factory=UploadSettings)
    release: ReleaseSettings = Field(default_factory=ReleaseSettings)
    staging: StagingSettings = Field(default_factory=StagingSettings)
    fetch: FetchSettings = Field(default_factory=FetchSettings)
    enrichment: EnrichmentSettings = Field(default_factory=EnrichmentSettings)
    restore: RestoreSettings = Field(default_factory=RestoreSettings)
    deletion: DeletionSettings = Field(default_factory=DeletionSettings)
    fixity: FixitySettings = Field(default_factory=FixitySettings)
    notifications: NotificationSettings = Field(default_factory=NotificationSettings)
    schedules: ScheduleSettings = Field(default_factory=ScheduleSettings)
    backup: BackupSettings = Field(default_factory=BackupSettings)
    receiving: ReceivingSettings = Field(default_factory=ReceivingSettings)
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What workers write to their logs"
    )

    @field_validator("data_directory", "state_directory")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("ca_file")
    @classmethod
    def _readable(cls, path: Path | None) -> Path | None:
        if path is None:
            return None
        whole = path.expanduser().absolute()
        if not whole.is_file():
            # Celery would tell of a connection that is lost, again and again
            raise ValueError(f"there is no file {whole}")
        return whole

    @field_validator("database_url")
    @classmethod
    def _same_file_everywhere(cls, url: str | None) -> str | None:
        if url is not None and _RELATIVE_SQLITE.match(url):
            # desktop, workers and commands start in different folders
            raise ValueError(
                f"give the whole path, as in sqlite:///{default_home()['state']}/registry.sqlite3"
            )
        return url

    @field_validator("staging")
    @classmethod
    def _one_registry_for_all_hosts(cls, staging: StagingSettings, info: ValidationInfo) -> StagingSettings:
        url = info.data.get("database_url")
        if staging.mode == "s3" and (url is None or url.startswith("sqlite")):
            raise ValueError(
                "staging is for several hosts, which need a registry in PostgreSQL (database_url)"
            )
        return staging

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (pydantic-settings calls with all four)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order of precedence: arguments, environment, files of secrets, settings file."""
        values = _candidate.get()
        return (
            init_settings,
            env_settings,
            *_secret_files(settings_cls),
            InitSettingsSource(settings_cls, _file_values() if values is None else dict(values)),
        )

    @property
    def batches(self) -> Path:
        """The folder of all batches: masters, derivatives and bags."""
        return self.data_directory / "batches"

    @property
    def cached_batches(self) -> Path:
        """The folder of other stations' batches, where page files come by staging; all of it can be fetched again."""
        return (self.staging.cache_directory or default_home()["cache"] / "staging") / "batches"

    @property
    def key_directory(self) -> Path:
        """The folder of the keys that sign histories."""
        return self.state_directory / "keys"

    @property
    def registry_url(self) -> str:
        """SQLAlchemy URL of the registry."""
        return self.database_url or f"sqlite:///{self.state_directory / 'registry.sqlite3'}"

    def storage_targets(self) -> dict[str, StorageTargetSettings]:
        """The storage targets by name; a folder beside the batches when none is configured."""
        targets = {name: self.storage[name] for name in self.storage if name not in self.fetch.source_targets}
        return targets or {"local": StorageTargetSettings(url=str(self.data_directory / "storage"))}


def settings_file() -> Path:
    """The settings file, which need not exist: RECTO_CONFIG, or recto.toml in the configuration directory."""
    configured = os.environ.get("RECTO_CONFIG")
    return Path(configured) if configured else default_home()["config"] / "recto.toml"


_candidate: ContextVar[Mapping[str, Any] | None] = ContextVar("_candidate", default=None)


def load_settings(file_values: Mapping[str, Any] | None = None) -> Settings:
    """Read file and environment.

    Args:
        file_values: What is to stand for the file; the file itself is read when left out.

    Raises:
        SettingsInvalid: A key is unknown, a value has the wrong type, or the file is not TOML; all
            problems are named, unknown keys with the nearest known one.
    """
    _refuse_unknown_variables()
    token = _candidate.set(file_values)
    try:
        return Settings()
    except ValidationError as error:
        problems = [_problem(dict(problem)) for problem in error.errors()]
        found = [
            {"key": ".".join(map(str, problem["loc"])), "type": problem["type"], "message": problem["msg"]}
            | {
                name: value
                for name, value in problem.get("ctx", {}).items()
                if isinstance(value, (int, float))
            }
            for problem in error.errors()
        ]
        raise SettingsInvalid(
            _sentence(f"The settings cannot be used: {'; '.join(problems)}"), problems=found
        ) from error
    except SettingsError as error:
        # the variable of a whole table, which is JSON; its text is not repeated
        raise SettingsInvalid(
            f"A RECTO_* variable cannot be understood: {error}.",
            remedy="Write the table as JSON, or each of its keys as RECTO_TABLE__KEY.",
        ) from error
    finally:
        _candidate.reset(token)


def _secret_files(settings_cls: type[BaseSettings]) -> Iterator[SecretsSettingsSource]:
    """Settings that a container or systemd hands over as files of their names, such as `recto_broker_url`.

    Raises:
        SettingsInvalid: RECTO_SECRETS names no folder.
    """
    folder = os.environ.get("RECTO_SECRETS")
    if not folder:
        return
    if not Path(folder).is_dir():
        raise SettingsInvalid(f"RECTO_SECRETS names {folder}, which is no folder.")
    yield SecretsSettingsSource(settings_cls, secrets_dir=folder)


_NOT_SETTINGS = frozenset(
    {"RECTO_HOME", "RECTO_CONFIG", "RECTO_SECRETS", "RECTO_REFERENCE_DATA", "RECTO_STALL_STACKS"}
)


def _refuse_unknown_variables() -> None:
    known = {f"RECTO_{name.upper()}" for name in Settings.model_fields}
    for variable in os.environ:
        if not variable.startswith("RECTO_") or variable in _NOT_SETTINGS:
            continue
        if variable.split("__")[0].upper() not in known:
            nearest = _nearest(variable, known | _NOT_SETTINGS)
            raise SettingsInvalid(
                _sentence(f"The environment variable {variable} is no setting of Recto{nearest}")
            )


def _file_values() -> dict[str, Any]:
    file = settings_file()
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        raise SettingsInvalid(f"The settings file {file} cannot be read: {error}.") from error


def _problem(problem: Mapping[str, Any]) -> str:
    place = ".".join(str(step) for step in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return (
            f"{place} is no setting of Recto{_nearest(str(problem['loc'][-1]), _known_keys(problem['loc']))}"
        )
    return f"{place}: {problem['msg']}"


def _known_keys(location: tuple[Any, ...]) -> Iterable[str]:
    model: Any = Settings
    for step in location[:-1]:
        fields = getattr(model, "model_fields", {})
        if step in fields:
            annotation = fields[step].annotation
            # a dict or tuple of parts names its part as the last argument
            arguments = [part for part in getattr(annotation, "__args__", ()) if isinstance(part, type)]
            models = [part for part in arguments if issubclass(part, BaseModel)]
            model = models[-1] if models else annotation
    return list(getattr(model, "model_fields", {}))


def _sentence(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


def _nearest(name: str, known: Iterable[str]) -> str:
    matches = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {matches[0]}?" if matches else ""
