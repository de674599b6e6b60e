"""Puts the helpers of this folder, and the benchmark's cities and judge, on the path."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "benchmarks" / "routing")]
