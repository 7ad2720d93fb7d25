"""What everybody gets in the world of social orders (`social_order.SocialOrder`)."""

ADDRESSES = """
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
tenders:openers              shared_tender                   | akimat 200                         | akimat 200
tenders:openers              tender                          | akimat 404                         | akimat 404
tenders:opener_remove        opener                          | -                                  | akimat 409
tenders:give_share           shared_tender                   | commissioner 200                   | commissioner 200
tenders:give_share           tender                          |                                    |
tenders:opening_key                                          | rest 200                           | rest 422
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
tenders:lot_result           judged_lot                      | all 200                            | -
tenders:lot_result           draft_lot                       | all 404                            | -
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
