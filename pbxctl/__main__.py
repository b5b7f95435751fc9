"""``python -m pbxctl`` does as ``pbxctl`` does."""

from pbxctl.cli.main import main

main()
