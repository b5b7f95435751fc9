"""Asterisk's dialplan, read from files or from a running PBX, and who answers what in it."""

from pbxctl.dialplan.asterisk.conf import Conf, ConfRefused, LeftOut, ReadFiles, parse_conf
from pbxctl.dialplan.asterisk.loaded import loaded_dialplan
from pbxctl.dialplan.asterisk.match import Answer, answer, answers, contexts_within
from pbxctl.dialplan.asterisk.model import (
    HINT,
    Context,
    Dialplan,
    Extension,
    Priority,
    include_context,
)
from pbxctl.dialplan.asterisk.text import ReadDialplan, parse_extensions

__all__ = [
    "HINT",
    "Answer",
    "Conf",
    "ConfRefused",
    "Context",
    "Dialplan",
    "Extension",
    "LeftOut",
    "Priority",
    "ReadDialplan",
    "ReadFiles",
    "answer",
    "answers",
    "contexts_within",
    "include_context",
    "loaded_dialplan",
    "parse_conf",
    "parse_extensions",
]
