"""``pbxctl uninstall``: all that is ours goes off the PBX; the ordinary dialplan is alone again."""

from __future__ import annotations

import asyncio

import click

from pbxctl.actions.apply import take_off
from pbxctl.cli.host import STATE_OPTION, host_of
from pbxctl.cli.inputs import read_config
from pbxctl.config import LoadedConfig
from pbxctl.names import family_of


@click.command("uninstall")
@click.option(
    "--wait",
    "patience_s",
    type=click.IntRange(0, 86_400),
    default=600,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for calls that are still inside.",
)
@click.option("--accept", "accepted", metavar="ID", multiple=True, help="What may be done all the same.")
@STATE_OPTION
@click.pass_obj
def command(config_file: str, patience_s: int, accepted: tuple[str, ...], state: str) -> None:
    """Take files, sounds and database entries of pbxctl off the PBX.

    New calls go the ordinary way at once; what calls in progress need goes when they have ended.
    """
    loaded = read_config(config_file)
    if asyncio.run(_uninstall(loaded, config_file, state, accepted, patience_s)):
        click.echo("nothing of pbxctl is on the PBX any more; lines that include its contexts may go, too")
    else:
        click.echo("nothing of pbxctl is on the PBX; there is nothing to do")


async def _uninstall(
    loaded: LoadedConfig, config_file: str, state: str, accepted: tuple[str, ...], patience_s: int
) -> bool:
    async with host_of(loaded, config_file, state, accepted=accepted, quiet=False) as (host, _):
        return await take_off(host, family_of(loaded.config.pbx.instance), patience_s=patience_s)
