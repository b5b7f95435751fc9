"""The administrator's ``pbxctl.yaml`` as frozen models, each value with the place where it was written."""

from pbxctl.config.models import (
    Ami,
    AnsweringService,
    CalendarSource,
    Callers,
    ClosedDay,
    Company,
    Config,
    DateRule,
    DialOut,
    DidIn,
    Holidays,
    Hours,
    Pbx,
    Prompts,
    Route,
    Schedule,
    Secret,
    Staff,
)
from pbxctl.config.origins import Origins
from pbxctl.config.problems import ConfigError, Problem
from pbxctl.config.reading import LoadedConfig, load_config

__all__ = [
    "Ami",
    "AnsweringService",
    "CalendarSource",
    "Callers",
    "ClosedDay",
    "Company",
    "Config",
    "ConfigError",
    "DateRule",
    "DialOut",
    "DidIn",
    "Holidays",
    "Hours",
    "LoadedConfig",
    "Origins",
    "Pbx",
    "Problem",
    "Prompts",
    "Route",
    "Schedule",
    "Secret",
    "Staff",
    "load_config",
]
