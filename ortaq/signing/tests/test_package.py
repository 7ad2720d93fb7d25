"""An outsider checks a package offline, and whoever tampers with it is found out."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from functools import partial

import pytest

from ortaq.signing import cli, manifest, package
from ortaq.signing.authority import Authority
from ortaq.signing.verify.anchors import Anchors
from ortaq.signing.verify.offline import Offline
from ortaq.signing.verify.report import Verdict
from ortaq.testing.signing import authority

from .test_verification import ALIYA, NGO, NOW, credential, problems

PDF, SCAN = b"%PDF-1.7 contract", b"\x89PNG scan"
GRANTEE = manifest.NamedParty("grantee", NGO["bin"])
CONTENT = {"number": "15", "amount_tiyn": 1_000_000_00}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A package of two files with the same name and one signature, and its test anchors."""
    return pack(tmp_path_factory, GRANTEE)


@pytest.fixture(scope="module")
def half(tmp_path_factory):
    """A contract that has two parties, of which one has signed."""
    return pack(tmp_path_factory, GRANTEE, manifest.NamedParty("grantor", "150140000016"))


def pack(tmp_path_factory, *parties):
    folder = tmp_path_factory.mktemp("anchors")
    authority().write_anchors(folder)
    files = [
        manifest.NamedFile("келісімшарт.pdf", package_hash(PDF), len(PDF)),
        manifest.NamedFile("келісімшарт.pdf", package_hash(SCAN), len(SCAN)),
    ]
    signed = manifest.build(
        site="ortaq.example.kz",
        parties=parties,
        subject="projects.contract:5",
        version=3,
        context="projects.contract",
        title={"kk": "№ 15 шарт", "ru": "Договор № 15"},
        content=CONTENT,
        files=files,
    )
    cms = authority().sign(credential(), signed)
    report = Offline(authority().anchors()).verify(cms, signed, NOW)
    kept = report.as_dict(personal=False)
    target = io.BytesIO()
    package.write(
        target,
        signed=signed,
        content=CONTENT,
        files=[
            package.PackedFile(one.name, partial(io.BytesIO, data))
            for one, data in zip(files, (PDF, SCAN), strict=True)
        ],
        signatures=[
            package.PackedSignature(
                "grantee", {"kk": "Грант алушы", "ru": "Грантополучатель"}, cms, NOW, kept
            )
        ],
        made_at=NOW + timedelta(days=1),
        test_anchors=folder,
    )
    return target.getvalue()


def package_hash(data):
    return hashlib.sha256(data).hexdigest()


def changed(packed, change):
    """The package written anew with other members: `change` gets and gives name → bytes."""
    with zipfile.ZipFile(io.BytesIO(packed)) as old:
        members = {name: old.read(name) for name in old.namelist()}
    made = change(members)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as new:
        for name, data in made if isinstance(made, list) else made.items():
            new.writestr(name, data)
    return target.getvalue()


def check(data, *, now=NOW + timedelta(days=2), trust_test=True):
    return package.check(io.BytesIO(data), anchors=Anchors(), now=now, trust_test=trust_test)


def test_a_package_is_verified_offline_long_after_the_certificate_expired(packed):
    result = check(packed, now=NOW + timedelta(days=20_000))
    assert (result.verdict, problems(result)) == (Verdict.VALID, [])
    (one,) = result.signatures
    assert one.report.reference == NOW
    assert one.report.has("time_claimed", "test_authority")
    assert result.manifest.subject == "projects.contract:5"


def test_test_roots_are_believed_only_when_told(packed):
    result = check(packed, trust_test=False)
    assert result.verdict is Verdict.UNCHECKED
    assert [f.code for f in result.findings] == ["package_test_anchors", "package_parties"]
    assert problems(result.signatures[0].report) == ["no_anchors"]


def without(name):
    return lambda members: {n: d for n, d in members.items() if n != name}


def with_(name, data):
    return lambda members: {**members, name: data}


def with_rows(change, **more):
    """The index written anew, which nobody signed: `change` its signatures."""

    def rewritten(members):
        index = json.loads(members["package.json"])
        index["signatures"] = change(index["signatures"])
        return {**members, "package.json": json.dumps(index).encode(), **more}

    return rewritten


SECOND = "files/02-келісімшарт.pdf"
TAMPERED = {
    "a changed file": (with_(SECOND, SCAN[:-1] + b"!"), "package_changed"),
    "a longer file": (with_(SECOND, SCAN + b"\0" * 1000), "package_changed"),
    "a missing file": (without(SECOND), "package_missing"),
    "changed content": (with_("content.json", b'{"amount_tiyn":1}'), "package_changed"),
    "missing content": (without("content.json"), "package_missing"),
    "a missing signature": (without("signatures/1-grantee.p7s"), "package_missing"),
    "a file that nobody signed": (with_("files/03-annex.pdf", PDF), "package_stranger"),
    "a file that nobody signed, called a report": (with_rows(lambda rows: [{**rows[0], "report": "annex.pdf"}], **{"annex.pdf": PDF}), "package_stranger"),
    "a file that nobody signed, among the roots": (with_("test-anchors/annex.pdf", PDF), "package_stranger"),
    "one signature for two parties": (with_rows(lambda rows: [*rows, {**rows[0], "party": "grantor"}]), "package_twice"),
    "signatures without end": (with_rows(lambda rows: rows * 300), "package_too_large"),
    "a way out of the folder": (with_("../evil", PDF), "package_member"),
    "an absolute name": (with_("/etc/evil", PDF), "package_member"),
    "a name of Windows": (with_("C:\\evil", PDF), "package_member"),
    "one name twice": (lambda members: [*members.items(), ("FILES/" + SECOND[6:], PDF)], "package_twice"),
}  # fmt: skip


@pytest.mark.parametrize("case", TAMPERED)
def test_a_tampered_package_is_not_valid(case, packed):
    change, code = TAMPERED[case]
    result = check(changed(packed, change))
    assert code in problems(result)
    assert result.verdict is Verdict.INVALID


def test_an_archive_that_lacks_the_signature_of_a_party_is_incomplete(half, tmp_path, capsys):
    result = check(half)
    assert (result.verdict, result.missing) == (Verdict.UNCHECKED, ("grantor",))
    path = tmp_path / "contract.zip"
    path.write_bytes(half)
    assert cli.main([str(path), "--trust-test", "--language", "ru"]) == 2
    said = capsys.readouterr().out
    assert said.startswith("Неполно")
    assert "grantor, БСН/БИН 150140000016" in said


@pytest.mark.parametrize(
    ("party", "code"), [("stranger", "package_party_unknown"), ("grantor", "other_bin")]
)
def test_a_signature_is_not_passed_off_as_that_of_another_party(half, party, code):
    result = check(changed(half, with_rows(lambda rows: [{**rows[0], "party": party}])))
    assert problems(result.signatures[0].report) == [code]
    assert result.verdict is Verdict.INVALID


def test_another_manifest_under_the_signature_is_found_out(packed):
    def cheaper(members):
        members["manifest.json"] = members["manifest.json"].replace(b'"version":3', b'"version":4')
        return members

    result = check(changed(packed, cheaper))
    assert problems(result.signatures[0].report) == ["digest_differs"]
    assert result.verdict is Verdict.INVALID


def test_what_is_no_package_or_a_bomb_is_refused_in_a_sentence(packed):
    def bomb(members):
        return {**members, "package.json": b" " * (package.MOST_JSON + 10)}

    def no_index(members):
        return {**members, "package.json": b"[]"}

    for data in (
        b"",
        b"PK",
        packed[: len(packed) // 2],
        changed(packed, bomb),
        changed(packed, no_index),
    ):
        with pytest.raises(package.NoPackage):
            check(data)


def test_a_key_that_was_revoked_since_cannot_claim_an_earlier_day(packed):
    apart = Authority.of(authority())
    with zipfile.ZipFile(io.BytesIO(packed)) as old:
        signed = old.read("manifest.json")
    key = apart.issue(**ALIYA, **NGO)
    apart.revoke(key, NOW + timedelta(days=1))
    stolen = changed(packed, with_("signatures/1-grantee.p7s", apart.sign(key, signed)))
    result = check(stolen)  # the archive claims a day before
    assert problems(result.signatures[0].report) == ["revoked_since"]
    assert result.verdict is Verdict.UNCHECKED


def test_names_in_an_archive_do_not_steer_the_terminal(packed, tmp_path, capsys):
    label = {"ru": "\x1b[2J\nВсе подписи действительны\u202e"}
    path = tmp_path / "contract.zip"
    path.write_bytes(changed(packed, with_rows(lambda rows: [{**rows[0], "label": label}])))
    cli.main([str(path), "--language", "ru"])
    said = capsys.readouterr().out
    assert "Все подписи" in said
    assert not {"\x1b", "\u202e"} & set(said)
    assert "\nВсе подписи" not in said


def test_the_command_line_says_what_it_found_and_no_number_of_a_person(packed, tmp_path, capsys):
    path = tmp_path / "contract.zip"
    path.write_bytes(packed)
    assert cli.main([str(path), "--trust-test", "--language", "ru"]) == 0
    said = capsys.readouterr().out
    assert "Грантополучатель: Подпись действительна" in said
    assert "Договор № 15" in said
    assert cli.main([str(path), "--trust-test", "--json"]) == 0
    answer = capsys.readouterr().out
    assert json.loads(answer)["verdict"] == "valid"
    assert ALIYA["iin"] not in said + answer
    assert cli.main([str(path), "--language", "kk"]) == 2
    assert "Қолтаңбаны тексеру мүмкін болмады" in capsys.readouterr().out
    path.write_bytes(changed(packed, TAMPERED["a changed file"][0]))
    assert cli.main([str(path), "--trust-test"]) == 1
    for wrong in (tmp_path / "absent.zip", tmp_path):
        assert cli.main([str(wrong)]) == 2
