"""What an annual return says, apart from who may write it and when.

parts      its pages, and what each asks for
known      what is known already: last year's return, the card, what other rooms hold of the year
whole      a return with everything in it
checks     everything that is missing or does not fit, as findings
compared   beside the year before, place by place
word       the form filled in in Word, read back
"""
