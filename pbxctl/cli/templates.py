"""``pbxctl templates``: the dialplan templates that come with pbxctl, to begin one's own with."""

from __future__ import annotations

import click

from pbxctl.cli.own_templates import read_templates
from pbxctl.cli.printing import meant
from pbxctl.errors import InputWrong


@click.command("templates")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """List the dialplan templates that come with pbxctl, or print the one called NAME.

    Your own lie in the folder that pbx.templates names, by the same names.
    """
    ours = read_templates()
    if name is None:
        for each in ours:
            click.echo(each)
    elif name in ours:
        click.echo(ours[name], nl=False)
    else:
        raise InputWrong(f"{name}: there is no template of that name{meant(name, ours)}")
