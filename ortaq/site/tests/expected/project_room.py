"""What everybody gets in the room of a project (`project_world.ProjectRoom`)."""

ADDRESSES = """
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
