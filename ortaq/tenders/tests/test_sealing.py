from __future__ import annotations

from datetime import timedelta

import pytest

from ortaq.core import keyfolder
from ortaq.tenders import sealing

from .scenes import AFTER, CLOSES


def test_what_is_sealed_opens_after_the_deadline_and_under_its_own_name_only():
    public = sealing.new_pair()
    closed = sealing.seal(public, b"9 000 000", "bid:1")
    assert b"9 000 000" not in closed
    times = {"closes_at": CLOSES, "now": AFTER}
    assert sealing.unseal(sealing.private_half(public), closed, "bid:1", **times) == b"9 000 000"
    with pytest.raises(sealing.Sealed):
        sealing.unseal(sealing.private_half(public), closed, "bid:2", **times)
    with pytest.raises(sealing.Sealed):
        sealing.unseal(
            sealing.private_half(public), closed[:-1] + bytes([closed[-1] ^ 1]), "bid:1", **times
        )
    with pytest.raises(sealing.Sealed):
        sealing.unseal(sealing.private_half(sealing.new_pair()), closed, "bid:1", **times)


@pytest.mark.req("SO-T-079")
def test_nothing_opens_at_the_deadline_itself_whoever_asks():
    public = sealing.new_pair()
    closed = sealing.seal(public, b"9 000 000", "bid:1")
    with pytest.raises(sealing.Sealed):
        sealing.unseal(sealing.private_half(public), closed, "bid:1", closes_at=CLOSES, now=CLOSES)
    a_moment = CLOSES + timedelta(microseconds=1)
    assert sealing.unseal(
        sealing.private_half(public), closed, "bid:1", closes_at=CLOSES, now=a_moment
    )


def test_the_folder_of_keys_alone_and_the_secret_key_alone_open_nothing(settings, tmp_path):
    settings.ORTAQ_SEALS = tmp_path / "seals"
    public = sealing.new_pair()
    closed = sealing.seal(public, b"9 000 000", "bid:1")
    times = {"closes_at": CLOSES, "now": AFTER}
    kept, known = settings.ORTAQ_SEALS, settings.SECRET_KEY
    settings.SECRET_KEY = "another installation's"
    with pytest.raises(sealing.Sealed):
        sealing.unseal(sealing.private_half(public), closed, "bid:1", **times)
    settings.SECRET_KEY_FALLBACKS = [known]  # the key was changed, as Django lets one do
    assert sealing.unseal(sealing.private_half(public), closed, "bid:1", **times) == b"9 000 000"
    settings.ORTAQ_SEALS = tmp_path / "elsewhere"
    with pytest.raises(sealing.Sealed):
        sealing.unseal(sealing.private_half(public), closed, "bid:1", **times)
    file = next(kept.iterdir())
    assert file.stat().st_mode & 0o077 == 0
    assert oct(kept.stat().st_mode & 0o777) == "0o700"


def test_a_key_is_never_overwritten(settings, tmp_path):
    settings.ORTAQ_SEALS = tmp_path
    first = sealing.draft_key("bid:1")
    with pytest.raises(FileExistsError):
        keyfolder.keep(sealing.DRAFTS, sealing.new_key())
    assert sealing.draft_key("bid:1") == first
    assert sealing.draft_key("bid:2") != first


def test_a_draft_moved_to_another_bid_does_not_open():
    closed = sealing.encrypt(sealing.draft_key("bid:1"), b"text", "draft")
    assert sealing.decrypt(sealing.draft_key("bid:1"), closed, "draft") == b"text"
    for key, about in ((sealing.draft_key("bid:2"), "draft"), (sealing.draft_key("bid:1"), "file")):
        with pytest.raises(sealing.Sealed):
            sealing.decrypt(key, closed, about)
    with pytest.raises(sealing.Sealed):
        sealing.decrypt(sealing.draft_key("bid:1"), b"", "draft")


@pytest.mark.parametrize("length", [0, 1, sealing.PIECE, 2 * sealing.PIECE + 7])
def test_a_file_encrypted_in_pieces_opens_as_a_whole_and_as_nothing_else(length):
    key, content = sealing.new_key(), (b"%PDF-" + bytes(range(256)))[:length].ljust(length, b"x")
    closed = b"".join(sealing.encrypted(key, content, "digest"))
    assert len(closed) == sealing.NONCE + length + 16
    assert sealing.decrypt(key, closed, "digest") == content
    for wrong in (closed[:-1], closed[: sealing.NONCE] + closed[sealing.NONCE + 1 :]):
        with pytest.raises(sealing.Sealed):
            sealing.decrypt(key, wrong, "digest")
    with pytest.raises(sealing.Sealed):
        sealing.decrypt(key, closed, "another")
