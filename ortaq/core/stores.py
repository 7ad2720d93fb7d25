"""Buckets of S3-compatible stores, as settings and the backup name them. Knows nothing of Django."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

IN_MEMORY = 2 * 1024 * 1024  # bytes of a file on its way


def bucket_at(url: str, key: str, secret: str, region: str) -> dict[str, Any]:
    """Options of django-storages for https://store.example.kz:9000/bucket, or below a prefix in it, and what opens it."""
    from botocore.config import Config

    store = urlsplit(url)
    bucket, _slash, prefix = store.path.strip("/").partition("/")
    return {
        "endpoint_url": f"{store.scheme}://{store.netloc}",
        "bucket_name": bucket,
        "location": prefix,
        "access_key": key,
        "secret_key": secret,
        "region_name": region,
        # A file lies under its own hash: writing it again changes nothing.
        "file_overwrite": True,
        "default_acl": None,
        "max_memory_size": IN_MEMORY,
        "client_config": Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=3,
            read_timeout=60,
            retries={"max_attempts": 3, "mode": "standard"},
            # Stores other than Amazon's do not all know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    }
