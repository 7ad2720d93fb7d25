"""What everybody gets in the first world (`scenes.World`): the house and the way of a grant."""

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
operations:seals                                             | all 200                            | -
operations:checkpoints                                       | all 200                            | -
operations:privacy                                           | all 200                            | -
operations:personal                                          | rest 200                           | -
operations:personal_archive                                  | rest 200                           | -
operations:personal_erase                                    | -                                  | rest 422
portal:desk                                                  | rest 200                           | -
portal:dashboard                                             | rest 200                           | -
portal:works                                                 | rest 200                           | -
portal:ask_for_work          open-data                       | -                                  | rest 302
portal:work                  work                            | head 200                           | -
portal:cancel_work           work                            | -                                  | head 302
portal:work_result           finished_work                   | head 200                           | -
portal:work_result           work                            | head 404                           | -
portal:ask_for_work          read_table                      | -                                  | head 404
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
demo:tour                    ngo                             | all 404                            | -
demo:step                    ngo 1                           | -                                  | all 404
demo:anew                    ngo                             | -                                  | all 404

operations:health                                            | all 200                            | -
operations:ready                                             | all 200                            | -
operations:metrics                                           | all 404                            | -
operations:console                                           | citizen 200                        | -
operations:schedule                                          | citizen 200                        | -
operations:run_now           job                             | -                                  | citizen 302
operations:works                                             | citizen 200                        | -
operations:cancel_work       work                            | -                                  | citizen 302
operations:letters                                           | citizen 200                        | -
operations:send_failed_again                                 | -                                  | citizen 302
operations:letter            letter                          | citizen 200                        | -
operations:send_again        letter                          | -                                  | citizen 302
operations:give_up           letter                          | -                                  | citizen 302
operations:accounts                                          | citizen 200                        | -
operations:account           account                         | citizen 200                        | citizen 422
operations:open_way_in       way_in                          | -                                  | citizen 302
operations:errors                                            | citizen 200                        | -
operations:errors_settle     fault                           | -                                  | citizen 302
operations:slow                                              | citizen 200                        | -
operations:slow_settle       slow                            | -                                  | citizen 302
operations:violations                                           | citizen 200                        | -
operations:violations_settle violation                          | -                                  | citizen 302
operations:report_violation                                     | -                                  | all 415

account_login                                                | nobody 200, rest 302               | nobody 200, rest 302
account_logout                                               | rest 200                           | nobody 302, rest 302
account_inactive                                             | all 200                            | -
account_signup                                               | nobody 200, rest 302               | nobody 200, rest 302
account_reauthenticate                                       | rest 200                           | rest 200
account_email                                                | rest 200                           | rest 302
account_email_verification_sent                              | all 200                            | -
account_change_password                                      | rest 200                           | rest 200
account_set_password                                         | rest 302                           | rest 302
account_reset_password                                       | all 200                            | all 200
account_confirm_login_code                                   | all 302                            | all 302
account_confirm_email        no-such-key                     | all 200                            | all 404
account_reset_password_from_key_done                         | all 200                            | -
account_reset_password_from_key 1 no-such-key                | all 200                            | all 200
account_reset_password_done                                  | all 200                            | -
mfa_index                                                    | rest 200                           | -
mfa_authenticate                                             | all 302                            | all 302
mfa_reauthenticate                                           | rest 302                           | rest 302
mfa_activate_totp                                            | rest 302                           | rest 302
mfa_deactivate_totp                                          |                                    |
mfa_view_recovery_codes                                      |                                    | -
mfa_generate_recovery_codes                                  | rest 302                           | rest 302
mfa_download_recovery_codes                                  |                                    |
mfa_list_webauthn                                            | rest 200                           | -
mfa_add_webauthn                                             | rest 302                           | rest 302
mfa_reauthenticate_webauthn                                  | rest 302                           | rest 302
mfa_remove_webauthn          1                               | rest 302                           | rest 302
mfa_edit_webauthn            1                               | rest 302                           | rest 302
mfa_login_webauthn                                           | all 302                            | all 302

people:profile                                               | rest 200                           | rest 200
people:certificate                                           | nobody 200, rest 302               | nobody 200, rest 302
people:proof                                                 | rest 302                           | rest 302
people:own_certificate                                       | rest 200                           | rest 302
people:part_certificate                                      | -                                  | rest 302
people:second_factor                                         | rest 200                           | -
people:second_factor_onward                                  | rest 302                           | -
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
grants:competition_applications_xlsx  published              | operator 200                       | operator 302
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
api:v1:application           1                               | all 401                            | -
api:v1:fill_application      1 content 0                     | -                                  | all 401
api:v1:bids                                                  | all 401                            | -
api:v1:bid                   1                               | all 401                            | -
api:v1:fill_bid              1 price                         | -                                  | all 401
api:v1:contracts                                             | all 401                            | -
api:v1:contract              contract                        | all 401                            | -
api:v1:projects                                              | all 401                            | -
api:v1:project               1                               | all 401                            | -
api:v1:events                1                               | all 401                            | all 401
api:v1:plan                  1                               | all 401                            | all 401
api:v1:event                 1 1                             | all 401                            | all 401
api:v1:change                1 1                             | all 401                            | all 401
api:v1:hold                  1 1                             | -                                  | all 401
api:v1:correct               1 1                             | -                                  | all 401
api:v1:cancel                1 1                             | -                                  | all 401
api:v1:restore               1 1                             | -                                  | all 401
api:v1:expenses              1                               | all 401                            | all 401
api:v1:record                1                               | all 401                            | all 401
api:v1:expense               1 1                             | all 401                            | -
api:v1:void                  1 1                             | -                                  | all 401
api:v1:correct_expense       1 1                             | -                                  | all 401
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
