"""A call through the dialplan: searched context by context, then carried out, as FreeSWITCH does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pbxctl.dialplan.freeswitch import patterns
from pbxctl.dialplan.freeswitch.channel import Channel, NotMeasured
from pbxctl.dialplan.freeswitch.clock import times_match
from pbxctl.dialplan.freeswitch.expansion import expand
from pbxctl.dialplan.freeswitch.text import Action, Condition, Dialplan, Extension, Test
from pbxctl.dialplan.freeswitch.world import World

MAX_TRANSFERS = 100


@dataclass(frozen=True, slots=True)
class Executed:
    """An application that was run in a context, its data expanded."""

    context: str
    application: str
    data: str
    inline: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of a call.

    ``end`` is how it left: ``hangup``, ``transfer`` (to a context that is not in this dialplan;
    the channel says where), ``over`` (nothing was left to do), ``unknown`` (an application that
    FreeSWITCH does not know ends the call) or ``none`` (no extension wanted it).
    """

    executed: tuple[Executed, ...]
    channel: Channel
    end: str


@dataclass
class _Walk:
    dialplan: Dialplan
    channel: Channel
    world: World
    executed: list[Executed] = field(default_factory=list)
    found: bool = False
    queued: list[Action] = field(default_factory=list)

    def run(self) -> str:
        for _ in range(MAX_TRANSFERS):
            extensions = self._context()
            if extensions is None:
                return "transfer"
            self.found, self.queued = False, []
            self._search(extensions)
            if not self.found:
                return "none"
            end = self._carry_out()
            if end is not None:
                return end
        raise NotMeasured(f"the call is transferred more than {MAX_TRANSFERS} times: it goes round for ever")

    def _context(self) -> tuple[Extension, ...] | None:
        contexts = self.dialplan.contexts
        return contexts.get(self.channel.context, contexts.get("global"))

    def _search(self, extensions: tuple[Extension, ...]) -> None:
        # One whose name is the number dialled is where the search begins (from the source).
        named = [extension.name for extension in extensions]
        dialled = self.channel.destination_number
        begin = named.index(dialled) if dialled in named else 0
        for extension in extensions[begin:]:
            if self._conditions(extension.conditions) and not extension.continues:
                break

    def _conditions(self, conditions: Iterable[Condition]) -> bool:
        """Whether the last condition that was looked at, or an anti-action, wanted the call."""
        wanted = False
        for condition in conditions:
            holds, wanted, match = self._condition(condition)
            if holds:
                for action in condition.actions:
                    data = action.data if match is None else patterns.substitute(action.data, match)
                    self._act(Action(action.application, data, action.inline))
            else:
                for action in condition.anti_actions:
                    self._act(action)
                    wanted = True
            if condition.break_ == "always" or condition.break_ == ("on-true" if holds else "on-false"):
                break
            if wanted and condition.nested:
                wanted = self._conditions(condition.nested) or not condition.require_nested
                if not wanted and condition.break_ != "never":
                    break
        return wanted

    def _condition(self, condition: Condition) -> tuple[bool, bool, patterns.Match | None]:
        if condition.rule is not None:
            if condition.test.times:
                raise NotMeasured("a condition has both regex= and a time; write two conditions")
            return self._regexes(condition.rule, condition.regexes)
        holds, match = self._test(condition.test)
        return holds, holds, match

    def _regexes(self, rule: str, regexes: tuple[Test, ...]) -> tuple[bool, bool, patterns.Match | None]:
        passed = failed = 0
        wanted = False
        captured: patterns.Match | None = None
        for test in regexes:
            wanted, match = self._test(test)
            passed, failed = passed + wanted, failed + (not wanted)
            captured = match if match is not None and match.re.groups else captured
            if (rule not in ("all", "xor") and wanted) or (rule == "all" and not wanted):
                break
        if rule == "xor":
            return passed == 1, wanted, captured
        return (not failed if rule == "all" else passed > 0), wanted, captured

    def _test(self, test: Test) -> tuple[bool, patterns.Match | None]:
        in_time = times_match(test.times, self.channel, self.world)
        if test.field is None:
            return in_time is not False, None
        if in_time is not None:
            raise NotMeasured("a condition has both a field and a time; write two conditions")
        expression = expand(test.expression, self.channel, self.world)
        if "$" in test.field:
            text = expand(test.field, self.channel, self.world)
        else:
            text = self.channel.profile(test.field) or ""
        match = patterns.search(expression, text)
        return match is not None, match if "(" in expression else None

    def _act(self, action: Action) -> None:
        self.found = True
        if not action.inline:
            self.queued.append(action)
        elif self._application(action) is not None:
            raise NotMeasured(f"{action.application} inline; set is what is known")

    def _carry_out(self) -> str | None:
        """Run what was queued; how the call ended, None if it was transferred within this dialplan."""
        for action in self.queued:
            end = self._application(action)
            if end == "transfer":
                return None
            if end is not None:
                return end
        return "over"

    def _application(self, action: Action) -> str | None:
        data = expand(action.data, self.channel, self.world)
        self.executed.append(Executed(self.channel.context, action.application, data, action.inline))
        match action.application:
            case "set":
                name, _, value = data.partition("=")
                self.channel.set(name, value)
            case "transfer":
                self._transfer(data)
                return "transfer"
            case "hangup":
                return "hangup"
            case _:
                left = self.world.run(action.application, data)
                if left is None:
                    return "unknown"
                for name, value in left.items():
                    self.channel.set(name, value)
        return None

    def _transfer(self, data: str) -> None:
        parts = data.split()
        if len(parts) != 3 or parts[1] != "XML":
            raise NotMeasured(f"transfer {data[:60]!r}; NUMBER XML CONTEXT is known")
        self.channel.destination_number, _, self.channel.context = parts


def evaluate(dialplan: Dialplan, channel: Channel, world: World) -> Trace:
    """Take a call through a dialplan. The channel is changed on the way.

    Raises:
        NotMeasured: it comes upon something of which it is not known what FreeSWITCH does.
    """
    walk = _Walk(dialplan, channel, world)
    end = walk.run()
    return Trace(tuple(walk.executed), channel, end)


def applications(trace: Trace) -> Iterator[tuple[str, str]]:
    """What was carried out after the search: application and data, without what ran inline."""
    return ((done.application, done.data) for done in trace.executed if not done.inline)
