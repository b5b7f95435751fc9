"""How a trunk says which number was dialled: by the request itself, or in a header beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pbxctl.plan.model import DidIn


@dataclass(frozen=True, slots=True)
class Dialled:
    """Whom an INVITE is for: the user of its request, the whole of To (empty: the same), other headers."""

    user: str
    to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def dialled(number: str, did_in: DidIn | None) -> Dialled:
    """The number (spelled in any way) as the trunk names it."""
    if did_in is None:
        return Dialled(number)
    address = f"<sip:{number}@provider.example>"
    if did_in.header == "To":
        return Dialled(did_in.extension, to=address)
    return Dialled(did_in.extension, headers={did_in.header: address})
