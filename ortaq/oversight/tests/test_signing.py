"""The notice of conflict of interest where electronic signatures are required."""

from __future__ import annotations

import pytest
from django.test import Client

from ortaq.oversight.models import Engagement, Notice
from ortaq.oversight.policy.conflict import monitors
from ortaq.oversight.procedure import engagement as engaging
from ortaq.review.models import Statement
from ortaq.review.signing import STATEMENT
from ortaq.signing.procedure import receive
from ortaq.testing import signing

from .scenes import NOW, answers, engaged, ordered

pytestmark = pytest.mark.django_db


@pytest.mark.req("SO-M-12", "SO-X-12")
def test_a_notice_opens_a_project_when_its_author_has_signed_it(clock, settings):
    clock.set(NOW)
    settings.ORTAQ_SIGNATURES = ["declaration=required"]
    cast = ordered()
    user = cast.erlan.user
    assert user is not None
    user.iin = signing.iin_of(user)
    user.save(update_fields=["iin"])
    made = engaged(cast, cleared=False)
    client = Client()
    client.force_login(user)
    page = f"/oversight/engagements/{made.pk}/"
    typed = dict.fromkeys(answers(), "no") | {"conflict": "no_conflict"}
    sent = client.post(page, typed)
    statement = Statement.objects.get()
    assert sent.status_code == 302
    assert sent["Location"].startswith(f"/signing/review.statement/{statement.pk}/")
    assert not monitors(cast.erlan, cast.project)
    kept = client.get(page).content.decode()
    assert kept.count(" checked") == len(answers()) + 1

    cms = signing.sign(STATEMENT, statement, cast.erlan)
    assert receive(STATEMENT, statement, actor=cast.erlan, cms=cms).is_valid
    assert client.post(page, typed)["Location"] == page
    assert monitors(cast.erlan, cast.project)
    statement.refresh_from_db()
    assert statement.taken_at
    assert Notice.objects.get().conflict is False


@pytest.mark.req("SO-X-12")
def test_a_stated_conflict_waits_for_no_signature(clock, settings):
    clock.set(NOW)
    settings.ORTAQ_SIGNATURES = ["declaration=required"]
    cast = ordered()
    made = engaged(cast, cleared=False)
    kin = answers(close_kinship="Сәрсенов Асан, інісі")
    engaging.sign(made, conflict=True, answers=kin, actor=cast.erlan)
    assert made.state == Engagement.State.BARRED
