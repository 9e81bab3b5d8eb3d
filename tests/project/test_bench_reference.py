"""The benchmark of the reference engine runs, and its two models simulate the same line."""

import subprocess
import sys

from tests.support.paths import ROOT


def test_both_models_of_w2_are_the_same_line():
    """3 h of W2, about 10,800 calls each.

    Contained: 0.10 + 0.35 * 0.4 + 0.35 * 0.4 = 38 %, 4 standard errors of a share = 1.9.
    Menus: 25 s; a path has 1, 2 or 3 menus, so the sd is below 14 s, and 4 standard errors below 0.55.
    """
    command = [sys.executable, "-m", "bench.bench_reference", "--hours", "3", "--rounds", "1"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    rows = {
        line.split()[0]: [float(cell.replace(",", "")) for cell in line.split()[1:3]]
        for line in printed.splitlines()
        if len(line.split()) == 3 and line[0] != " "
    }
    for model in (0, 1):
        assert abs(rows["calls"][model] - 10_800) <= 4 * 10_800**0.5
        assert abs(rows["contained_percent"][model] - 38) <= 1.9
        assert abs(rows["menu_s"][model] - 25) <= 0.55
        # Agents are 178 for 168.6 Erlang offered: a few per cent abandon.
        assert 0 < rows["abandoned_percent"][model] < 10
    assert "reference / textbook speed:" in printed
