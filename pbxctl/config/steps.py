"""One step of a mode of the administrator's own, as a file writes it.

A step is one word, or a mapping with one of the kinds among its keys; the others are its name, its
settings and its exits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Field, ValidationInfo, model_validator

from pbxctl.config import scalars, words
from pbxctl.config.fields import FileContext, Part, parsed, plain, read_number_of, unknown_key
from pbxctl.config.problems import Mistake, Mistakes, did_you_mean, listed, quoted
from pbxctl.config.prompts import key_of_telephone
from pbxctl.names import KEYS

StepKind: TypeAlias = Literal["play", "ask", "dial", "voicemail", "record", "ordinary", "hangup", "run"]

EXITS: Final[Mapping[str, tuple[str, ...]]] = {
    "play": ("done", "failed"),
    "ask": ("none",),
    "dial": ("answered", "busy", "silent", "unreachable", "capped", "looped"),
    "voicemail": ("done", "failed"),
    "record": ("done", "failed"),
    "ordinary": ("missing",),
    "hangup": (),
    "run": ("failed",),
}
"""What kinds of steps there are, and how each can end; ``ask`` and ``play`` have keys beside
that, ``run`` what it declares."""

UNCONFIRMED: Final = "unconfirmed"
"""How a ``dial`` can end beside that, where a call is taken by a key."""

SETTINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "play": ("keys",),
    "ask": ("wait",),
    "dial": ("ring", "max_calls", "confirm"),
    "run": ("exits",),
}
WORDS: Final = ("play", "voicemail", "record", "ordinary", "hangup")
"""Kinds that need nothing else, and may stand as a word."""

SOUNDS: Final = ("prompt", "neutral")
ROUTE: Final = "route"
"""The route's own mailbox or context."""

CAUSES: Final[Mapping[str, int]] = {"normal": 16, "busy": 17, "refused": 21}
"""Q.850 causes by the words for them."""


class OwnStep(Part):
    """One step of a mode of the administrator's own.

    ``name`` is empty where it has none. ``exits`` are those that were written; ``wait``, ``ring`` and
    ``longest`` are seconds, ``mailbox`` is empty for the route's own, ``template`` is a file beside the
    configuration. What is another kind's is unset.
    """

    file_keys = (
        "name",
        *EXITS,
        *(key for keys in SETTINGS.values() for key in keys),
        *dict.fromkeys(exit_ for exits in EXITS.values() for exit_ in exits),
        UNCONFIRMED,
    )

    kind: StepKind
    name: str = ""
    exits: Mapping[str, str] = Field(default_factory=dict)
    sound: Literal["", "prompt", "neutral"] = ""
    wait: Annotated[int, Field(ge=0, le=30)] = 0
    number: str = ""
    ring: Annotated[int, Field(ge=0, le=120)] = 0
    max_calls: Annotated[int, Field(ge=0, le=50)] = 0
    confirm: str = ""
    mailbox: str = ""
    longest: Annotated[int, Field(ge=0, le=600)] = 0
    cause: int = 16
    template: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_file(cls, value: Any, info: ValidationInfo[Any]) -> Any:
        return _read(value, info.context) if isinstance(info.context, FileContext) else value


def _read(written: object, context: FileContext) -> dict[str, Any]:
    """``hangup`` or ``{name: service, dial: "+32 …", ring: 20s, busy: message}`` as an :class:`OwnStep`."""
    if isinstance(written, str):
        written = {written: None}
    if not isinstance(written, dict):
        raise ValueError(f"is no step; write a mapping with one of the keys {listed(tuple(EXITS), 'or')}")
    kinds = [key for key in written if key in EXITS]
    if len(kinds) != 1:
        raise Mistakes([_kind_mistake(written, kinds)])
    return _Reading(kinds[0], written, context.country).read()


def _kind_mistake(written: Mapping[str, Any], kinds: Sequence[str]) -> Mistake:
    if kinds:
        return Mistake((kinds[1],), f"stands beside {kinds[0]}; make two steps of it", at_key=True)
    known = listed(tuple(EXITS), "or")
    strange = next((key for key in written if key not in OwnStep.file_keys), None)
    if strange is None:
        return Mistake((), f"says not what it does; add {known}")
    message = f"{quoted(strange)} is no kind of step{did_you_mean(strange, EXITS)}; write {known}"
    # A word has no key of its own.
    return Mistake((), message) if written[strange] is None else Mistake((strange,), message, at_key=True)


class _Reading:
    """Reads one step of a known kind, and collects what is wrong with it."""

    def __init__(self, kind: str, written: Mapping[str, Any], country: str | None) -> None:
        self._kind, self._written, self._country = kind, written, country
        self._mistakes: list[Mistake] = []
        self._exits: dict[str, str] = {}
        self._found: dict[str, Any] = {"kind": kind, "exits": self._exits}

    def read(self) -> dict[str, Any]:
        """What the model holds.

        Raises:
            Mistakes: something is wrong with the step.
        """
        # What a template declares stands under a key of its own.
        exits = () if self._kind == "run" else EXITS[self._kind]
        exits = (*exits, UNCONFIRMED) if self._kind == "dial" else exits
        allowed = ("name", self._kind, *SETTINGS.get(self._kind, ()), *exits)
        for key, value in self._written.items():
            if key not in allowed:
                self._mistakes.append(Mistake((key,), unknown_key(key, allowed), at_key=True))
            elif key in exits:
                self._exits[key] = parsed(self._mistakes, key, value, _target) or ""
        self._take("name", "name", "", words.step_name)
        self._own()
        if self._mistakes:
            raise Mistakes(self._mistakes)
        return self._found

    def _own(self) -> None:
        """What only this kind of step holds."""
        match self._kind:
            case "play":
                self._take("play", "sound", "prompt", lambda text: words.one_of(text, SOUNDS))
                if "keys" in self._written:
                    self._keys("keys", "keys: {1: NAME, 2: NAME}")
            case "ask":
                self._keys("ask", "{ask: {1: NAME, 2: NAME}}")
                self._take("wait", "wait", 5, lambda text: scalars.parse_duration(text, 1, 30))
            case "dial":
                self._number()
                self._take("ring", "ring", 20, lambda text: scalars.parse_duration(text, 5, 120))
                self._take("max_calls", "max_calls", 4, lambda text: scalars.parse_whole(text, 1, 50))
                self._take("confirm", "confirm", "", key_of_telephone)
                if UNCONFIRMED in self._written and "confirm" not in self._written:
                    message = "is never taken, since no key is asked for here; add confirm: 1, or take it out"
                    self._mistakes.append(Mistake((UNCONFIRMED,), message, at_key=True))
            case "voicemail":
                self._take("voicemail", "mailbox", "", _mailbox)
            case "record":
                self._take("record", "longest", 180, lambda text: scalars.parse_duration(text, 5, 600))
            case "ordinary":
                self._take("ordinary", "mailbox", "", _of_route)
            case "hangup":
                self._take("hangup", "cause", 16, lambda text: CAUSES[words.one_of(text, tuple(CAUSES))])
            case "run":
                self._run()

    def _run(self) -> None:
        """A file of dialplan, and the exits that it declares."""
        if self._written["run"] is None:
            self._mistakes.append(Mistake((), "says not what to run; write {run: reception.conf.j2}"))
        self._take("run", "template", "", words.template_file)
        declared = self._written.get("exits", {"done": "next"})
        if not isinstance(declared, dict) or not declared:
            message = "names no exit; write exits: {done: NAME, failed: NAME}"
            self._mistakes.append(Mistake(("exits",), message))
            return
        for exit_, target in declared.items():
            try:
                self._exits[words.exit_name(exit_)] = _target(plain(target))
            except ValueError as error:
                self._mistakes.append(Mistake(("exits", exit_), str(error)))

    def _take(self, key: str, field: str, usual: object, parse: Callable[[str], object]) -> None:
        """The value of a key, or what holds where nobody wrote it."""
        value = self._written.get(key)
        self._found[field] = usual if value is None else parsed(self._mistakes, key, value, parse)

    def _number(self) -> None:
        if self._written["dial"] is None:
            self._mistakes.append(Mistake((), 'says not whom to ring; write {dial: "+32 2 555 01 02"}'))
        elif self._country is not None:  # without one the file is refused anyway
            country = self._country
            self._take("dial", "number", "", lambda text: read_number_of(text, country))

    def _keys(self, where: str, example: str) -> None:
        """The keys that are listened to, each with the step it leads to."""
        keys = self._written[where]
        if not isinstance(keys, dict) or not keys:
            path = () if keys is None else (where,)
            self._mistakes.append(Mistake(path, f"names no key; write {example}"))
            return
        for key, target in keys.items():
            if key not in KEYS:
                message = f"{quoted(key)} is no key that can be asked for; write one of 0 to 9, or *"
                self._mistakes.append(Mistake((where, key), message, at_key=True))
                continue
            try:
                self._exits[key] = _target(plain(target))
            except ValueError as error:
                self._mistakes.append(Mistake((where, key), str(error)))


def _mailbox(text: str) -> str:
    return "" if text == ROUTE else words.mailbox_name(text)


def _of_route(text: str) -> str:
    words.one_of(text, (ROUTE,))
    return ""


def _target(text: str) -> str:
    if not text:
        raise ValueError("is empty; write the name of a step")
    return text
