"""Two windows on one form: the last writer of each field wins, and nobody's words vanish silently."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merged:
    """What a form holds after it met what was kept meanwhile.

    Attributes:
        values: by field, for every field that anybody has written.
        overruled: what another window had written into fields that this one has changed as well.
    """

    values: dict[str, str]
    overruled: dict[str, str]


def merge(known: Mapping[str, str], shown: Mapping[str, str], sent: Mapping[str, str]) -> Merged:
    """Three versions of each field become one.

    Args:
        known: what is kept now.
        shown: what the form was shown with; a field that is missing here counts as written by this window.
        sent: what the form sends now; a field that is missing here was not part of it.
    """
    values, overruled = dict(known), {}
    for name, mine in sent.items():
        theirs, before = known.get(name, ""), shown.get(name)
        if mine == before:
            values.setdefault(name, mine)  # untouched here: whatever is kept is newer
            continue
        if before is not None and theirs not in (mine, before, ""):
            overruled[name] = theirs
        values[name] = mine
    return Merged(values, overruled)
