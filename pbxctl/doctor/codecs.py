"""Codecs that callers may bring and the PBX cannot translate: answered, then silence."""

from __future__ import annotations

from pbxctl.doctor.entries import entries
from pbxctl.doctor.facts import Subject
from pbxctl.doctor.finding import Finding, Findings


def codecs(subject: Subject) -> Findings:
    """For endpoints that calls from outside come by."""
    unheard = subject.facts.unheard_codecs
    if unheard is None:
        return
    names = {name for entry in entries(subject) for name in entry.endpoints}
    for endpoint in subject.facts.endpoints or ():
        bad = [codec for codec in endpoint.codecs if codec in unheard]
        if endpoint.name in names and bad:
            good = [codec for codec in endpoint.codecs if codec not in unheard] or ["alaw", "ulaw"]
            yield Finding(
                "codec-without-translation",
                f"endpoint {endpoint.name} allows {', '.join(bad)}, which the PBX cannot translate: such a "
                "call is answered, and the caller hears nothing",
                f"core show translation paths {bad[0]}",
                f"pjsip.conf, [{endpoint.name}]:\ndisallow = all\nallow = {','.join(good)}",
            )
