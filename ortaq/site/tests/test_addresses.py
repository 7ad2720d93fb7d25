"""Every address of the house, asked for by everybody: what each gets stands in one table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from ortaq.testing.clock import TestClock
from ortaq.testing.remembered import remembered
from ortaq.testing.walking import Walker

from .award_world import Awarding
from .oversight_world import Oversight
from .prize_world import Prizes
from .project_world import ProjectRoom
from .scenes import World
from .social_order import SocialOrder

AnyWorld = World | SocialOrder | ProjectRoom | Oversight | Prizes | Awarding

# An address, the things of `scenes.World` (or words) that it names, and what comes of GET and of
# POST with nothing in it; "-" where the address does not take the method. "rest" are the roles not
# named; without it they get 404, and where nobody is signed in: the page to sign in (302), or for a
# form the page that keeps what was typed (403). A page of the public says "nobody" or "all".
ADDRESSES = """
portal:home                                                  | all 200                            | -
portal:search                                                | all 200                            | -
portal:year                  2020                            | all 200                            | -
portal:year                  99999                           | all 404                            | -
portal:money                                                 | all 200                            | -
portal:money_table                                           | all 200                            | -
portal:records                                               | all 200                            | -
portal:region                710000000                       | all 200                            | -
portal:region                999                             | all 404                            | -
portal:body                  body_bin                        | all 200                            | -
portal:body                  bin                             | all 404                            | -
portal:field                 culture_arts                    | all 200                            | -
portal:field                 nothing                         | all 404                            | -
portal:late                                                  | all 200                            | -
portal:reports                                               | all 200                            | -
portal:ngo                   bin                             | all 200                            | -
portal:ngo                   000000000000                    | all 404                            | -
portal:desk                                                  | rest 200                           | -
portal:dashboard                                             | rest 200                           | -
portal:calendar              calendar                        | all 200                            | -
portal:calendar              no-such-token                   | all 404                            | -
portal:renew_calendar                                        | -                                  | rest 302

faces:language                                               | all 302                            | all 302
faces:components                                             | all 200                            | -
faces:law                                                    | all 200                            | -
faces:edition                grants_rules 2020               | all 200                            | -
faces:edition                grants_rules 1999               | all 404                            | -

documents:forms                                              | all 200                            | -
documents:form               2022 SO-A9                      | all 200                            | -
documents:form               2022 SO-A99                     | all 404                            | -
documents:blank              2022 SO-A9 kk docx              | all 200                            | -
documents:blank              2022 SO-A9 en docx              | all 404                            | -
documents:blank              2022 SO-A9 kk exe               | all 404                            | -

demo:guide                                                   | all 404                            | -
demo:go                                                      | -                                  | all 404
demo:sign_in                 aliya                           | -                                  | all 404

people:profile                                               | rest 200                           | rest 200
people:certificate                                           | nobody 200, rest 302               | nobody 200, rest 302
people:own_certificate                                       | rest 200                           | rest 302
people:part_certificate                                      | -                                  | rest 302
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

signing:sign                 projects.contract contract      | ngo operator clerk 200             | ngo operator clerk 302
signing:sign                 no.such contract                |                                    |
signing:manifest             projects.contract contract      | ngo operator clerk 200             | -
signing:package              projects.contract contract      |                                    | -

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
registry:annual_return       written_return                  | ngo 200                            | -
registry:annual_return       sent_return                     | ngo register authority 200         | -
registry:return_begin        2018                            | -                                  | ngo rival 302
registry:return_overview                                     | register authority 200             | -
registry:return_register_paper                               | authority 200                      | authority 422
registry:return_part         written_return money            | ngo 200                            | ngo 302
registry:return_part         sent_return money               |                                    | ngo authority 409
registry:return_contracts    written_return                  | -                                  | ngo 302
registry:return_conflict     written_return                  | -                                  | ngo 302
registry:return_attach       written_return                  | -                                  | ngo 302
registry:return_paper_file   written_return return_file      | ngo 200                            | -
registry:return_detach       written_return return_file      | -                                  | ngo 302
registry:return_word         written_return                  | ngo 200                            | ngo 422
registry:return_finish       written_return                  | ngo 200                            | ngo 409
registry:return_scan         sent_return paper_return        | ngo authority 200                  | -
registry:return_version      sent_return 1                   | ngo authority 200                  | -
registry:return_version_paper sent_return 1 kk docx          | ngo authority 200                  | -
registry:return_step         sent_return approve             | -                                  | ngo register authority 409
registry:standing_flags                                      | officer 200                        | -
registry:standing_flag       flag                            | operator 200                       | operator 200
registry:table_imports                                       | authority 200                      | -
registry:table_import_new                                    | authority 200                      | authority 200
registry:table_empty         register                        | authority 200                      | -
registry:table_import        table                           | authority 200                      | -
registry:table_import_changes table                          | authority 200                      | -
registry:table_import_step   table look_again                | -                                  | authority 302
registry:ngos                                                | all 200                            | -
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
review:declaration_paper     panel kk docx                   | member 200                         | -
review:conflicts             panel                           | secretary operator 200             |
review:dossiers              panel                           | member 200                         | -
review:progress              panel                           | secretary operator 200             | -
review:meeting               panel                           | member secretary operator 200      |
review:ranking               panel                           | member secretary operator 200      | -
review:panel_step            panel approve                   | -                                  | operator 409, member secretary 403
review:dossier               dossier                         | expert 200                         | expert 409
review:sign                  dossier                         | expert 409                         | expert 409
review:sheet_paper           dossier kk docx                 | expert 200                         | -
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
portal:tenge_grant           topic                           | all 200                            | -
portal:tenge_grant           draft_topic                     | all 404                            | -
portal:tenge_contract        contract                        | all 404                            | -
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
grants:protocol              published kk docx               | operator expert recused secretary 200 | -
grants:protocol_draw_up      published                       | -                                  | operator 422
grants:protocol_file         published                       | -                                  | operator 422
grants:protocol_scan         published                       | operator 200                       | -
grants:results               published                       | all 200                            | -
grants:results               draft_competition               | operator 200, nobody 404           | -
grants:result                application                     | ngo operator 200                   | -
grants:contract_draft        outcome                         | -                                  | operator 302

exchange:exchange                                            | register authority 200             | -
exchange:rows                                                | register authority 200             | -
exchange:listing             listing                         | register authority 200             | register authority 200
exchange:past_award          past_award                      | all 200                            | -
exchange:past_award_step     past_award withdraw             | -                                  | authority 409

api:about                                                    | all 200                            | -
api:tokens                                                   | rest 200                           | rest 302
api:revoke                   1                               | -                                  |
api:openapi                                                  | all 200                            | -
api:v1:api-root                                              | all 404                            | all 404
api:v1:publications                                          | all 200                            | -
api:v1:publication           grants.competition:0            | all 404                            | -
api:v1:changes                                               | all 200                            | -
api:v1:open_now                                              | all 200                            | -
api:v1:money                                                 | all 200                            | -
api:v1:ngos                                                  | all 200                            | -
api:v1:ngo                   000000000000                    | all 404                            | -
api:v1:list_regions                                          | all 200                            | -
api:v1:list_fields                                           | all 200                            | -
api:v1:list_editions                                         | all 200                            | -
api:v1:terms                                                 | all 422                            | -
api:v1:when_due                                              | all 422                            | -
api:v1:token                                                 | all 401                            | -
api:v1:applications                                          | all 401                            | -
api:v1:bids                                                  | all 401                            | -
api:v1:contracts                                             | all 401                            | -
api:v1:contract              contract                        | all 401                            | -
api:v1:projects                                              | all 401                            | -
api:v1:project               1                               | all 401                            | -
api:v1:events                1                               | all 401                            | all 401
api:v1:plan                  1                               | all 401                            | all 401
api:v1:event                 1 1                             | all 401                            | all 401
api:v1:change                1 1                             | all 401                            | all 401
api:v1:hold                  1 1                             | -                                  | all 401
api:v1:expenses              1                               | all 401                            | all 401
api:v1:record                1                               | all 401                            | all 401
api:v1:expense               1 1                             | all 401                            | -
api:v1:void                  1 1                             | -                                  | all 401
api:v1:send_file                                             | -                                  | all 401

subscriptions:subscribe                                      | all 200                            | all 422
subscriptions:asked                                          | all 200                            | -
subscriptions:manage         reader                          | all 200                            | -
subscriptions:manage         no-such-token                   | all 404                            | -
subscriptions:confirm        reader                          | -                                  | all 302
subscriptions:change         reader subscription             | -                                  | all 404
subscriptions:speak          reader                          | -                                  | all 404
subscriptions:end            reader subscription             | all 200                            | all 200
subscriptions:end            no-such-token subscription      | all 200                            | all 200
subscriptions:end_all        reader                          | -                                  | all 200
subscriptions:never          no-such-token                   | all 200                            | all 404
subscriptions:calendars                                      | rest 200                           | -
subscriptions:renew_calendar organisation                    | -                                  | ngo 302
subscriptions:atom                                           | all 200                            | -
subscriptions:deadlines                                      | all 200                            | -
subscriptions:organisation   organisation_calendar           | all 200                            | -
subscriptions:organisation   no-such-token                   | all 404                            | -

opendata:index                                               | all 200                            | -
opendata:data_package                                        | all 200                            | -
opendata:table               comments                        | all 200                            | -
opendata:table               nothing                         | all 404                            | -
opendata:table_rows          grant-awards csv                | all 200                            | -
opendata:table_rows          grant-awards exe                | all 404                            | -
opendata:codelist            regions json                    | all 200                            | -
opendata:codelist            nothing json                    | all 404                            | -
opendata:everything                                          | all 200                            | -
opendata:daily               2020-01-01                      | all 404                            | -
opendata:checksum            2020-01-01                      | all 404                            | -
opendata:changes                                             | all 200                            | -
opendata:recalculation                                       | all 200                            | -
opendata:recalculate_grant   judged_lot                      | all 200                            | -
opendata:recalculate_grant   lot                             | all 404                            | -
opendata:recalculate_grant_file judged_lot                   | all 200                            | -
opendata:recalculate_grant_file lot                          | all 404                            | -
opendata:standards                                           | all 200                            | -
opendata:ocds_releases                                       | all 404                            | -
opendata:ocds_lines                                          | all 404                            | -
opendata:ocds_year          2020                             | all 404                            | -
opendata:ocds_year_lines    2020                             | all 404                            | -
opendata:ocds_records                                        | all 404                            | -
opendata:ocds_process       nothing                          | all 404                            | -
opendata:giving                                              | all 200                            | -
opendata:giving_year        1999                             | all 404                            | -
"""
# The same in the world of `social_order.SocialOrder`.
SOCIAL_ORDER = """
portal:ways                                                  | all 200                            | -
portal:way                   planned_topic                   | all 200                            | -
portal:way                   drafted_topic                   | all 404                            | -
portal:tenge_order           planned_topic                   | all 200                            | -
portal:tenge_order           drafted_topic                   | all 404                            | -

planning:discussions                                         | all 200                            | -
planning:discussion          topic_list                      | all 200                            | -
planning:discussion          draft_list                      | akimat 200, nobody 404             | -
planning:topic               planned_topic                   | all 200                            | -
planning:topic               drafted_topic                   | akimat 200, nobody 404             | -
planning:comment_write       topic_list                      | -                                  | all 422
planning:comment_write       draft_list                      | -                                  | all 404
planning:comment_confirm     comment_token                   | all 200                            | all 302
planning:comment_confirm     no-such-token                   | all 404                            | all 404
planning:report              reported_list                   | all 200                            | -
planning:report              topic_list                      | all 404                            | -
planning:paper               topic_list annex-1 kk html      | all 200                            | -
planning:paper               topic_list annex-2 kk html      | all 404                            | -
planning:formations                                          | bodies 200, rest 403               | -
planning:formation_new                                       | bodies 200, rest 403               | bodies 200, rest 403
planning:formation           topic_list                      | akimat 200                         | -
planning:formation_edit      draft_list                      | akimat 200                         | akimat 200
planning:formation_copy      draft_list                      | akimat 200                         | akimat 200
planning:formation_publish   draft_list                      | akimat 200                         | akimat 302
planning:formation_discard   draft_list                      | -                                  | akimat 302
planning:formation_step      topic_list report               | -                                  | akimat 409
planning:topic_new           draft_list                      | akimat 200                         | akimat 200
planning:topic_edit          drafted_topic                   | akimat 200                         | akimat 200
planning:topic_move          drafted_topic                   | -                                  | akimat 404
planning:topic_remove        drafted_topic                   | -                                  | akimat 302
planning:comments            topic_list                      | akimat 200                         | akimat 200
planning:comment             comment                         | akimat 200                         | akimat 200
planning:comment_hide        comment                         | -                                  | akimat 422

planning:assessments                                         | all 200                            | -
planning:assessment_new                                      | bodies 200, rest 403               | bodies 200, rest 403
planning:assessment          assessment                      | all 200                            | -
planning:assessment          draft_assessment                | akimat 200, nobody 404             | -
planning:assessment_paper    assessment kk docx              | all 200                            | -
planning:assessment_paper    draft_assessment kk docx        | akimat 200, nobody 404             | -
planning:assessment_edit     draft_assessment                | akimat 200                         | akimat 200
planning:assessment_edit     assessment                      | akimat 409, rest 403               | akimat 409, rest 403
planning:assessment_answers  draft_assessment                | akimat 200                         | akimat 200
planning:assessment_approve  draft_assessment                | -                                  | akimat 409
planning:assessment_discard  draft_assessment                | -                                  | akimat 302
planning:source_new          draft_assessment                | akimat 200                         | akimat 200
planning:source_edit         needs_source                    | akimat 200                         | akimat 200
planning:source_file         needs_source                    | akimat 200                         | -
planning:conclusion_new      draft_assessment                | akimat 200                         | akimat 200
planning:conclusion_edit     needs_conclusion                | akimat 200                         | akimat 200
planning:baseline_new        draft_assessment                | akimat 200                         | akimat 200
planning:baseline_edit       needs_value                     | akimat 200                         | akimat 200
planning:needs_remove        source needs_source             | -                                  | akimat 302
planning:canvas_new          draft_assessment                | akimat 200                         | akimat 200
planning:canvas              canvas                          | akimat 200                         | -
planning:canvas_paper        canvas kk pdf                   | akimat 200                         | -
planning:canvas_edit         canvas                          | akimat 200                         | akimat 200
planning:canvas_remove       canvas                          | -                                  | akimat 302
planning:canvas_cards        canvas                          | akimat 200                         | akimat 422
planning:card                canvas card                     | akimat 200                         | akimat 200
planning:card_remove         canvas card                     | -                                  | akimat 302

planning:councils                                            | all 200                            | -
planning:council             council                         | all 200                            | -
planning:council_new                                         | neighbour authority 200, rest 403  | neighbour authority 200, rest 403
planning:council_edit        council                         | akimat 200                         | akimat 200
planning:council_seat        council                         | -                                  | akimat 422
planning:council_member_end  councillor_seat                 | akimat 200                         | akimat 200
planning:session_call        council                         | akimat 200                         | akimat 200
planning:session             session                         | akimat councillor 200              | -
planning:session             held_session                    | akimat councillor 200              | -
planning:session_hold        session                         | akimat 200, councillor 403         | akimat 422, councillor 403
planning:session_hold        held_session                    | akimat 409, councillor 403         | akimat 409, councillor 403
planning:session_send        held_session                    | -                                  | akimat councillor 409
planning:session_call_off    session                         | -                                  | akimat 302, councillor 409
planning:session_scan        session                         |                                    | -
planning:informations                                        | all 200                            | -
planning:informations_received                                 | bodies 200, rest 403               | -
planning:information         public_information              | all 200                            | -
planning:information         information                     | akimat councillor 200, nobody 404  | -
planning:information_paper   public_information ru html      | all 200                            | -
planning:information_paper   information kk html             | akimat councillor 200, nobody 404  | -
planning:formation_submit    reported                        | akimat 200                         | akimat 422
planning:formation_submit    listed                          | akimat 409                         | akimat 409
planning:list_form           in_council                      | akimat 200                         | akimat 422
planning:list_form           listed                          | akimat 409                         | akimat 409
planning:topic_list          listed                          | all 200                            | -
planning:topic_list          reported                        | all 404                            | -
planning:proposals                                           | rest 200                           | -
planning:proposal_new                                        | head rival 200, rest 403           | head rival 200, rest 403
planning:proposal            proposal                        | ngo akimat 200                     | -
planning:proposal_answer     proposal                        | -                                  | akimat 422, ngo 403
planning:proposal_take_up    proposal                        | -                                  | akimat 422, ngo 403

planning:specifications      listed_topic                    | akimat 200                         | akimat 200
planning:specification       public_specification            | all 200                            | -
planning:specification       specification                   | akimat 200, nobody 404             | -
planning:specification       draft_specification             | akimat 200, nobody 404             | -
planning:specification_edit  draft_specification             | akimat 200                         | akimat 200
planning:specification_edit  specification                   | akimat 409                         | akimat 409
planning:specification_indicators draft_specification             | akimat 200                         | akimat 200
planning:specification_step  draft_specification approve     | -                                  | akimat 302
planning:specification_paper public_specification general-requirements kk docx | all 200                            | -
planning:specification_paper draft_specification bidders-sample kk docx | akimat 200, nobody 404             | -
planning:service_choose      draft_specification             | akimat 200                         | -
planning:service_new         draft_specification event       | akimat 200                         | akimat 422
planning:service_check       draft_specification event       | -                                  | akimat 200
planning:service             service                         | akimat 200                         | akimat 422
planning:service_move        service                         | -                                  | akimat 302
planning:service_remove      service                         | -                                  | akimat 302
planning:budget              budgeted                        | akimat 200                         | -
planning:budget_step         listed request                  | -                                  | akimat 409
planning:budget_request      listed_topic                    | akimat 200                         | akimat 200
planning:budget_request_paper listed_topic kk docx            | akimat 200                         | -

tenders:tenders                                              | all 200                            | -
tenders:tender               tender                          | all 200                            | -
tenders:tender               draft_tender                    | akimat 200, nobody 404             | -
tenders:lot                  lot                             | all 200                            | -
tenders:lot                  draft_lot                       | akimat 200, nobody 404             | -
tenders:tender_file          tender_file                     | all 200                            | -
tenders:tender_file          draft_file                      | akimat 200, nobody 404             | -
tenders:question_ask         tender                          | -                                  | rest 422
tenders:question_answer      question                        | akimat 200                         | akimat 200
tenders:tender_new                                           | bodies 200, rest 403               | bodies 200, rest 403
tenders:tender_manage        tender                          | akimat 200                         | -
tenders:tender_edit          draft_tender                    | akimat 200                         | akimat 200
tenders:tender_edit          tender                          | akimat 409                         | akimat 409
tenders:tender_topics        draft_tender                    | akimat 200                         | akimat 200
tenders:tender_files         draft_tender                    | akimat 200                         | akimat 200
tenders:tender_file_remove   draft_file                      | -                                  | akimat 302
tenders:tender_discard       draft_tender                    | -                                  | akimat 302
tenders:tender_step          draft_tender approve            | -                                  | akimat 302
tenders:lot_edit             draft_lot                       | akimat 200                         | akimat 200
tenders:lot_renew            draft_lot                       | -                                  | akimat 302

tenders:bids                                                 | rest 200                           | -
tenders:bid_new              lot                             | rest 200                           | ngo rival 200, rest 403
tenders:bid                  draft_bid                       | ngo 200                            | -
tenders:bid                  sealed_bid                      | ngo 200                            | -
tenders:bid                  judged_bid                      | ngo akimat commission 200          | -
tenders:bid_part             draft_bid experience            | ngo 200                            | ngo 302
tenders:bid_conflict         draft_bid                       | -                                  | ngo 302
tenders:bid_files            draft_bid                       | ngo 200                            | ngo 200
tenders:bid_file             draft_bid draft_bid_file        | ngo 200                            | -
tenders:bid_file             sealed_bid sealed_bid_file      | ngo 200                            | -
tenders:bid_file             judged_bid judged_bid_file      | ngo akimat commission 200          | -
tenders:bid_file_remove      draft_bid draft_bid_file        | -                                  | ngo 302
tenders:bid_submit           draft_bid                       | ngo 200                            | ngo 409
tenders:bid_receipt          sealed_bid                      | ngo 200                            | -
tenders:bid_withdraw         sealed_bid                      | -                                  | head 302, accountant 409
tenders:bid_discard          draft_bid                       | -                                  | head 302, accountant 409
tenders:bid_content          draft_bid                       | ngo 200                            | -
tenders:bid_content          sealed_bid                      | ngo 200                            | -
tenders:bid_content          judged_bid                      | ngo akimat commission 200          | -
tenders:bid_canonical        sealed_bid                      |                                    | -
tenders:bid_canonical        judged_bid                      | ngo akimat commission 200          | -
tenders:bid_paper            sealed_bid kk docx              | ngo 200                            | -
tenders:bid_paper            judged_bid kk docx              | ngo akimat commission 200          | -
tenders:opening              ended_tender                    | all 200                            | -
tenders:opening              draft_tender                    | all 404                            | -
tenders:opening_paper        ended_tender kk docx            | all 200                            | -
tenders:opening_paper        tender kk docx                  | all 404                            | -

tenders:commission           tender                          | akimat 200                         | akimat 302
tenders:commission           ended_tender                    | akimat 302                         | akimat 302
tenders:review               ended_tender                    | akimat commission 200              | -
tenders:review               tender                          | akimat 302                         | -
tenders:review_step          ended_tender end                | -                                  | akimat commission 409
tenders:bid_review           judged_bid                      | akimat commission 200              | akimat commission 200
tenders:bid_review           sealed_bid                      |                                    |
tenders:tie                  judged_lot                      | akimat commission 302              | akimat commission 409
tenders:results              ended_tender                    | all 200                            | -
tenders:results              draft_tender                    | akimat 200, nobody 404             | -
tenders:results_paper        ended_tender kk docx            | all 200                            | -
tenders:order_draft          judged_lot                      | -                                  | akimat 302, rest 409
tenders:order                order                           | akimat 200                         | -
tenders:order_step           order send                      | -                                  | akimat 302
tenders:order_scan           order                           |                                    | -

review:commission            commission                      | akimat commission 200              | akimat commission 404
review:successor             commission commission_seat      | akimat 200                         | akimat 200
review:motion_vote           motion                          | -                                  | commission akimat 409
review:motion_close          motion                          | -                                  | akimat commission 302

opendata:recalculate_tender  judged_lot                      | all 200                            | -
opendata:recalculate_tender_file judged_lot                  | all 200                            | -
"""
# What several roles are called together. An expert of the register sits on the commission; the
# register of experts is kept by any operator's officer.
# And in the room of a project.
PROJECT_ROOM = """
projects:projects                                                | rest 200                             | -
projects:project              project                            | parties 200                          | -
projects:project_plan         project                            | parties 200                          | -
projects:project_indicator    project indicator                  | seers 200, members 403               | seers 302, members 403
projects:project_versions     project                            | parties 200                          | -
projects:project_places       project activity                   | seers 200, members 403               | seers 302, members 403
projects:project_about        project                            | parties 200                          | -
projects:project_effect       project                            | parties 200                          | staff 403, ngo 422
projects:reach_strike         project reached                    | -                                    | staff 403, ngo 422
projects:project_settings     project                            | seers 200, members 403               | members 403, seers 422
projects:project_terminate    project                            | -                                    | parties 409
projects:project_journal      project                            | parties 200                          | -
projects:events               project                            | parties 200                          | -
projects:event_calendar       project                            | parties 200                          | -
projects:event_new            project                            | ngo 200, staff 403                   | staff 403, ngo 422
projects:event                project planned                    | parties 200                          | -
projects:event                project held                       | parties 200                          | -
projects:event_edit           project planned                    | ngo 200, staff 403                   | staff 403, ngo 422
projects:event_held           project held                       | ngo 200, staff 403                   | staff 403, ngo 422
projects:event_held           project planned                    | ngo 200, staff 403                   | staff 403, ngo 422
projects:event_series         project planned                    | ngo 200, staff 403                   | staff 403, ngo 422
projects:event_cancel         project planned                    | -                                    | parties 409
projects:event_restore        project cancelled                  | -                                    | ngo 302, staff 409
projects:event_passport       project held kk docx               | parties 200                          | -
projects:people               project                            | parties 200                          | -
projects:people_merge         project                            | ngo 200, staff 403                   | ngo 302, staff 403
projects:people_forget        project                            | -                                    | members 403, seers 409
projects:people_forget_one    project guest                      | -                                    | members 403, seers 302
projects:event_people         project held                       | seers 200, members 403               | -
projects:event_people_mark    project held                       | -                                    | ngo 302, staff 403
projects:event_people_new     project held                       | ngo 200, staff 403                   | staff 403, ngo 422
projects:event_people_import  project held                       | ngo 200, staff 403                   | staff 403, ngo 422
projects:event_people_list    project held kk docx               | seers 200, members 403               | -
projects:event_poster         project planned kk pdf             | parties 200                          | -
projects:event_qr             project planned                    | parties 200                          | -
projects:phone                code                               | all 200                              | all 422
projects:phone_rate           code                               | -                                    | all 422
projects:phone_own            held_code token                    | all 200                              | all 422
projects:phone_forget         held_code token                    | all 200                              | all 302
projects:phone                no-such-code                       | all 404                              | all 404
projects:evidence             project                            | parties 200                          | -
projects:evidence_new         project                            | ngo 200, staff 403                   | staff 403, ngo 422
projects:evidence_decide      project                            | -                                    | members ngo 403
projects:piece                project piece                      | parties 200                          | -
projects:piece_file           project piece                      |                                      | -
projects:piece_attach         project piece                      | -                                    | ngo 302, staff 403
projects:piece_step           project piece withdraw             | -                                    | staff 409, ngo 422
projects:piece_step           project piece accept               | -                                    | operator 302, members ngo 409
projects:publications         project                            | parties 200                          | -
projects:publications_paste   project                            | ngo 200, staff 403                   | staff 403, ngo 422
projects:consultations        project                            | parties 200                          | -
projects:consultation_new     project                            | ngo 200, staff 403                   | staff 403, ngo 422
projects:consultation_follow  project                            | ngo 200, staff 403                   | ngo 302, staff 403
projects:consultation         project consulted                  | parties 200                          | staff 403, ngo 422
projects:consultation_strike  project consulted                  | -                                    | staff 403, ngo 422
projects:consultation_journal project kk docx                    | seers 200                            | -
projects:centre               project                            | parties 200                          | -
projects:centre_base          project                            | seers 200, members 403               | -
projects:centre_edit          project                            | ngo 200, staff 403                   | ngo 422, staff 403
projects:centre_service       project training                   | parties 200                          | -
projects:media_list           project kk docx                    | parties 200                          | -
projects:money                project                            | parties 200                          | -
projects:estimate_table       project                            | parties 200                          | -
projects:working_estimate     order_project                      |                                      | rest 404
projects:working_estimate_step order_project ask                  | -                                    | rest 404
projects:tranches             project                            | parties 200                          | members ngo 403, operator 422
projects:tranche_step         project pay_tranche                | -                                    | members ngo 403, operator 422
projects:payroll              project                            | seers 200, members 403               | -
projects:pay_new              project                            | ngo 200, staff 403                   | staff 403, ngo 422
projects:payroll_table        project                            | seers 200, members 403               | -
projects:expenses             project                            | seers 200, members 403               | -
projects:expense_table        project                            | seers 200, members 403               | -
projects:expense_new          project                            | ngo 200, staff 403                   | staff 403, ngo 422
projects:expense_check        project                            | -                                    | ngo 200, staff 403
projects:expenses_admit       project                            | -                                    | operator 302, members ngo 403
projects:expense              project expense                    | seers 200, members 403               | -
projects:expense_scan         project expense                    | seers 200, members 403               | -
projects:expense_step         project expense admit              | -                                    | operator 302, members 403, ngo 409
projects:changes              project                            | parties 200                          | -
projects:change_history       project                            | parties 200                          | -
projects:change_choose        project                            | ngo 200, staff 403                   | -
projects:change_new           project place                      | ngo 200, staff 403                   | staff 403, ngo 422
projects:change               project drafted_change             | ngo helper 200                       | -
projects:change_edit          project drafted_change             | ngo 200, staff 403                  | staff 403, ngo 422
projects:change_ground        project asked_change               |                                      | -
projects:change_step          project drafted_change ask         | -                                    | head 302, helper accountant 409
projects:change_step          project asked_change approve       | -                                    | operator 302, members ngo 409
projects:change_letter        project asked_change kk docx       | parties 200                          | -
projects:reports              project                            | parties 200                          | -
projects:report_make          project                            | -                                    | ngo 302, staff 409
projects:report_schedule      project                            | operator 200, members ngo 403        | members ngo 403, operator 422
projects:report               project report                     | seers helper 200, clerk 403          | ngo 302, clerk 403, helper operator 409
projects:report_step          project report submit              | -                                    | clerk 403, seers helper 409
projects:report_round         project report 1                   | clerk 403                            | -
projects:report_paper         project report kk docx             | ngo helper 200, clerk 403            | -
projects:report_archive       project report                     | ngo helper 200, clerk 403            | -
projects:presentation         project                            | parties 200                          | parties 409
projects:presentation_publish project                            | -                                    | parties 409
projects:results              project                            | all 404                              | -
projects:act                  order_project                      | customers 200                        | helper akimat 403, ngo 422
projects:act_draft            order_project                      | -                                    | customers 302
projects:act_step             order_project supplier             | -                                    | customers 409
projects:act_paper            order_project kk docx              | customers 200                        | -
projects:act_scan             order_project                      |                                      | -
projects:project_close        project                            | -                                    | parties 409
projects:smalls               project                            | parties 200                          | -
projects:small_new            project                            | ngo 200, staff 403                   | ngo 200, staff 403
projects:small                project small_draft                | parties 200                          | -
projects:small_edit           project small_draft                | ngo 200, staff 403                   | staff 403, ngo 422
projects:small_step           project small_draft publish        | -                                    | head 302, staff accountant 409
projects:small_scan           project small_open                 |                                      | -
projects:small_protocol       project small_open kk docx         | parties 200                          | -
projects:small_grant_new      project small_open                 | ngo 200, staff 403                   | ngo 200, staff 403
projects:small_grant          project small_open small_grant     | seers 200                            | -
projects:small_grant_proof    project small_open small_grant     |                                      | -
projects:small_grant_step     project small_open small_grant choose | -                                    | seers 409
projects:small_grants                                            | all 200                              | -
projects:small_grants_one     small_code                         | all 200                              | all 422
projects:small_grants_receipt small_code small_receipt           | all 200                              | -
projects:small_grants_amend   small_code small_receipt           | all 200                              | all 422
projects:small_grants_withdraw small_code small_receipt          | -                                    | all 302
"""
# And in the room of those who watch over projects.
OVERSIGHT = """
oversight:oversight                                                   | akimat neighbour authority 200       | -
oversight:project                  project                            | akimat 200                           | -
oversight:plan_open                project                            | -                                    | akimat 422
oversight:engage                   project                            | -                                    | akimat 422
oversight:visit_new                project year                       | akimat 200                           | akimat 422
oversight:visit_edit               project year planned_number        | akimat 200                           | akimat 422
oversight:visit_call_off           project year planned_number        | -                                    | akimat 409
oversight:plan_step                project year reopen                | -                                    | akimat 409
oversight:engagement               engagement                         | akimat expert 200                    | expert 409
oversight:engagement_step          engagement end                     | -                                    | akimat expert 409
oversight:notice                   engagement engaged_notice kk docx  | akimat expert 200                    | -
oversight:visit                    visit                              | head helper akimat 200               | -
oversight:visit                    planned                            | akimat expert 200                    | -
oversight:visit_start              planned                            | -                                    | akimat expert 302
oversight:survey_open              visit                              | -                                    | akimat 302
oversight:interview                visit                              | akimat 200                           | akimat 422
oversight:interview_strike_out     visit interview                    | -                                    | akimat 302
oversight:mention                  visit                              | -                                    | akimat 422
oversight:mention_drop             visit mention                      | -                                    | akimat 302
oversight:mention_screenshot       visit mention                      |                                      | -
oversight:visit_document           visit nothing                      |                                      | -
oversight:tool                     visit survey                       | akimat 200                           | akimat 302
oversight:tool                     planned survey                     |                                      |
oversight:tool_paper               visit survey kk docx               | akimat 200                           | -
oversight:tool_step                visit survey take_up               | -                                    | akimat 302
oversight:questionnaire            code                               | all 200                              | all 422
oversight:questionnaire            no-such-code                       | all 404                              | all 404
oversight:observations             visit                              | akimat 200                           | akimat 422
oversight:observation              visit observation                  | akimat 200                           | akimat 422
oversight:observation_take_back    visit observation                  | -                                    | akimat 409
oversight:observation_photo        visit observation                  |                                      | -
oversight:requests                 visit                              | akimat 200                           | akimat 422
oversight:visit_report             visit                              | akimat 200                           | akimat 409
oversight:visit_report_form        visit                              | -                                    | akimat 409
oversight:visit_report_paper       visit kk docx                      | akimat 200                           | -
oversight:request                  request                            | head helper akimat 200               | head 422
oversight:request_file             request 1                          |                                      | -
oversight:request_step             request accept                     | -                                    | head helper akimat 409
oversight:actions                                                     | akimat neighbour authority 200       | -
oversight:actions_table                                               | akimat neighbour authority 200       | -
oversight:action                   action                             | akimat 200                           |
oversight:action_proof             action                             |                                      | -
oversight:action_step              action confirm                     | -                                    | akimat 409
oversight:asked_of_ngo             project                            | head helper 200                      | -
oversight:councils                                                    | all 200                              | -
oversight:council                  open_council                       | all 200                              | -
oversight:council                  drafted                            | all 404                              | -
oversight:council                  council                            | all 200                              | -
oversight:council_nominate         open_council                       | -                                    | rest 422
oversight:council_withdraw         open_council                       | -                                    | rival 302
oversight:council_list                                                | akimat neighbour authority 200       | -
oversight:council_new                                                 | akimat neighbour authority 200       | akimat neighbour authority 200
oversight:council_desk             open_council                       | akimat 200                           | -
oversight:council_edit             drafted                            | akimat 200                           | akimat 422
oversight:council_step             open_council choose                | -                                    | akimat 409
oversight:council_answer           open_council candidate             | -                                    | akimat 422
oversight:council_invite           open_council                       | -                                    | akimat 422
oversight:council_replace          council seated                     | akimat 200                           | akimat 200
oversight:evaluations                                                 | akimat neighbour authority 200       | -
oversight:project_evaluation       done                               | akimat 302                           | akimat 302
oversight:evaluation               evaluation                         | akimat assessor 200                    | akimat 409, assessor 422
oversight:evaluation_step          evaluation form                    | -                                    | akimat 409
oversight:evaluation_admit         evaluation scorer                  | -                                    | akimat 409
oversight:evaluation_conflict      evaluation                         | -                                    | akimat assessor 409
oversight:evaluation_content       evaluation                         | akimat assessor 200                    | -
oversight:evaluation_report_shown  evaluation 1                       |                                      | -
oversight:evaluation_visit_shown     evaluation visit                   |                                      | -
oversight:evaluation_notice        evaluation given_notice kk docx    | akimat assessor 200                    | -
oversight:evaluation_sheet         evaluation sheet kk docx           | akimat 200                           | -
oversight:evaluation_report        evaluation                         | akimat 200                           | akimat 302
oversight:evaluation_paper         evaluation kk docx                 | akimat 200                           | -
oversight:evaluation_comments      evaluation                         |                                      | -
oversight:evaluation_comment_decide evaluation 1                       | -                                    |
oversight:public_evaluations                                          | all 200                              | -
oversight:public_evaluation        evaluation                         | all 404                              | all 404
oversight:public_evaluation_paper  evaluation kk docx                 | all 404                              | -
oversight:statutories                                                 | akimat neighbour authority 200       | akimat neighbour authority 200
oversight:statutory                report                             | akimat authority 200                 | -
oversight:statutory_submit         report                             | -                                    | akimat authority 409
oversight:statutory_answers        report                             | -                                    | akimat authority 409
oversight:statutory_round          report 1                           | akimat authority 200                 | -
oversight:statutory_figure         report 1 project contracted        | akimat authority 200                 | -
oversight:statutory_paper          report 1 kk docx                   | akimat authority 200                 | -
oversight:accounts                 project                            | akimat 302                           | -
oversight:account                  project year                       | akimat 200                           | akimat 409
oversight:implementation_years                                        | akimat neighbour authority 200       | -
oversight:implementation_prepare   akimat_body year                   | akimat 200                           | akimat 409
oversight:implementations                                             | all 200                              | -
oversight:implementation           public                             | all 200                              | -
oversight:implementation_figure    public project contracted          | all 200                              | -
oversight:implementation_paper     public kk docx                     | all 200                              | -
oversight:collected                                                   | authority 200                        | -
oversight:collected_report         report                             | authority 200                        | -
oversight:collected_step           report return                      | -                                    | authority 409
oversight:collected_changes        report 1                           |                                      | -
oversight:collected_annex_3        year before_budget kk              |                                      | -
oversight:collected_period         year half_year                     | authority 200                        | -
oversight:collected_sources        year half_year                     | authority 200                        | -
oversight:collected_annex_9        year half_year kk                  | authority 200                        | -
oversight:governments                                                 | authority 200                        | authority 200
oversight:government               told                               | authority 200                        | authority 409
oversight:government_send          told                               | -                                    | authority 409
oversight:government_sources       told                               | authority 200                        | -
oversight:government_paper         told kk docx                       | authority 200                        | -
oversight:lessons                                                     | akimat neighbour authority 200       | -
oversight:lessons_enter                                               | -                                    |
oversight:lesson_edit              lesson                             | akimat 200                           | akimat 200
oversight:lesson_remove            lesson                             | -                                    | akimat 302
oversight:project_lessons          project                            | akimat 200                           | akimat 422
oversight:lesson_new               project                            | -                                    | akimat 422
oversight:project_lessons_enter    project                            | -                                    |
oversight:overseers                                                   | authority 200                        | -
oversight:overseers_scorer         scorer                             |                                      | -
oversight:overseers_terms                                             | authority 200                        | -
oversight:overseers_conflicts                                         | authority 200                        | -
oversight:overseers_workbook                                          | authority 200                        | -
"""
PRIZES = """
prizes:rounds                                               | all 200                            | -
prizes:round_new                                            | authority 200, rest 403            | authority 200, rest 403
prizes:round                 year                           | all 200                            | -
prizes:round                 next_year                      | authority 200, nobody 404          | -
prizes:applicants            year                           | all 404                            | -
prizes:desk                  year                           | authority 200                      | -
prizes:round_texts           next_year                      | authority 200                      | authority 200
prizes:round_texts           year                           |                                    |
prizes:round_directions      next_year                      | authority 200                      | authority 200
prizes:round_discard         next_year                      | -                                  | authority 302
prizes:deliver               year                           | authority 200                      | authority 200
prizes:round_step            next_year announce             | -                                  | authority 409
prizes:apply                 year                           | rest 200                           | ngo rival 200, rest 403
prizes:applications                                         | rest 200                           | -
prizes:application           written                        | ngo 200                            | -
prizes:application           handed_in                      | rival 200, authority 302           | -
prizes:direction             written                        | ngo 200                            | ngo 200
prizes:part                  written description            | ngo 200                            | ngo 302
prizes:part                  handed_in description          |                                    | rival 409
prizes:take_over             written 1                      | -                                  | ngo 409
prizes:conflict              written                        | -                                  | ngo 302
prizes:files                 written                        | ngo 200                            | ngo 200
prizes:file                  written file                   | ngo 200                            | -
prizes:file                  handed_in letter               | rival 200                          | -
prizes:file_remove           written file                   | -                                  | ngo 302
prizes:submit                written                        | ngo 200                            | ngo 409
prizes:receipt               handed_in                      | rival 200                          | -
prizes:withdraw              handed_in                      | -                                  | rival 302
prizes:discard               written                        | -                                  | head 302, accountant 409
prizes:content               written                        | ngo 200                            | -
prizes:content               handed_in                      | rival 200                          | -
prizes:paper                 handed_in kk docx              | rival 200                          | -
prizes:look                  handed_in                      | authority 200                      | -
prizes:look                  written                        |                                    | -
prizes:look_step             handed_in admit                | -                                  | authority 409
"""
AWARDING = """
prizes:laureates                                            | all 200                            | -
prizes:results               last_year                      | all 200                            | -
prizes:results               year                           | all 404                            | -
prizes:scoring               year                           | authority expert 200               |
prizes:name_scorers          year join                      | -                                  | authority 409
prizes:go_on                 year complete                  | -                                  | authority 409
prizes:discover              year organisation              | -                                  | expert 409
prizes:scored                application                    | authority expert 302               | -
prizes:scored_content        application                    | authority expert 200               | -
prizes:decisions             year                           | authority 200                      | authority 409
prizes:decision              year direction                 | authority 200                      | authority 422
prizes:protocol              year kk docx                   | authority 200                      | -
prizes:awards                last_year                      | authority 200                      | -
prizes:awards                year                           |                                    | -
prizes:award                 award                          | authority head 200                 | -
prizes:diploma               award kk                       | authority head 200                 | -
prizes:record_award          award pay                      | -                                  | authority 422
"""
GROUPS = {
    "ngo": ("head", "accountant"),
    "member": ("expert", "recused"),
    "register": ("operator", "stranger"),
    "officer": ("operator", "stranger", "akimat", "authority"),
    "bodies": ("akimat", "neighbour", "authority"),
    "commission": ("commissioner", "secretary"),
    # Of a project: everybody of its NGO and its body; those who see its people; who answers for nothing.
    "parties": ("head", "accountant", "helper", "operator", "clerk"),
    "seers": ("head", "accountant", "operator"),
    "customers": ("head", "accountant", "helper", "akimat"),
    "staff": ("helper", "operator", "clerk"),
    "members": ("helper", "clerk"),
}
# What differs from one answer to the next: tokens, and where one stands in the house.
RANDOM = re.compile(
    r'csrfmiddlewaretoken" value="[^"]*|name="code" value="[^"]*|"X-CSRFToken": "[^"]*|name="next" value="[^"]*'
    r'| aria-current="page"'
)
TABLES: dict[type[AnyWorld], str] = {
    World: ADDRESSES,
    SocialOrder: SOCIAL_ORDER,
    ProjectRoom: PROJECT_ROOM,
    Oversight: OVERSIGHT,
    Prizes: PRIZES,
    Awarding: AWARDING,
}
# Pages for telephones know a light page of their own for what is not there.
LIGHT = ("/e/", "/q/", "/api/v1/")
# Whoever has the link of a receipt is the applicant.
OWN = {
    "projects:small_grants_receipt",
    "projects:small_grants_amend",
    "projects:small_grants_withdraw",
}
NOBODY = {"GET": 302, "POST": 403}


@dataclass(frozen=True)
class Line:
    """One line of the table, with the status of each role by method; None: not taken."""

    name: str
    words: tuple[str, ...]
    expected: dict[str, dict[str, int] | None]

    def path(self, world: AnyWorld) -> str:
        found = [world.things.get(word, word) for word in self.words]
        return reverse(self.name, args=[getattr(thing, "pk", thing) for thing in found])


def names_declared() -> set[str]:
    tables = "".join(TABLES.values())
    return {text.split()[0] for text in filter(None, tables.splitlines())}


def lines(world: AnyWorld) -> Iterator[Line]:
    roles = list(world.people)
    for text in filter(None, TABLES[type(world)].splitlines()):
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


@remembered
def begun(made: type[AnyWorld], clock: TestClock) -> AnyWorld:
    """A world with nobody on the way in it yet."""
    return made(clock)


def clients(world: AnyWorld) -> dict[str, Client]:
    """A browser for each role, in which they have signed in."""
    return {role: Walker(user) for role, user in world.people.items()}


def test_every_address_has_its_line():
    assert names_declared() == set(names(get_resolver()))


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("made", TABLES, ids=lambda made: made.__name__)
@pytest.mark.req("GR-C-11", "GR-S-17")
def test_everybody_gets_what_is_theirs_at_every_address_and_what_is_hidden_looks_absent(
    clock, walking, made
):
    """Each request is undone after it, so that all meet the same world."""
    world = begun(made, clock)
    browsers = clients(world)
    absent = body(browsers["nobody"].get(reverse("grants:competition", args=[10**9])))
    wrong = []
    for line in lines(world):
        path = line.path(world)
        for method, expected in line.expected.items():
            for role in asking(expected):
                answer, text = undone(browsers[role], method, path)
                wanted = expected[role] if expected else 405
                if answer.status_code != wanted:
                    wrong.append(f"{line.name} {method} {role}: {answer.status_code}, not {wanted}")
                elif (
                    (method, wanted) == ("GET", 404)
                    and text != absent
                    and not path.startswith(LIGHT)
                ):
                    wrong.append(f"{line.name} {role}: its 404 differs from that of nothing")
                hidden = world.private if role in world.kept_from and line.name not in OWN else ()
                if any(one in text for one in hidden):
                    wrong.append(f"{line.name} {method} {role}: reads what is private")
    assert not wrong, "\n".join(wrong)


def asking(expected: dict[str, int] | None) -> Iterable[str]:
    """Who asks: everybody; for what is public, three; where the method is not taken, one."""
    if expected is None:
        return ("citizen",)
    if set(expected.values()) != {200}:
        return expected
    return ("nobody", "head", "operator" if "operator" in expected else "akimat")


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
