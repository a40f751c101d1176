"""Objects in a bucket of S3, or of what speaks its protocol. Imported only where one is configured."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from onboarding.documents.vault_errors import DocumentMissing, VaultUnavailable
from onboarding.documents.vault_names import NAME, new_name

CONNECT_SECONDS, READ_SECONDS = 1, 2
"""Without a second try: every page must answer within five seconds, and people can try again."""
ONE_PUT_BYTES = 64 * 1024 * 1024
"""Below this an object comes in one request and is there whole or not at all. No page is larger."""


class S3Files:
    """One bucket. Safe for any number of threads: each gets a connection of its own."""

    def __init__(self, bucket: str, *, endpoint: str, region: str) -> None:
        """Takes an empty `endpoint` for Amazon's own, and an empty `region` for what boto3 finds."""
        self._storage = S3Storage(
            bucket_name=bucket,
            endpoint_url=endpoint or None,
            region_name=region or None,
            object_parameters={"ContentType": "application/octet-stream"},
            transfer_config=TransferConfig(multipart_threshold=ONE_PUT_BYTES, use_threads=False),
            client_config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": 1},
                # Others than Amazon rarely have a host name per bucket, nor its newer checksums. Ours is in
                # the file.
                s3={"addressing_style": "path" if endpoint else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def keep(self, data: bytes) -> str:
        """Keeps `data` and returns its new name.

        Raises:
            VaultUnavailable: nothing was kept.
        """
        name = new_name()
        with _translated("a document could not be stored"):
            self._storage.save(name, io.BytesIO(data))
        return name

    def fetch(self, name: str) -> bytes:
        """The bytes that were kept under `name`.

        Raises:
            DocumentMissing: never kept, forgotten, or no name of ours.
            VaultUnavailable: it may be there, but can't be read now.
        """
        with _translated(f"document {name} could not be read"):
            # Not `storage.open`, which asks by HEAD: its 404 doesn't tell a missing bucket from an object.
            return bytes(self._object(name).get()["Body"].read())

    def forget(self, name: str) -> None:
        """Deletes an object; doing it twice is harmless.

        Raises:
            DocumentMissing: `name` is no name of ours.
            VaultUnavailable: it may still be there.
        """
        with _translated(f"document {name} could not be deleted"):
            self._object(name).delete()

    def older_than(self, moment: datetime) -> Iterator[str]:
        """Names of the objects that were kept before `moment`. Others in the bucket are none of ours."""
        with _translated("the documents could not be listed"):
            for found in self._storage.bucket.objects.all():
                if NAME.fullmatch(found.key) and found.last_modified < moment:
                    yield found.key

    def clear_unfinished(self, moment: datetime) -> None:
        """Nothing to do: one put is whole or not there."""

    def _object(self, name: str):  # type: ignore[no-untyped-def]  # boto3 makes its classes at run time
        if not NAME.fullmatch(name):
            raise DocumentMissing("this is no name of a document")
        return self._storage.bucket.Object(name)


@contextlib.contextmanager
def _translated(what: str) -> Iterator[None]:
    """Errors of the store as errors of the vault; `what` begins the sentence."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code == "NoSuchKey":
            raise DocumentMissing("there is no such document") from error
        raise VaultUnavailable(f"{what}: the store answers {code}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise VaultUnavailable(f"{what}: {type(error).__name__}") from error


@cache
def connected(bucket: str, endpoint: str, region: str) -> S3Files:
    """The bucket, with connections that stay open."""
    return S3Files(bucket, endpoint=endpoint, region=region)
