"""``pbxctl schema``: the configuration as JSON Schema, for editors."""

from __future__ import annotations

import click

from pbxctl.cli.printing import print_json
from pbxctl.config.schema import json_schema


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of the configuration.

    Write it to a file and name that in the first line of your pbxctl.yaml:

    # yaml-language-server: $schema=pbxctl.schema.json
    """
    print_json(json_schema())
