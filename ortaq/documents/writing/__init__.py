"""Writing into a form on its page, by several people at once, without losing a word.

slots      what a form asks for: every place for a value, its type and limit
values     one value: from what people type, and back
paths      a filled form as {path: value}, and as the form's own nesting again
reading    what a page sent
merge      what somebody typed against what others saved meanwhile
draft      what is written so far, with its history and open conflicts
page       a form as its page shows it: sections, tables, inputs with their values
checks     what is not filled in, or filled in wrongly, as findings

Which forms there are and where their values are kept, the rooms above decide.
"""
