"""What an application says, apart from who may write it and when.

parts      what its pages ask for: annex 2, annex 3, recommendations
whole      an application with everything in it
checks     everything that is missing, each with clause and place
prefilled  what Ortaq knows already: organisation, head, projects of the last years
manifest   the canonical content that the receipt is about
"""
