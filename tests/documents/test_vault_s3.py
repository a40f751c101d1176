"""The bucket, spoken to over HTTP as in production: a local server that speaks S3."""

from __future__ import annotations

import importlib
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from onboarding import clock
from onboarding.documents import housekeeping, vault, vault_s3
from onboarding.domain.status import Slot
from onboarding.models.cases import Case
from onboarding.usecases import applicant
from tests import pictures

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Its address on loopback."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an empty bucket that the vault is configured to use."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    name = f"documents-{uuid.uuid4().hex}"
    client(server).create_bucket(Bucket=name)
    settings.DOCUMENT_S3_BUCKET = name
    settings.DOCUMENT_S3_ENDPOINT = server
    settings.DOCUMENT_S3_REGION = "us-east-1"
    return name


@pytest.fixture
def files(bucket: str, server: str) -> vault_s3.S3Files:
    return vault_s3.S3Files(bucket, endpoint=server, region="us-east-1")


def client(server: str):  # type: ignore[no-untyped-def]  # boto3 makes its classes at run time
    return boto3.client("s3", endpoint_url=server, region_name="us-east-1")


def objects(server: str, bucket: str) -> dict[str, bytes]:
    found = client(server).list_objects_v2(Bucket=bucket).get("Contents", [])
    return {
        each["Key"]: client(server).get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
        for each in found
    }


@pytest.mark.database
def test_an_upload_rests_encrypted_in_the_bucket_and_nowhere_else(
    case: Case, bucket: str, server: str, settings: Settings
) -> None:
    """Mutant seen red: the folder is used although a bucket is configured."""
    document = applicant.upload(case, Slot.PASSPORT, pictures.jpeg(), key="one")
    assert vault.read(document, 1).startswith(b"\xff\xd8\xff")
    assert {name: data[:5] for name, data in objects(server, bucket).items()} == {
        document.pages[0]["name"]: b"ONBD\x01"
    }
    assert not settings.DOCUMENT_DIR.exists()


@pytest.mark.database
def test_the_sweep_takes_what_no_row_names_and_nothing_of_others(
    case: Case, bucket: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutants seen red: every object in the bucket is ours; the grace is forgotten."""
    document = applicant.upload(case, Slot.PASSPORT, pictures.jpeg(), key="one")
    vault.store(b"orphan", case, document.pk, 1)
    client(server).put_object(Bucket=bucket, Key="reports/2026.csv", Body=b"not ours")
    assert housekeeping.sweep() == 0
    later = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert housekeeping.sweep() == 1
    assert set(objects(server, bucket)) == {document.pages[0]["name"], "reports/2026.csv"}


def test_what_was_kept_is_fetched_and_can_be_forgotten_twice(files: vault_s3.S3Files) -> None:
    name = files.keep(b"\xff\xd8pixels")
    assert files.fetch(name) == b"\xff\xd8pixels"
    for _ in range(2):
        files.forget(name)
    with pytest.raises(vault.DocumentMissing):
        files.fetch(name)


def test_a_large_page_is_one_request_and_whole(files: vault_s3.S3Files) -> None:
    """So no killed process leaves parts behind. Mutant seen red: boto3's own threshold of 8 MB."""
    data = bytes(range(256)) * 4096 * 20
    assert files.fetch(files.keep(data)) == data
    assert '"' in (tag := files._object(files.keep(data)).e_tag)
    assert "-" not in tag  # a number of parts stands behind one


@pytest.mark.parametrize("name", ["", "..", "../other", "ab/" + "C" * 62, "reports/2026.csv", "ab/\0"])
def test_no_other_name_ever_becomes_a_key(files: vault_s3.S3Files, name: str) -> None:
    """Mutant seen red: the name goes on as it is."""
    for method in (files.fetch, files.forget):
        with pytest.raises(vault.DocumentMissing, match="no name of a document"):
            method(name)


def test_a_missing_bucket_is_not_a_missing_document(server: str, bucket: str) -> None:
    """A wrong setting must not look like a deletion. Mutant seen red: every 404 is a missing document."""
    files = vault_s3.S3Files("nobody-made-this", endpoint=server, region="us-east-1")
    with pytest.raises(vault.VaultUnavailable, match="NoSuchBucket"):
        files.fetch("ab/" + "0" * 62)
    with pytest.raises(vault.VaultUnavailable):
        files.keep(b"pixels")
    with pytest.raises(vault.VaultUnavailable):
        list(files.older_than(clock.now()))


def test_a_store_that_is_away_or_silent_is_left_in_time(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page answers within five seconds. Mutants seen red: botocore's own limits; its errors get out."""
    monkeypatch.setattr(vault_s3, "READ_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        slow = vault_s3.S3Files(bucket, endpoint=address, region="us-east-1")
        for use in (lambda: slow.keep(b"pixels"), lambda: slow.fetch("ab/" + "0" * 62)):
            began = time.monotonic()
            with pytest.raises(vault.VaultUnavailable):
                use()
            assert time.monotonic() - began < 10  # botocore itself would wait for a minute
    away = vault_s3.S3Files(bucket, endpoint=address, region="us-east-1")
    with pytest.raises(vault.VaultUnavailable, match="could not be deleted: EndpointConnectionError"):
        away.forget("ab/" + "0" * 62)


def test_wrong_credentials_are_unavailable_and_not_shown(
    files: vault_s3.S3Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    nobody = vault_s3.S3Files("any", endpoint="http://127.0.0.1:9", region="us-east-1")
    with pytest.raises(vault.VaultUnavailable, match="NoCredentialsError"):
        nobody.keep(b"pixels")


def test_its_libraries_are_loaded_only_where_a_bucket_is_configured() -> None:
    """They are an extra. Mutant seen red: `vault` imports the module at its head."""
    code = (
        "import django; django.setup(); import sys; from onboarding.documents import vault;"
        "from onboarding.web import pictures; sys.exit('boto3' in sys.modules or 'storages' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert done.returncode == 0
    assert importlib.util.find_spec("boto3")
