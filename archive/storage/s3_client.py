# SPDX-License-Identifier: Apache-2.0
"""The client through which a bucket is reached: addresses, proxies, certificates, retries, bandwidth."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import boto3.session
import botocore.config
import botocore.loaders
import botocore.session

from archive.storage.s3_body import PartBody

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class S3Options:
    """How to reach a bucket.

    Attributes:
        endpoint: Address of the service; Amazon's where None.
        region: Its region; from the AWS configuration where None.
        addressing: "path" or "virtual"; None means path with an endpoint of its own.
        ca: File with the certificates to trust.
        proxy: Address of the proxy to go through; where None, HTTPS_PROXY and HTTP_PROXY hold.
        parts_at_once: Parts of one file that are on their way at the same time. A crash costs at most
            as many.
        bytes_per_second: What all uploads through this target take together; 0 means no limit.
        attempts: How often a request is tried before the error is told.
        timeout: Seconds to wait for a connection or for the next bytes.
        access_key: The public half of the key; where None, the AWS credential chain finds it.
        secret_key: The secret half.
    """

    endpoint: str | None = None
    region: str | None = None
    addressing: str | None = None
    ca: str | None = None
    proxy: str | None = None
    parts_at_once: int = 4
    bytes_per_second: int = 0
    attempts: int = 4
    timeout: float = 60.0
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)


_AMAZON = (".amazonaws.com", ".amazonaws.com.cn")

_STYLES: dict[str | None, Literal["path", "virtual"]] = {"path": "path", "virtual": "virtual"}


def service_of(endpoint: str | None) -> str:
    """The address of a service as it may be told and recorded; "" for Amazon's own.

    Raises:
        ValueError: The endpoint is no address.
    """
    parts = urlsplit(endpoint or "")
    amazon = f".{parts.hostname}".endswith(_AMAZON)
    if not endpoint or amazon:
        return ""
    # an endpoint from the environment may carry a password, which must not get into records and logs
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl().rstrip("/")


def make_client(options: S3Options) -> S3Client:
    """A client as the options say; credentials are given there or come from the AWS chain.

    Raises:
        ValueError: An option is none that exists, or the endpoint carries credentials.
        BotoCoreError: The AWS configuration cannot be used.
    """
    if "@" in urlsplit(options.endpoint or "").netloc:
        raise ValueError("credentials come from the environment, never from the address")
    core = botocore.session.Session()
    core.register_component("data_loader", _service_models(core.get_config_variable("data_path")))
    session = boto3.session.Session(botocore_session=core)
    style: Literal["auto", "path", "virtual"] = "path" if options.endpoint else "auto"
    if options.addressing is not None:
        if options.addressing not in _STYLES:
            raise ValueError(f"addressing must be path or virtual, not {options.addressing}")
        style = _STYLES[options.addressing]
    client = session.client(
        "s3",
        endpoint_url=options.endpoint,
        region_name=options.region or session.region_name or "us-east-1",
        verify=options.ca,
        aws_access_key_id=options.access_key,
        aws_secret_access_key=options.secret_key,
        config=botocore.config.Config(
            s3={"addressing_style": style},
            proxies={"http": options.proxy, "https": options.proxy} if options.proxy else None,
            max_pool_connections=max(10, options.parts_at_once),
            retries={"mode": "standard", "total_max_attempts": options.attempts},
            connect_timeout=options.timeout,
            read_timeout=options.timeout,
            # we send SHA-256 ourselves; the CRC boto3 would add is unknown to many S3 services
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            user_agent_extra="recto",
        ),
    )
    # over plain HTTP the body is read once for the signature; only what is sent may cost bandwidth
    client.meta.events.register_first("request-created.s3", _signing)
    client.meta.events.register_last("request-created.s3", _sending)
    return client


@functools.cache
def _service_models(data_path: str | None) -> botocore.loaders.Loader:
    """The descriptions of AWS's services, read once a process: a client takes six times as long without."""
    return botocore.loaders.create_loader(data_path)


def _signing(request: Any, **_: object) -> None:
    if isinstance(request.body, PartBody):
        request.body.is_sent = False


def _sending(request: Any, **_: object) -> None:
    if isinstance(request.body, PartBody):
        request.body.is_sent = True
