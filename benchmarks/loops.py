"""Dialplan around a rendered plan: a counting loop, and the things it is compared with."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pbxctl.render.rendering import Rendering

EVENT = "PbxctlBenchmark"
BACK = "bench-loop,back,1"

_FLOW_ENTRY = re.compile(r"^(\[[^\]\n]*-flow-[^\]\n]*\]\n)exten => s,1,[^\n]*", re.MULTILINE)

# ${COUNT} rounds of what lies at ${PLACE}; each comes back to `back`. Answer() would wait for sound first.
_LOOP = f"""\
[general]

[bench-loop]
exten => s,1,Set(DONE=0)
 same => n,Set(BEGAN=${{STRFTIME(,,%s%6q)}})
 same => n(again),Goto(${{PLACE}},${{SPOT}},${{LABEL}})
exten => back,1,Set(DONE=$[${{DONE}} + 1])
 same => n,GotoIf($[${{DONE}} < ${{COUNT}}]?s,again)
 same => n,UserEvent({EVENT},Began: ${{BEGAN}},Ended: ${{STRFTIME(,,%s%6q)}},Standing: ${{PBXCTL_STANDING}})
 same => n,Hangup()

[bench-empty]
exten => s,1,Goto({BACK})

[bench-journal]
exten => s,1,TryExec(CELGenUserEvent(PBXCTL,1|entered|r0|092330000|0470000000))
 same => n,TryExec(CELGenUserEvent(PBXCTL,1|decided|voicemail|hours|schedules.s0.hours|0123456789ab))
 same => n,Goto({BACK})
"""


def dialplan_files(rendering: Rendering | None, chain: int, agi_port: int) -> dict[str, str]:
    """``extensions.conf`` with the loop, and the rendered files, whose flows lead straight back to it.

    Entry, ladder, timeline look-up and ``standing`` are as rendered; only the first line of each
    flow is another: there the decision is over.
    """
    rendered = {} if rendering is None else {name: _returning(text) for name, text in rendering.files.items()}
    includes = "".join(f"#include {name}\n" for name in rendered)
    return {"extensions.conf": f"{_LOOP}\n{_chain(chain)}\n{_agi(agi_port)}\n{includes}", **rendered}


def lines_of(rendered: Mapping[str, str]) -> int:
    """How many lines of dialplan there are (extensions and their priorities)."""
    lines = (line.lstrip() for text in rendered.values() for line in text.splitlines())
    return sum(line.startswith(("exten", "same")) for line in lines)


def _returning(text: str) -> str:
    return _FLOW_ENTRY.sub(rf"\g<1>exten => s,1,Goto({BACK})", text)


def _chain(lines: int) -> str:
    """As administrators write closed days by hand; on a day that never comes, so that all are tried."""
    tries = (f" same => n,GotoIfTime(*,*,30,feb?bench-chain,closed{line},1)" for line in range(lines))
    return "\n".join(("[bench-chain]", "exten => s,1,NoOp()", *tries, f" same => n,Goto({BACK})", ""))


def _agi(port: int) -> str:
    return f"[bench-agi]\nexten => s,1,AGI(agi://127.0.0.1:{port}/)\n same => n,Goto({BACK})\n"
