"""What an application says, apart from who may write it and when.

parts      which forms an application has, from the edition and the topic's years
slots      what the forms ask for, beyond what they print
page       a part as its page shows it, the estimate as a grid
estimate   the cost estimate: exact sums of lines, items, activities
checks     everything that is missing or wrong, as findings
manifest   the canonical content that is hashed and kept with the receipt

How one writes into a form (paths, values, merging) stands in `ortaq.documents.writing`.
"""
