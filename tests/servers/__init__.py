# SPDX-License-Identifier: Apache-2.0
"""Private servers for tests: PostgreSQL, RabbitMQ and Redis, each with a password and TLS, none of them the machine's own.

Fixtures (from `tests/servers/fixtures.py`, known to every test):

    postgresql_url   the address of an empty database of the test's own, for RECTO_DATABASE_URL or
                     `open_registry`; the server is started once in a test run (3 s), a database in 50 ms
    registry_url     the same with Recto's tables made already
    rabbitmq_url     the address of a virtual host of the test's own, for RECTO_BROKER_URL; the server is
                     started once in a test run (5 s), a virtual host in 20 ms
    redis_server     a Redis of the test's own (50 ms); `redis_server.url()` is its address,
                     `redis_server.url(tls=True)` that with TLS, `redis_server.authority` the file to trust
    postgresql, rabbitmq
                     the servers themselves: `database()`, `virtual_host()`, `url(name, tls=True)`,
                     `disconnect(name)`, `administer(sql)`, `evaluate(erlang)`

A test that stops a server, or restarts it, starts one for itself: `start_postgresql(folder)`,
`start_rabbitmq(folder)`, `start_redis(folder)` give `(running, server)`; `running.end()` kills it,
`running.stop()` asks it to end, `start_rabbitmq(folder, server)` brings it back with what it kept.

Servers listen on free ports of 127.0.0.1 and live in folders of their own. They end with the test
run, also when that is killed.
"""
