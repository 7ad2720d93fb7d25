"""The State Social Order Standard: its tables 1-13 as data, and their checker.

`check(data, mode, edition)` answers with findings, `standard(edition)` gives the tables
themselves for pages and papers, `EXAMPLES` complete inputs. The measure of satisfaction from a
list of answers is `ortaq.law.satisfaction`.
"""

from .examples import EXAMPLES
from .services import MODES, check
from .tables import Standard, standard

__all__ = ["EXAMPLES", "MODES", "Standard", "check", "standard"]
