"""What everybody gets while a prize takes applications (`prize_world.Prizes`)."""

ADDRESSES = """
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
prizes:apply                 year                           | rest 200                           | ngo rival newcomer 200, rest 403
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
