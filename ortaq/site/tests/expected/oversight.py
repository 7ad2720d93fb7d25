"""What everybody gets in the room of those who watch over projects (`oversight_world.Oversight`)."""

ADDRESSES = """
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
oversight:actions_table                                               | akimat neighbour authority 200       | akimat neighbour authority 302
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
oversight:collected_annex_3        year before_budget kk              |                                      |
oversight:collected_period         year half_year                     | authority 200                        | -
oversight:collected_sources        year half_year                     | authority 200                        | -
oversight:collected_annex_9        year half_year kk                  | authority 200                        | authority 302
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
oversight:overseers_workbook                                          | authority 200                        | authority 302
"""
