"""What a bid says, apart from who may write it and when.

parts      what the pages of a bid ask for: the technical specification, services, price
draft      what is written so far, as it lies encrypted
whole      a bid with everything in it
checks     everything that is missing or will cost points, as findings
manifest   the canonical content that is sealed and committed to
"""
