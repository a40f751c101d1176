"""TLS and API key settings against a real server behind a front that speaks TLS."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from temporal_app import connection, gateway, worker
from temporal_app.devserver.embedded import EmbeddedServer
from tests.conftest import point_at
from tests.tls import Authority, TlsFront

pytestmark = pytest.mark.temporal
LIMIT = timedelta(seconds=4)


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "ours")


@pytest.fixture
def theirs(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "theirs")


@pytest.fixture
def front(temporal_server: EmbeddedServer, ours: Authority, settings: Any) -> Iterator[TlsFront]:
    with TlsFront(temporal_server.address, ours.issue("server")) as running:
        use(settings, running, ours)
        yield running
        connection.forget()


def use(settings: Any, front: TlsFront, authority: Authority) -> None:
    point_at(settings, front.address)
    settings.TEMPORAL_TLS = True
    settings.TEMPORAL_TLS_CA_FILE = authority.file


def why_the_worker_cannot_start() -> str:
    with pytest.raises(worker.CannotStart) as refusal:
        asyncio.run(worker.connected(patience_seconds=0))
    return str(refusal.value)


def test_the_right_authority_works(front: TlsFront) -> None:
    """Mutant seen red: the authority is left out, so that only those of the system count."""
    assert gateway.workers_polling(LIMIT) == {}
    assert front.accepted


def test_a_wrong_authority_is_refused_with_a_sentence(
    front: TlsFront, settings: Any, theirs: Authority
) -> None:
    """Mutant seen red: `tls()` answers False, and the handshake never happens."""
    settings.TEMPORAL_TLS_CA_FILE = theirs.file
    with pytest.raises(gateway.Unavailable):
        gateway.workers_polling(LIMIT)
    sentence = why_the_worker_cannot_start()
    assert sentence.startswith("The worker cannot start: ")
    assert front.address in sentence
    assert "certificate" in sentence.lower()


def test_plaintext_against_tls_is_a_sentence_too(front: TlsFront, settings: Any) -> None:
    settings.TEMPORAL_TLS = False
    assert front.address in why_the_worker_cannot_start()


def test_a_file_that_holds_no_certificate_is_a_sentence_too(front: TlsFront, settings: Any) -> None:
    settings.TEMPORAL_TLS_CA_FILE.write_text("not a certificate", encoding="utf-8")
    assert front.address in why_the_worker_cannot_start()


def test_a_server_may_ask_for_our_certificate(
    temporal_server: EmbeddedServer, ours: Authority, theirs: Authority, settings: Any
) -> None:
    """Mutant seen red: certificate and key are not handed to the client."""
    with TlsFront(temporal_server.address, ours.issue("server"), client_authority=ours.file) as front:
        use(settings, front, ours)
        with pytest.raises(gateway.Unavailable):
            gateway.workers_polling(LIMIT)
        for authority, accepted in ((theirs, False), (ours, True)):
            pair = authority.issue("client")
            settings.TEMPORAL_TLS_CERT_FILE, settings.TEMPORAL_TLS_KEY_FILE = pair.certificate, pair.key
            connection.forget()
            if accepted:
                assert gateway.workers_polling(LIMIT) == {}
            else:
                with pytest.raises(gateway.Unavailable):
                    gateway.workers_polling(LIMIT)
        connection.forget()


def test_an_api_key_travels_encrypted_only(front: TlsFront, settings: Any) -> None:
    """Mutant seen red: TLS follows TEMPORAL_TLS alone, and the key goes out in the clear."""
    settings.TEMPORAL_TLS = False
    settings.TEMPORAL_API_KEY = "key-of-the-test"
    assert gateway.workers_polling(LIMIT) == {}
    assert front.accepted

    async def key() -> str | None:
        client = await connection.connect()
        return client.service_client.config.api_key

    assert asyncio.run(key()) == "key-of-the-test"
