"""A site is taken away while others write, and brought back into an empty machine."""

from __future__ import annotations

import errno
import hashlib
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from ortaq.core import clock as house_clock
from ortaq.core import files, journal
from ortaq.core.models import JournalEntry, StoredFile
from ortaq.operations.backup import Trouble, bringing, envelope, keeping, manifest, taking
from ortaq.operations.backup.place import Folder, place_at
from ortaq.operations.models import BackupRun
from ortaq.tenders import sealing
from ortaq.tenders.tests import scenes
from ortaq.testing import remembered

SUBJECT = "person:77"  # whose chain the other writer makes longer
GROWING = {"core_storedfile", "core_journalentry"}  # while the picture is taken


@pytest.fixture
def machine(tmp_path, settings):
    """Files and keys of this test's own, and an identity beside them."""
    use(settings, tmp_path / "site")
    identity = tmp_path / "identity.txt"
    settings.ORTAQ_BACKUP_RECIPIENTS = [envelope.new_identity(identity, "2026-11-22")]
    settings.ORTAQ_BACKUP_KEYS_RECIPIENTS = []
    return tmp_path


def use(settings, folder: Path) -> None:
    settings.VAR = folder
    settings.MEDIA_ROOT = folder / "files"
    settings.ORTAQ_SEALS = folder / "seals"
    settings.ORTAQ_SIGNING_ANCHORS = folder / "anchors"
    settings.ORTAQ_SIGNING_AUTHORITY = folder / "authority"


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


class Writer(threading.Thread):
    """Somebody who goes on handing in files: a content, its row and an entry of the journal, in one transaction."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.enough, self.begun = 0, threading.Event(), threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                self.written += 1
                with transaction.atomic():
                    one = files.keep(f"{self.written}".encode(), files.CSV, name="a.csv")
                    journal.append(SUBJECT, "hand_in", facts={"file": one.pk})
                self.begun.set()
                self.enough.wait(0.02)  # SQLite's queue is no queue: others must get their turn
        except Exception as error:  # noqa: BLE001 - told to the test
            self.error = error
        finally:
            connections["default"].close()


@pytest.fixture
def elsewhere(request, monkeypatch):
    """An empty database in which this process works after `move()`; `back()` returns to the test's own."""
    own = connections["default"]
    other: Any = own.copy()
    name = f"{own.settings_dict['NAME']}_elsewhere"
    other.settings_dict["NAME"] = name
    if own.vendor == "postgresql":
        with own._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"')

    def move() -> None:
        connections["default"] = other

    def back() -> None:
        connections["default"] = own

    yield move, back
    back()
    other.close()
    if own.vendor == "postgresql":
        with own._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')
    else:
        for path in Path(name).parent.glob(f"{Path(name).name}*"):
            path.unlink()


@pytest.mark.django_db(transaction=True)
def test_a_site_at_work_is_brought_back_row_by_row_and_file_by_file(
    machine, settings, clock, elsewhere, monkeypatch
):
    move, back = elsewhere
    scene = scenes.a_scene(clock)
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya)
    MigrationRecorder(connection).ensure_schema()  # also where the suite made tables without them
    settings.SECRET_KEY_FALLBACKS = ["an-earlier-one"]
    writer = Writer()
    writer.start()
    try:
        writer.begun.wait(10)
        call_command("backup", str(machine / "target"))
    finally:
        writer.enough.set()
        writer.join()
    assert writer.error is None
    kept = contents(site.MEDIA_ROOT)
    was = remembered.rows()
    assert (
        BackupRun.objects.get(trouble="").files == manifest.find(Folder(machine / "target")).files
    )
    token = bid.files.get().token

    move()
    use(settings, machine / "new")
    monkeypatch.delenv("ORTAQ_SECRET_KEY")
    settings.SECRET_KEY, secret = "of an empty machine", settings.SECRET_KEY
    settings.SECRET_KEY_FALLBACKS = []
    asked = called(monkeypatch)
    call_command("restore", str(machine / "target"), identity=[machine / "identity.txt"])

    assert asked == ["check"]
    assert secret == settings.SECRET_KEY
    assert (machine / "new" / "secret_key").read_text() == secret
    assert (machine / "new" / "secret_key.old").read_text() == "an-earlier-one"
    now = remembered.rows()
    for name in was.keys() | now.keys():
        if name.strip('"') in GROWING:
            assert lines(now[name]) <= lines(was[name])
        elif name != '"operations_backuprun"':
            assert lines(now.get(name)) == lines(was.get(name)), name
    # A file is there with its row and its entry, or none of the three.
    handed_in = StoredFile.objects.filter(name="a.csv").count()
    assert 0 < handed_in == JournalEntry.objects.filter(subject=SUBJECT).count()
    there = contents(site.MEDIA_ROOT)
    assert there.items() <= kept.items()
    assert {files.path_of(one.sha256) for one in StoredFile.objects.all()} <= there.keys()
    assert any(token in path for path in there)
    assert sealing.draft_key("a")  # opens with what was brought back
    assert BackupRun.objects.get(kind="restore").trouble == ""

    with pytest.raises(CommandError, match="is not empty"):
        call_command("restore", str(machine / "target"), identity=[machine / "identity.txt"])
    back()


def lines(content: Any) -> set[Any]:
    """The rows of a table, as `remembered.rows` has them."""
    return set((content or {}).values())


def called(monkeypatch) -> list[str]:
    """The commands that a restore calls, none of which is run: they have tests of their own."""
    asked: list[str] = []
    monkeypatch.setattr(bringing, "call_command", lambda name, **_how: asked.append(name))
    return asked


# --- What goes wrong -------------------------------------------------------------------------------


class Stand:
    """In place of a kind of database: the rows that this test's transaction sees, which no other connection does."""

    KIND = kind = "sqlite"
    server = "0"

    @contextmanager
    def picture(self) -> Iterator[Stand]:
        yield self

    def rows(self, sql: str, given: Any = ()) -> Any:
        return [] if "django_migrations" in sql else taking.live(sql, given)

    def content(self) -> Iterator[bytes]:
        yield b"all rows"

    def tables(self) -> dict[str, int]:
        return {}

    def refuse_unusable(self, *_told: Any, **_more: Any) -> None: ...


@pytest.fixture
def stand(db, monkeypatch) -> None:
    monkeypatch.setattr(taking, "kind", Stand)


@pytest.fixture
def pictured(machine, stand, settings):
    """A target with one picture of two files, and an empty machine."""
    for content in (b"1", b"2"):
        files.keep(content, files.CSV, name="a.csv")
    take(machine)
    use(settings, machine / "new")
    return machine


def take(machine: Path) -> manifest.Manifest:
    said: list[str] = []
    return taking.take(
        Folder(machine / "target"), recipients=site.ORTAQ_BACKUP_RECIPIENTS, tell=said.append
    )


def bring(machine: Path, *, identity: str = "identity.txt", **how: Any) -> list[str]:
    """Restore; what it says is not looked at."""
    place = Folder(machine / "target")
    identities = envelope.identities_in([machine / identity])
    return bringing.restore(place, manifest.find(place), identities, tell=str, **how)


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("part", [manifest.DATABASE, manifest.KEYS, manifest.FILES])
def test_a_damaged_part_is_named_before_anything_is_changed(pictured, part):
    (path,) = (pictured / "target").glob(f"pictures/*/{part}")
    spoil(path)
    with pytest.raises(Trouble, match=f"{part} is damaged. Nothing was changed"):
        bring(pictured)
    assert not (pictured / "new").exists()
    with pytest.raises(CommandError, match=f"{part} is damaged"):
        call_command("backup", str(pictured / "target"), verify=True)
    assert BackupRun.objects.get().trouble.startswith("1 faults")


def test_another_identity_opens_nothing_and_learns_for_whom_it_was_closed(pictured, settings):
    envelope.new_identity(pictured / "other.txt", "2026-11-22")
    with pytest.raises(Trouble, match=settings.ORTAQ_BACKUP_RECIPIENTS[0]):
        bring(pictured, identity="other.txt")
    assert not (pictured / "new").exists()


def test_keys_may_be_closed_for_another_person(pictured, settings):
    other = envelope.new_identity(pictured / "other.txt", "2026-11-22")
    use(settings, pictured / "site")
    place = Folder(pictured / "second")
    taking.take(
        place, recipients=settings.ORTAQ_BACKUP_RECIPIENTS, keys_recipients=[other], tell=str
    )
    mine, theirs = (envelope.identities_in([pictured / n]) for n in ("identity.txt", "other.txt"))
    picture = manifest.find(place)
    with pytest.raises(Trouble, match="opens nothing"):
        bringing.look_first(place, picture, mine, ["keys"])
    bringing.look_first(place, picture, mine, ["files", "database"])
    bringing.look_first(place, picture, [*mine, *theirs], bringing.PARTS)


def test_a_damaged_file_is_named_the_others_come_and_the_next_run_mends_it(
    pictured, settings, clock
):
    bad = min((pictured / "target").glob("objects/*/*/*"))
    spoil(bad)
    (fault,) = bring(pictured, only=["files"])
    assert bad.name in fault
    assert len(contents(pictured / "new")) == 1
    with pytest.raises(CommandError, match=f"{bad.name} is damaged"):
        call_command("backup", str(pictured / "target"), verify=True)
    use(settings, pictured / "site")
    clock.travel(seconds=1)
    call_command("backup", str(pictured / "target"), keep=["daily", "9"])
    call_command("backup", str(pictured / "target"), verify=True)


def test_a_picture_of_a_newer_program_asks_for_that_program(pictured, monkeypatch):
    path = next((pictured / "target").glob("pictures/*/manifest.json"))
    said = path.read_text().replace('"migrations": {', '"migrations": {"grants": ["9999_later"], ')
    path.write_text(
        said.replace(
            '"migrations": {"grants": ["9999_later"], }', '"migrations": {"grants": ["9999_later"]}'
        )
    )
    with pytest.raises(Trouble, match=r"newer program.*grants\.9999_later"):
        bring(pictured)


def test_too_little_space_is_said_before_anything_is_changed(pictured, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(9, 9, 1))
    with pytest.raises(Trouble, match="has 1 bytes free, the picture needs 2"):
        bring(pictured, only=["files"])


@pytest.mark.parametrize("at", ["database.age", "manifest.json"])
def test_an_interrupted_run_leaves_nothing_that_looks_whole(pictured, monkeypatch, settings, at):
    before = manifest.names(Folder(pictured / "target"))
    put = Folder.put

    def full(self: Folder, path: Path, name: str) -> None:
        if name.endswith(at):
            raise OSError(errno.ENOSPC, "No space left on device", name)
        put(self, path, name)

    use(settings, pictured / "site")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Folder, "put", full)
        meanwhile.setattr(manifest, "stamp", lambda _at: "2999-01-01T00-00-00Z")
        with pytest.raises(CommandError, match="The disk is full"):
            call_command("backup", str(pictured / "target"))
    assert BackupRun.last_good() is None
    assert "disk is full" in BackupRun.objects.get().trouble
    assert manifest.names(Folder(pictured / "target")) == before
    monkeypatch.setattr(manifest, "stamp", lambda _at: "2999-01-01T00-00-01Z")
    call_command("backup", str(pictured / "target"))
    assert not list((pictured / "target").glob("pictures/2999-01-01T00-00-00Z"))


def test_two_runs_do_not_write_at_once(pictured):
    with Folder(pictured / "target").alone(), pytest.raises(Trouble, match="Another run"):
        take(pictured)


def test_what_the_site_has_lost_is_said_and_the_rest_is_taken(machine, stand):
    kept, lost, changed = (files.keep(c, files.CSV, name="a.csv") for c in (b"1", b"2", b"3"))
    default_storage.delete(files.path_of(lost.sha256))
    (site.MEDIA_ROOT / files.path_of(changed.sha256)).write_bytes(b"4")
    with pytest.raises(CommandError, match="whole but for 2 files"):
        call_command("backup", str(machine / "target"))
    picture = manifest.find(Folder(machine / "target"))
    assert (picture.files, picture.lost_count) == (1, 2)
    assert BackupRun.objects.get().trouble.startswith("2 files are lost")
    assert kept.sha256[:2] in {
        path.parent.name for path in (machine / "target" / "objects").rglob("*.age")
    }


@pytest.mark.once
def test_a_bucket_keeps_pictures_as_a_folder_does(machine, stand, settings, monkeypatch):
    moto = pytest.importorskip("moto")
    monkeypatch.setenv("MOTO_S3_CUSTOM_ENDPOINTS", "https://store.example.kz:9000")
    settings.ORTAQ_BACKUP_KEY = settings.ORTAQ_BACKUP_SECRET = "invented"
    target = "https://store.example.kz:9000/backups/ortaq"
    one = files.keep(b"1", files.CSV, name="a.csv")
    monkeypatch.setattr(
        "ortaq.operations.backup.contents.PREFIXES", [one.sha256[:2]]
    )  # not 256 requests
    with moto.mock_aws():
        place: Any = place_at(target)
        place.client.create_bucket(Bucket="backups")
        call_command("backup", target)
        call_command("backup", target, verify=True)
        (name,) = place.names("objects")
        assert Path(name).name.startswith(one.sha256)
        use(settings, machine / "new")
        bringing.restore(
            place,
            manifest.find(place),
            envelope.identities_in([machine / "identity.txt"]),
            only=["files"],
            tell=str,
        )
        assert contents(site.MEDIA_ROOT) == {files.path_of(one.sha256): one.sha256}
        one.delete()
        assert keeping.prune(place, {"daily": 1}) == (0, 0)
        place.drop(name)
        with pytest.raises(CommandError, match=f"{name} is missing"):
            call_command("backup", target, verify=True)


# --- Which pictures stay ---------------------------------------------------------------------------


def test_the_last_of_each_day_week_and_month_stays_and_its_files_with_it(machine, stand, clock):
    clock.set(house_clock.at(house_clock.today().replace(year=2026, month=1, day=1), 3))
    for _week in range(5):
        one = files.keep(f"{house_clock.now()}".encode(), files.CSV, name="a.csv")
        take(machine)
        one.delete()
        clock.travel(days=7)
    place = Folder(machine / "target")
    assert keeping.prune(place, keeping.rule_of(["daily=1", "monthly", "9"])) == (4, 4)
    # 29 January is the newest, and the last of its month.
    assert manifest.names(place) == ["2026-01-28T22-00-00Z"]
    assert len(list((machine / "target").glob("objects/*/*/*"))) == 1


def test_a_rule_that_is_none_is_refused():
    for words in (["daily"], ["hourly", "2"], ["daily", "many"]):
        with pytest.raises(Trouble, match="daily 14"):
            keeping.rule_of(words)


def test_nobody_who_may_open_means_no_backup(machine, stand, settings):
    settings.ORTAQ_BACKUP_RECIPIENTS = []
    with pytest.raises(CommandError, match="--new-key"):
        call_command("backup", str(machine / "target"))
    settings.ORTAQ_BACKUP_RECIPIENTS = ["age1nobody"]
    with pytest.raises(CommandError, match="is not a public key"):
        call_command("backup", str(machine / "target"))


def test_a_new_key_is_never_written_over_an_old_one(machine):
    path = machine / "identity.txt"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="cannot be made"):
        call_command("backup", new_key=path)
