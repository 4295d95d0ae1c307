"""What streamlit runs: the workbench, with the scenario that the command line names."""

import sys

from pilotage.workbench.shell import show

show(sys.argv[1:])
