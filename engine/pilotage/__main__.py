"""``python -m pilotage`` is the same as ``pilotage``."""

from pilotage.cli import main

if __name__ == "__main__":
    main()
