"""The table of what callers lived through, printed at the end of a verbose run."""

from __future__ import annotations

import pytest

from tests.faults.fault import TABLE


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if TABLE.rows and config.get_verbosity() > 0:
        terminalreporter.section("what callers lived through")
        for line in TABLE.lines():
            terminalreporter.write_line(line)
