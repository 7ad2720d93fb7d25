"""What everybody gets where a prize is decided (`award_world.Awarding`)."""

ADDRESSES = """
prizes:laureates                                            | all 200                            | -
prizes:results               last_year                      | all 200                            | -
prizes:results               year                           | all 404                            | -
prizes:scoring               year                           | authority expert former 200             |
prizes:name_scorers          year join                      | -                                  | authority 409
prizes:go_on                 year complete                  | -                                  | authority 409
prizes:discover              year organisation              | -                                  | expert former 409
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
