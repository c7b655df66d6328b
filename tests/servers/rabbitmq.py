# SPDX-License-Identifier: Apache-2.0
"""A private RabbitMQ with a password and TLS, without epmd; virtual hosts cost some milliseconds."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.certificates import make_certificates
from tests.servers.process import RunningServer, free_ports, listens, program, start

USER = "recto"
PASSWORD = "open-sesame/rabbitmq"  # noqa: S105 (of a server that lives as long as the tests)

_LOCAL = "127.0.0.1"
_GREETING = b"AMQP\x00\x00\x09\x01"


@dataclass(frozen=True)
class Rabbitmq:
    """Where a server is.

    Attributes:
        folder: Its folder.
        port: Its port on 127.0.0.1.
        tls_port: Its port with TLS.
        node_port: Where its Erlang node listens.
        authority: The certificate of the authority that vouches for it.
    """

    folder: Path
    port: int
    tls_port: int
    node_port: int
    authority: Path

    def url(self, host: str, *, tls: bool = False, password: str | None = PASSWORD) -> str:
        """The address of a virtual host as Recto's settings take it."""
        account = USER if password is None else f"{USER}:{password.replace('/', '%2F')}"
        if tls:
            return f"amqps://{account}@127.0.0.1:{self.tls_port}/{host}"
        return f"amqp://{account}@127.0.0.1:{self.port}/{host}"

    @contextmanager
    def virtual_host(self) -> Iterator[str]:
        """A virtual host of one's own, deleted at the end with all its queues; its name."""
        name = f"t{secrets.token_hex(8)}"
        everything = ", ".join(['<<".*">>'] * 3)
        self.evaluate(
            f'rabbit_vhost:add(<<"{name}">>, <<"tests">>), rabbit_auth_backend_internal:set_permissions('
            f'<<"{USER}">>, <<"{name}">>, {everything}, <<"tests">>).'
        )
        try:
            yield name
        finally:
            self.evaluate(f'rabbit_vhost:delete(<<"{name}">>, <<"tests">>).')

    def disconnect(self, host: str) -> None:
        """Cut all connections to a virtual host."""
        self.evaluate(
            f'[rabbit_networking:close_connection(P, "cut by a test") || '
            f"P <- rabbit_networking:connections(), "
            f'rabbit_networking:connection_info(P, [vhost]) =:= [{{vhost, <<"{host}">>}}]].'
        )

    def evaluate(self, expression: str) -> str:
        """Have the server's node evaluate an Erlang expression; its answer as text."""
        cookie = (self.folder / ".erlang.cookie").read_text()
        done = subprocess.run(
            [
                program("erl_call"),
                *("-address", f"{_LOCAL}:{self.node_port}", "-c", cookie, "-timeout", "30", "-e"),
            ],
            input=expression + "\n",
            capture_output=True,
            text=True,
            env={**os.environ, "HOME": str(self.folder)},
            check=True,
        )
        if not done.stdout.startswith("{ok"):
            raise AssertionError(f"{expression}: {done.stdout} {done.stderr}")
        return done.stdout


def start_rabbitmq(folder: Path, earlier: Rabbitmq | None = None) -> tuple[RunningServer, Rabbitmq]:
    """Start a server.

    Args:
        folder: Its folder: empty, or that of the earlier server.
        earlier: One that ended, and is to go on at the same address with what it kept.

    Raises:
        ServerMissing: RabbitMQ is not installed.
        ServerNotStarted: It did not answer.
    """
    script = program("rabbitmq-server", Path("/usr/lib/rabbitmq/bin"))
    if script.parent.name == "sbin":
        # what Debian puts on the PATH insists on its own account; the script behind it does not
        script = program("rabbitmq-defaults", Path("/usr/lib/rabbitmq/bin")).with_name("rabbitmq-server")
    program("erl_call")
    if earlier is None:
        earlier = Rabbitmq(folder, *free_ports(3), authority=make_certificates(folder).authority)
        _configure(earlier)
    environment = _environment(earlier)
    running = start([script, "-noinput"], folder / "log", environment=environment)
    running.wait_until(lambda: listens(earlier.tls_port) and listens(earlier.port, _GREETING))
    return running, earlier


def _configure(server: Rabbitmq) -> None:
    folder = server.folder
    settings = {
        "listeners.tcp.1": f"{_LOCAL}:{server.port}",
        "listeners.ssl.1": f"{_LOCAL}:{server.tls_port}",
        "ssl_options.cacertfile": folder / "authority.pem",
        "ssl_options.certfile": folder / "server.pem",
        "ssl_options.keyfile": folder / "server.key",
        "ssl_options.verify": "verify_none",
        "ssl_options.fail_if_no_peer_cert": "false",
        "loopback_users": "none",
        "default_user": USER,
        "default_pass": PASSWORD,
        "disk_free_limit.absolute": "1MB",
    }
    (folder / "rabbitmq.conf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    (folder / "enabled_plugins").write_text("[].")
    (folder / "environment").touch()
    cookie = folder / ".erlang.cookie"
    cookie.write_text(secrets.token_hex(10).upper())
    cookie.chmod(0o400)


def _environment(server: Rabbitmq) -> dict[str, str]:
    folder, node = server.folder, f"recto-{server.node_port}@localhost"
    # the node is told its port and asked for none: no epmd, which would stay behind for ever
    distribution = [
        *("-sname", node, "-start_epmd", "false", "-erl_epmd_port", str(server.node_port)),
        *("-kernel", "inet_dist_listen_min", str(server.node_port)),
        *("inet_dist_listen_max", str(server.node_port)),
        *("inet_dist_use_interface", "{127,0,0,1}"),
        # two schedulers that sleep when there is nothing to do
        *("+S", "2:2", "+sbwt", "none"),
    ]
    return {
        "PATH": f"{os.environ['PATH']}{os.pathsep}/usr/sbin{os.pathsep}/sbin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "RABBITMQ_NODENAME": node,
        "RABBITMQ_DIST_PORT": str(server.node_port),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "logs"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "environment"),
        # with it the script becomes the node, instead of waiting beside it
        "RABBITMQ_ALLOW_INPUT": "1",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": " ".join(distribution),
    }
