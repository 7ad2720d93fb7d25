"""Work that outlives a request: asked for by a click, done by `ortaq work`, watched on /work/.

A room registers how a kind of work is done, in a module that its `AppConfig.ready()` imports:

    @work.kind("applications", _("Table of applications"))
    def write_table(task: work.Task) -> None:
        for number, row in enumerate(rows):
            task.progress(number, total)  # raises when the asker cancelled
        task.hand_over(file, "applications.xlsx")

and a view asks for it: `asked = work.ask("applications", person=..., subject=competition)`, then shows `portal:work`.

Work may be begun twice: a worker can be killed at any instant, and then another one begins it anew. So a function either
changes nothing (exports), or looks first whether it is done already (steps of procedures do: the state has changed).
"""

from ortaq.core.kinds_of_work import Kind, kind, kinds

from .asked import TooMuch, ask, ask_to_cancel, visible_to
from .doing import Cancelled, Task, do_next, tidy, to_do

__all__ = [
    "Cancelled",
    "Kind",
    "Task",
    "TooMuch",
    "ask",
    "ask_to_cancel",
    "do_next",
    "kind",
    "kinds",
    "tidy",
    "to_do",
    "visible_to",
]
