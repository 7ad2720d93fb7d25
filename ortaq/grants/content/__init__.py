"""What an application says, apart from who may write it and when.

parts      which forms an application has, from the edition and the topic's years
slots      what the forms ask for: every place for a value, its type and limit
values     one value: from what people type, and back
paths      a filled form as {path: value}, and as the form's own nesting again
merge      what somebody typed against what others saved meanwhile
estimate   the cost estimate: exact sums of lines, items, activities
checks     everything that is missing or wrong, as findings
manifest   the canonical content that is hashed and kept with the receipt
"""
