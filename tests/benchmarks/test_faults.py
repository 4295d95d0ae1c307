"""benchmarks/faults.py: a seeded part of its faults; after each the next run heals, to the byte."""

import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "faults.py"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked, and their clocks read")
def test_two_faults_of_each_kind_leave_nothing_wrong() -> None:
    command = [sys.executable, str(FAULTS), "--faults", "14", "--seed", "2", "--no-write"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "14 faults (seed 2), 0 things wrong" in done.stdout
