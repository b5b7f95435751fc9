"""Templates: an administrator may override any of them, and is told what is wrong and where."""

from __future__ import annotations

import pytest

from pbxctl.errors import InputWrong
from pbxctl.render.landing import NotPlain
from tests.plan.bakery import bakery_plan
from tests.render.rendered import bakery_rendering, code_of, render, templates

VOICEMAIL = "steps/voicemail.conf.j2"


def test_a_template_of_the_administrators_own_replaces_one_step_and_nothing_else() -> None:
    own = " same => n,TryExec(Playback(tt-monkeys))\n" + templates()[VOICEMAIL]
    changed = code_of(render(bakery_plan(), {VOICEMAIL: own}))
    usual = code_of(bakery_rendering())
    own_lines = [line for line in changed.splitlines() if "tt-monkeys" in line]
    assert len(own_lines) == 5  # ordinary and voicemail on both routes, on one the answering service too
    without = "".join(line for line in changed.splitlines(keepends=True) if "tt-monkeys" not in line)
    generation = render(bakery_plan(), {VOICEMAIL: own}).generation
    assert without.replace(generation, bakery_rendering().generation) == usual


def test_another_template_is_another_generation() -> None:
    own = templates()[VOICEMAIL].replace(",s)", ",su)")
    assert render(bakery_plan(), {VOICEMAIL: own}).generation != bakery_rendering().generation


def test_a_template_may_have_macros_and_blocks_of_its_own() -> None:
    own = (
        "{% macro say(file) %} same => n,TryExec(Playback({{ file }},noanswer)){% endmacro %}"
        "{% set line %}{{ say('beep') }}{% endset %}{{ line }}\n" + templates()[VOICEMAIL]
    )
    assert "TryExec(Playback(beep,noanswer))" in code_of(render(bakery_plan(), {VOICEMAIL: own}))


# Put into the second line of a template.
MISTAKES = {
    "an undefined variable": ("{{ nothing }}", "'nothing' is undefined"),
    "an undefined attribute": ("{{ step.nothing }}", "has no attribute 'nothing'"),
    "an undefined function": ("{{ nothing() }}", "'nothing' is undefined"),
    "an undefined value in a condition": ("{% if nothing %}{% endif %}", "'nothing' is undefined"),
    "a block without end": ("{% if step %}", "end of template|endif"),
    "a bracket without end": ("{{ step.name ", "unexpected|expected"),
    "a tag that is none": ("{% sing %}", "unknown tag 'sing'"),
    "the filter that went round the gate": ("{{ step.name | safe }}", "No filter named 'safe'"),
    "its short sister": ("{{ step.name | e }}", "No filter named 'e'"),
    "its long sister": ("{{ step.name | escape }}", "No filter named 'escape'"),
    "its strict sister": ("{{ step.name | forceescape }}", "No filter named 'forceescape'"),
    "its cousin of JSON": ("{{ step.name | tojson }}", "No filter named 'tojson'"),
    "its cousin of links": ("{{ step.name | urlize }}", "No filter named 'urlize'"),
    "its cousin of XML": ("{{ {'a': step.name} | xmlattr }}", "No filter named 'xmlattr'"),
    "a division by nothing": ("{{ 1 // 0 }}", "division|modulo"),
    "a sum of unlike things": ("{{ step.name + 1 }}", "can only concatenate"),
}


@pytest.mark.parametrize(("mistake", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_in_one_line_with_template_and_line(mistake: str, told: str) -> None:
    own = f" same => n,NoOp()\n{mistake}\n{templates()[VOICEMAIL]}"
    with pytest.raises(InputWrong, match=told) as raised:
        render(bakery_plan(), {VOICEMAIL: own})
    sentence = str(raised.value)
    assert sentence.startswith(f"{VOICEMAIL}:")
    assert "\n" not in sentence
    assert raised.value.__cause__ is None
    # A block without end is noticed where the template ends, and a bracket where the next word stands.
    assert sentence.startswith(f"{VOICEMAIL}:2: ") or mistake in ("{% if step %}", "{{ step.name ")


def test_a_missing_template_is_named() -> None:
    with pytest.raises(InputWrong, match=r"the dialplan template steps/sing\.conf\.j2 is missing"):
        render(bakery_plan(), {VOICEMAIL: '{% include "steps/sing.conf.j2" %}'})


@pytest.mark.parametrize(
    "expression",
    [
        "{{ step.mailbox ~ ',x' }}",
        "{{ step.mailbox.replace('@', ',') }}",
        "{{ '${' ~ step.mailbox ~ '}' }}",
        "{{ [step.mailbox, 'x'] | join(',') }}",
        "{{ '%s;' | format(step.mailbox) }}",
        "{{ step.exits }}",
        "{{ '' ~ step.mailbox[:0] }}",
    ],
)
def test_what_a_template_puts_together_passes_the_gate_as_a_whole(expression: str) -> None:
    with pytest.raises(NotPlain):
        render(bakery_plan(), {VOICEMAIL: expression})


def test_an_overlong_line_is_refused_rather_than_left_out_by_asterisk() -> None:
    own = " same => n,NoOp(" + "a" * 8_000 + ")\n"
    with pytest.raises(InputWrong, match="more than Asterisk reads"):
        render(bakery_plan(), {VOICEMAIL: own + templates()[VOICEMAIL]})


def test_a_variable_of_the_administrators_own_is_cleared_on_entry() -> None:
    own = " same => n,NoOp(${PBXCTL_MINE2})\n" + templates()[VOICEMAIL]
    entry = render(bakery_plan(), {VOICEMAIL: own}).files["pbxctl.conf"]
    assert entry.count(" same => n,Set(PBXCTL_MINE2=)\n") == 2
