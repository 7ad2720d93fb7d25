"""Every address of the house, asked for by everybody: what each gets stands in one table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from ortaq.testing.walking import Walker

from .scenes import World

# An address, the things of `scenes.World` (or words) that it names, and what comes of GET and of
# POST with nothing in it; "-" where the address does not take the method. "rest" are the roles not
# named; without it they get 404, and where nobody is signed in: the page to sign in (302), or for a
# form the page that keeps what was typed (403). A page of the public says "nobody" or "all".
ADDRESSES = """
portal:home                                                  | all 200                            | -
portal:desk                                                  | rest 200                           | -
portal:calendar              calendar                        | all 200                            | -
portal:calendar              no-such-token                   | all 404                            | -
portal:renew_calendar                                        | -                                  | rest 302

faces:language                                               | all 302                            | all 302
faces:components                                             | all 200                            | -
faces:law                                                    | all 200                            | -
faces:edition                grants_rules 2020               | all 200                            | -
faces:edition                grants_rules 1999               | all 404                            | -

demo:guide                                                   | all 404                            | -
demo:go                                                      | -                                  | all 404
demo:sign_in                 aliya                           | -                                  | all 404

people:profile                                               | rest 200                           | rest 200
people:act_for                                               | -                                  | rest 404
people:letters                                               | rest 200                           | -
people:letter                letter                          | head 200                           | -
people:organisations                                         | rest 200                           | -
people:register                                              | rest 200                           | rest 200
people:organisation          organisation                    | ngo register authority 200         | -
people:edit                  organisation                    | head 200                           | head 200
people:invite                organisation                    | -                                  | head 422
people:end_membership        membership                      | -                                  | ngo 302
people:withdraw_invitation   invitation                      | -                                  | head 302
people:accept                invitation                      | -                                  | citizen 302
people:decline               invitation                      | -                                  | citizen 302
people:record_standing       organisation                    | register authority 200             | register authority 200
people:end_standing          standing                        | register authority 200             | register authority 200

registry:experts                                             | rest 200                           | -
registry:nominate                                            | member 302, rest 200               | member 302, rest 200
registry:propose                                             | head rival register 200            | head rival register 200
registry:expert              person_entry                    | head register authority 200        | -
registry:amend               person_entry                    | head register 200                  | head register 200
registry:add_tie             person_entry                    | register 200                       | register 200
registry:end_tie             person_entry tie                | register 200                       | register 200
registry:expert_step         person_entry remove             | -                                  | register 409, head authority 409
registry:returns                                             | rest 200                           | -
registry:record_return                                       | register authority 200             | register authority 200
registry:annual_return       return                          | ngo register authority 200         | -
registry:return_step         return approve                  | -                                  | ngo 409, register authority 302
registry:calendar                                            | all 200                            | -
registry:record_day                                          | register authority 200             | register authority 200
registry:day                 day                             | all 200                            | -
registry:day_step            day withdraw                    | -                                  | register authority 409
registry:index                                               | all 200                            | -
registry:record_index                                        | register authority 200             | register authority 200
registry:index_value         index_value                     | all 200                            | -
registry:index_step          index_value withdraw            | -                                  | register authority 409

review:panels                                                | rest 200                           | -
review:panel                 panel                           | member secretary operator 200      | -
review:seats                 panel                           | member secretary operator 200      | operator 200
review:seat                  panel seat                      | operator 200                       | operator 200
review:candidates            panel                           | operator 200                       |
review:election              panel                           | member secretary operator 200      | member secretary operator 409
review:declaration           panel                           | member 200                         | member 409
review:conflicts             panel                           | secretary operator 200             |
review:dossiers              panel                           | member 200                         | -
review:progress              panel                           | secretary operator 200             | -
review:meeting               panel                           | member secretary operator 200      |
review:ranking               panel                           | member secretary operator 200      | -
review:panel_step            panel approve                   | -                                  | operator 409, member secretary 403
review:dossier               dossier                         | expert 200                         | expert 409
review:sign                  dossier                         | expert 409                         | expert 409
review:points                dossier                         | expert secretary operator 200      | expert 200

projects:contracts                                           | rest 200                           | -
projects:contract            contract                        | ngo operator clerk 200             | -
projects:team                contract                        | ngo operator clerk 200             | -
projects:plan                contract                        | ngo operator clerk 200             | -
projects:budget              contract                        | ngo operator clerk 200             | -
projects:effect              contract                        | ngo operator clerk 200             | -
projects:approvals           contract                        | ngo operator clerk 200             | -
projects:journal             contract                        | ngo operator clerk 200             | -
projects:edit                contract general                | ngo operator 200, clerk 403        | ngo operator 409, clerk 403
projects:edit                contract terms                  | operator 200, ngo clerk 403        | operator 422, ngo clerk 403
projects:activity_new        contract                        | ngo operator 200, clerk 403        | ngo operator 422, clerk 403
projects:activity            contract activity               | ngo operator 200, clerk 403        | ngo operator 422, clerk 403
projects:step                contract send                   | -                                  | ngo operator clerk 409
projects:scan                contract                        | ngo operator clerk 200             | -
projects:paper               contract annex-3 kk docx        | ngo operator clerk 200             | -

grants:plans                                                 | all 200                            | -
grants:plan_new                                              | officer 200, rest 403              | officer 200, rest 403
grants:plan                  version                         | all 200                            | -
grants:plan                  draft_version                   | register 200, nobody 404           | -
grants:plan_csv              draft_version                   | register 200, nobody 404           | -
grants:plan_xlsx             draft_version                   | register 200, nobody 404           | -
grants:plan_changes          draft_version                   | register 200, nobody 404           | -
grants:plan_draft            version                         | -                                  | register 302, rest 403
grants:plan_import           draft_version                   | register 200                       | register 200
grants:plan_approve          draft_version                   | register 200                       | register 200
grants:plan_discard          draft_version                   | -                                  | register 302
grants:topic                 topic                           | all 200                            | -
grants:topic                 draft_topic                     | register 200, nobody 404           | -
grants:topic_new             draft_version                   | register 200                       | register 200
grants:topic_edit            draft_topic                     | register 200                       | register 200
grants:topic_copy            draft_topic                     | register 200                       | register 200

grants:proposals                                             | rest 200                           | -
grants:proposal_new                                          | ngo rival 200, rest 403            | ngo rival 200, rest 403
grants:proposal              proposal                        | ngo 200                            | ngo 200
grants:proposal_paper        proposal kk docx                | ngo 200                            | -
grants:proposal_discard      proposal                        | -                                  | ngo 302
grants:proposal_answer       proposal                        | -                                  | ngo 409

grants:competitions                                          | all 200                            | -
grants:competition_new                                       | register 200, rest 403             | -
grants:competition_from      version                         | register 200, rest 403             | register 200, rest 403
grants:competition           published                       | all 200                            | -
grants:competition           draft_competition               | operator 200, nobody 404           | -
grants:competition_manage    published                       | operator 200                       | -
grants:competition_edit      draft_competition               | operator 200                       | operator 200
grants:competition_topics    draft_competition               | operator 200                       | operator 200
grants:competition_discard   draft_competition               | -                                  | operator 302
grants:competition_step      draft_competition announce      | -                                  | operator 302
grants:competition_extend    open                            | operator 200                       | operator 200
grants:competition_repeat    published                       | operator 200                       | operator 200
grants:blank_form            open GRANT-A2 kk docx           | all 200                            | -
grants:blank_form            draft_competition GRANT-A2 kk docx  | operator 200, nobody 404       | -
grants:competition_decision  decision                        | all 200                            | -
grants:lot                   lot                             | all 200                            | -
grants:question_ask          open                            | -                                  | rest 422
grants:question_answer       question                        | operator 200                       | operator 200

grants:applications                                          | rest 200                           | -
grants:application_new       lot                             | rest 200                           | ngo rival 200, rest 403
grants:application           draft                           | ngo 200                            | -
grants:application           handed_in                       | ngo operator 200                   | -
grants:application           application                     | ngo operator 200, expert 302       | -
grants:application_details   draft                           | ngo 200                            | ngo 200
grants:application_discard   draft                           | -                                  | head 302, accountant 409
grants:application_letter    draft                           | ngo 200                            | -
grants:application_submit    draft                           | ngo 200                            | ngo 409
grants:application_receipt   handed_in                       | ngo 200                            | -
grants:application_receipt_content  handed_in                | ngo 200                            | -
grants:application_withdraw  handed_in                       | head 200                           | head 200
grants:application_content   draft                           | ngo 200                            | -
grants:application_content   handed_in                       | ngo 200                            | -
grants:application_content   application                     | ngo operator expert 200            | -
grants:application_paper     handed_in kk docx               | ngo 200                            | -
grants:application_paper     application kk docx             | ngo operator expert 200            | -
grants:application_files     draft                           | ngo 200                            | ngo 200
grants:application_file      draft draft_file                | ngo 200                            | -
grants:application_file      handed_in handed_in_file        | ngo 200                            | -
grants:application_file      application file                | ngo operator expert 200            | -
grants:application_file      draft file                      |                                    | -
grants:application_file_remove  draft draft_file             | -                                  | ngo 302
grants:application_part      draft questionnaire 0           | ngo 200                            | ngo 302
grants:application_part_copy  draft questionnaire 0          | -                                  | ngo 302
grants:application_conflict  draft conflict                  | -                                  | ngo 302

grants:competition_applications  published                   | operator 200                       | -
grants:competition_applications_xlsx  published              | operator 200                       | -
grants:delivery_new          open                            | operator 200                       | operator 200
grants:check                 application                     | operator 200, ngo expert 403       | -
grants:check_item            application charter             | -                                  | operator 422, ngo expert 403
grants:check_proposed        application                     | -                                  | operator 409, ngo expert 403
grants:check_decide          application                     | -                                  | ngo expert 403

grants:outcomes              published                       | operator 200                       | -
grants:outcome_lot           published judged_lot            | operator 200                       | -
grants:outcomes_prepare      published                       | -                                  | operator 409
grants:outcomes_letters      published                       | operator 200                       | -
grants:outcomes_publish      published                       | -                                  | operator 409
grants:protocol              published kk docx               | operator 200                       | -
grants:protocol_draw_up      published                       | -                                  | operator 422
grants:protocol_file         published                       | -                                  | operator 422
grants:protocol_scan         published                       | operator 200                       | -
grants:results               published                       | all 200                            | -
grants:results               draft_competition               | operator 200, nobody 404           | -
grants:result                application                     | ngo operator 200                   | -
grants:contract_draft        outcome                         | -                                  | operator 302
"""
# What several roles are called together. An expert of the register sits on the commission; the
# register of experts is kept by any operator's officer.
GROUPS = {
    "ngo": ("head", "accountant"),
    "member": ("expert", "recused"),
    "register": ("operator", "stranger"),
    "officer": ("operator", "stranger", "akimat", "authority"),
}
# What differs from one answer to the next: tokens, and where one stands in the house.
RANDOM = re.compile(
    r'csrfmiddlewaretoken" value="[^"]*|"X-CSRFToken": "[^"]*|name="next" value="[^"]*'
    r'| aria-current="page"'
)
NOBODY = {"GET": 302, "POST": 403}


@dataclass(frozen=True)
class Line:
    """One line of the table, with the status of each role by method; None: not taken."""

    name: str
    words: tuple[str, ...]
    expected: dict[str, dict[str, int] | None]

    def path(self, world: World) -> str:
        found = [world.things.get(word, word) for word in self.words]
        return reverse(self.name, args=[getattr(thing, "pk", thing) for thing in found])


def names_declared() -> set[str]:
    return {text.split()[0] for text in filter(None, ADDRESSES.splitlines())}


def lines(roles: list[str]) -> Iterator[Line]:
    for text in filter(None, ADDRESSES.splitlines()):
        address, get, post = text.split("|")
        name, *words = address.split()
        expected = {"GET": statuses(get, "GET", roles), "POST": statuses(post, "POST", roles)}
        yield Line(name, tuple(words), expected)


def statuses(text: str, method: str, roles: list[str]) -> dict[str, int] | None:
    if text.strip() == "-":
        return None
    said: dict[str, int] = {}
    for part in filter(None, text.strip().split(", ")):
        *names, status = part.split()
        for name in names:
            said |= dict.fromkeys(GROUPS.get(name, (name,)), int(status))
    unknown = set(said) - set(roles) - {"all", "rest"}
    assert not unknown, f"No such role: {unknown}"
    if "all" in said:
        return dict.fromkeys(roles, said["all"])
    others = dict.fromkeys(roles, said.get("rest", 404)) | {"nobody": NOBODY[method]}
    return {role: said.get(role, others[role]) for role in roles}


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The names of all addresses; those of allauth are its own to test."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern, inside)
        elif not str(pattern.name).startswith(ALLAUTH):
            yield f"{space}{pattern.name}"


ALLAUTH = ("account_", "mfa_")


def body(answer: Any) -> str:
    """The text of an answer without what is random; what is streamed is read to its end."""
    content = b"".join(answer) if answer.streaming else answer.content
    return RANDOM.sub("", content.decode("utf-8", "replace"))


def clients(world: World) -> dict[str, Client]:
    """A browser for each role, in which they have signed in."""
    return {role: Walker(user) for role, user in world.people.items()}


def test_every_address_has_its_line():
    assert names_declared() == set(names(get_resolver()))


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.req("GR-C-11", "GR-S-17")
def test_everybody_gets_what_is_theirs_at_every_address_and_what_is_hidden_looks_absent(
    clock, plain_404
):
    """Each request is undone after it, so that all meet the same world."""
    world = World(clock)
    browsers = clients(world)
    absent = body(browsers["nobody"].get(reverse("grants:competition", args=[10**9])))
    wrong = []
    for line in lines(list(world.people)):
        path = line.path(world)
        for method, expected in line.expected.items():
            for role in expected or ("citizen",):
                answer, text = undone(browsers[role], method, path)
                wanted = expected[role] if expected else 405
                if answer.status_code != wanted:
                    wrong.append(f"{line.name} {method} {role}: {answer.status_code}, not {wanted}")
                elif (method, wanted) == ("GET", 404) and text != absent:
                    wrong.append(f"{line.name} {role}: its 404 differs from that of nothing")
    assert not wrong, "\n".join(wrong)


def undone(
    browser: Client, method: str, path: str, data: dict[str, Any] | None = None
) -> tuple[Any, str]:
    """An answer and its text; nothing of what the request did stays."""
    point = transaction.savepoint()
    answer = getattr(browser, method.lower())(path, data)
    text = body(answer)
    transaction.savepoint_rollback(point)
    browser.cookies.pop("messages", None)  # they would stand on the next page
    return answer, text
