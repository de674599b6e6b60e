"""``python -m directory.cli``: the command without its script."""

from directory.cli import main

main()
