"""What stands in `deploy/` fits the program: limits, settings, addresses; files lie in a store as well as in a folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage, storages
from django.urls import reverse

from ortaq.core import files
from ortaq.registry.importing import tables
from ortaq.site import settings as site

pytestmark = pytest.mark.once
DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
NGINX = (DEPLOY / "nginx" / "ortaq.conf").read_text()
MEBIBYTE = 1024 * 1024


def test_the_proxy_lets_through_what_the_site_takes_and_no_more():
    sizes = [int(size) * MEBIBYTE for size in re.findall(r"client_max_body_size (\d+)m;", NGINX)]
    around = files.CHUNK  # a form around its file
    assert sizes == [files.MAX_BYTES + around, tables.MOST_BYTES + around]
    assert f"location = {reverse('registry:table_import_new')} {{" in NGINX
    for page in re.findall(r"error_page [\d ]+ /_proxy/(\S+);", NGINX):
        said = (DEPLOY / "nginx" / "pages" / page).read_text()
        if page.endswith(".html"):  # each says it in every language, without anything inline
            assert all(f'lang="{code}"' in said for code, _name in site.LANGUAGES)
            assert "<style" not in said
            assert "<script" not in said


def test_every_setting_of_the_example_is_one():
    known = set(re.findall(r"ORTAQ_[A-Z0-9_]+", Path(site.__file__).read_text()))
    for place in (DEPLOY / "ortaq.env.example", *(DEPLOY / "systemd").iterdir()):
        said = re.findall(r"(?m)^(?:Environment=|#)?(ORTAQ_[A-Z0-9_]+)=", place.read_text())
        assert set(said) <= known, place
    assert not re.search(r"(?:KEY|SECRET|PASSWORD)=\S", (DEPLOY / "ortaq.env.example").read_text())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_the_units_are_what_systemd_understands(tmp_path):
    for name in ("ortaq-web.service", "ortaq-worker@.service"):
        said = (DEPLOY / "systemd" / name).read_text()
        said = re.sub(r"(?m)^ExecStart=.*", "ExecStart=/bin/true", said)
        (tmp_path / name).write_text(re.sub(r"(?m)^Documentation=.*\n", "", said))
        place = str(tmp_path / name).replace("@.", "@1.")
        told = subprocess.run(  # noqa: S603 - of this very repository
            [str(shutil.which("systemd-analyze")), "verify", place],
            capture_output=True,
            text=True,
            check=False,
        )
        assert name.partition("@")[0] not in told.stderr, told.stderr


def test_files_lie_in_a_store_as_in_a_folder(monkeypatch, settings, tmp_path):
    moto = pytest.importorskip("moto")
    settings.MEDIA_ROOT = tmp_path
    walked = walk()
    monkeypatch.setenv("MOTO_S3_CUSTOM_ENDPOINTS", "https://store.example.kz:9000")
    for name, value in (
        ("URL", "https://store.example.kz:9000/ortaq/files"),
        ("KEY", "key"),
        ("SECRET", "secret"),
    ):
        monkeypatch.setattr(site, f"ORTAQ_FILES_{name}", value)
    with moto.mock_aws():
        settings.STORAGES = {**settings.STORAGES, "default": site.file_storage()}
        store: Any = storages["default"]
        store.connection.create_bucket(Bucket="ortaq")
        assert walk() == walked
        objects = store.connection.Bucket("ortaq").objects.all()
        assert {one.key for one in objects} == {"files/aa/bb/first"}
    assert os.listdir(tmp_path) == ["aa"]  # noqa: PTH208 - nothing of the second walk came here


def walk() -> list[Any]:
    """What may be done to a store, and what came of it."""
    place = "aa/bb/first"
    told: list[Any] = [files.size_of(place), files.put(place, [b"x" * MEBIBYTE, b"y" * MEBIBYTE])]
    told += [files.size_of(place), files.put(place, [b"again"])]
    with default_storage.open(place, "rb") as file:
        told.append(file.read())
    told.append(default_storage.listdir("aa/bb"))

    def broken() -> Any:
        yield b"half"
        raise OSError("broke off")

    with pytest.raises(OSError, match="broke off"):
        files.put("aa/bb/second", broken())
    with pytest.raises(FileNotFoundError):
        default_storage.open("aa/bb/second", "rb")
    return [*told, default_storage.listdir("aa/bb")]
