"""A call on its way through the dialplan."""

from __future__ import annotations

from dataclasses import dataclass, field

from pbxctl.errors import InputWrong


class NotMeasured(InputWrong):
    """The dialplan asks for something of which it is not known here what FreeSWITCH does."""


@dataclass
class Channel:
    """The call. ``context`` and ``destination_number`` change with each transfer."""

    destination_number: str
    context: str
    caller_id_number: str = ""
    caller_id_name: str = ""
    variables: dict[str, str] = field(default_factory=dict)

    def profile(self, name: str) -> str | None:
        """A field of the caller profile, as a condition without ``$`` names it."""
        fields = {
            "destination_number": self.destination_number,
            "context": self.context,
            "caller_id_number": self.caller_id_number,
            "caller_id_name": self.caller_id_name,
        }
        return fields.get(name)

    def value(self, name: str) -> str:
        """A variable, else a field of the profile, else nothing."""
        return self.variables.get(name) or self.profile(name) or ""

    def set(self, name: str, value: str) -> None:
        """Set a variable; an empty value takes it away."""
        if value:
            self.variables[name] = value
        else:
            self.variables.pop(name, None)
