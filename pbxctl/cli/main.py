"""The command line: exit codes, and the one place where errors become sentences.

Exit codes: 0 done, 1 failed, 2 the input is wrong, 3 the PBX or the database is out of reach.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from typing import NoReturn

import click

from pbxctl import __version__
from pbxctl.cli.printing import meant, print_errors
from pbxctl.errors import Complaint, InputWrong, OutOfReach, PbxctlError

DEFAULT_CONFIG = "/etc/pbxctl/pbxctl.yaml"

COMMANDS = {
    "init": "Write a first configuration, by asking a few questions.",
    "schema": "Print the JSON Schema of the configuration, for editors.",
    "check": "Check the configuration; nothing is touched.",
    "timeline": "Show the windows ahead, with reasons.",
    "why": "Say what a call would meet, and why.",
    "replay": "Show what would have been done with last month's calls.",
    "diff": "Say which hours a change of the configuration alters.",
    "render": "Write the files and dates for the PBX into a folder.",
    "prompts": "What callers hear: build, list, play, import.",
    "templates": "Print a dialplan template, to change it.",
    "doctor": "Say what is missing or wrong on the PBX, and what mends it.",
    "rehearse": "Place real calls to a private PBX at a moment to come.",
    "apply": "Put the configuration onto the PBX, as a whole or not at all.",
    "uninstall": "Take all of pbxctl off the PBX.",
}
"""What each does, in the order in which a newcomer needs them; each is a module beside this one."""


class _Commands(click.Group):
    """Loads a command's module only when it is asked for: ``--help`` must not wait for calendars."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            ctx.fail(f"there is no command {cmd_name!r}{meant(cmd_name, COMMANDS)}")
        command = importlib.import_module(f"pbxctl.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - tells the type checker
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pbxctl")
@click.option(
    "--config",
    "config_file",
    metavar="FILE",
    type=click.Path(),  # a shell completes it
    envvar="PBXCTL_CONFIG",
    default=DEFAULT_CONFIG,
    show_default=True,
    help="The configuration; or set PBXCTL_CONFIG.",
)
@click.pass_context
def pbxctl(context: click.Context, config_file: str) -> None:
    """Makes one fixed weekday without telephone happen on the company's own PBX."""
    context.obj = config_file


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    What went wrong is on standard error; where JSON was asked for, it is JSON on standard output.
    """
    as_json = "--json" in (sys.argv[1:] if arguments is None else arguments)
    try:
        result = pbxctl.main(args=arguments, prog_name="pbxctl", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return int(stop.exit_code)
    except click.ClickException as error:
        if as_json:
            print_errors([Complaint(error.format_message())])
        else:
            error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("pbxctl: stopped", err=True)
        return 130
    except BrokenPipeError:
        # Whoever read us has seen enough. Python would complain once more while it closes down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except PbxctlError as error:
        if as_json:
            print_errors(_noted(error))
        else:
            click.echo("\n".join([str(error), *getattr(error, "__notes__", ())]), err=True)
        return exit_code(error)
    return result if isinstance(result, int) else 0


def _noted(error: PbxctlError) -> list[Complaint]:
    """What went wrong, with what was said of it on its way, such as whether it could be undone."""
    notes = getattr(error, "__notes__", ())
    return [*error.complaints, *(Complaint(note) for note in notes)]


def exit_code(error: PbxctlError) -> int:
    """Which exit code an error stands for."""
    match error:
        case InputWrong():
            return 2
        case OutOfReach():
            return 3
    return 1


def main() -> NoReturn:
    """The entry point that the package installs."""
    signal.signal(signal.SIGTERM, _end)
    sys.exit(run())


def _end(*_: object) -> None:
    """End as by Ctrl-C, with all its tidying up. A job in the background is deaf to that one."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        raise KeyboardInterrupt
    os.kill(os.getpid(), signal.SIGINT)
