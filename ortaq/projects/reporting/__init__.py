"""What a report says: facts from the records, the judgement as written, annexes with their numbers (IM-042..070).

layout   what a report of each kind asks a person to write
facts    what the records say of the period (creative reports)
money    what the expenses say of it (financial reports)
annexes  attachments, their numbers, the references to them in what was written
content  all of it as one value that is frozen when the report is submitted
checks   what is still missing, what does not fit
"""
