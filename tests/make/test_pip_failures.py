"""Pip's pages come down to the one line that says what to do."""

from __future__ import annotations

import pytest

from make.pip_failures import explanation

PLACES = {"numpy==99.9": "requirements.txt, line 5", "scipy==1.17.1": "requirements.txt, line 7"}
RETRIED = """Looking in indexes: https://pypi.org/simple, file:///opt/simple
WARNING: Retrying (Retry(total=4, connect=None)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.
connection.HTTPSConnection object at 0x7f09>: Failed to establish a new connection: [Errno -2] Name or service not
known')': /simple/numpy/
"""
NONE = """ERROR: Could not find a version that satisfies the requirement numpy==99.9 (from versions: none)
ERROR: No matching distribution found for numpy==99.9
"""
SOME = NONE.replace("none", "2.4.3, 2.4.4, 2.4.5, 2.4.6")
OTHER_PYTHON = (
    "ERROR: Ignored the following versions that require a different python version: 2.5.0 Requires-Python >=3.12; 99.9"
    " Requires-Python >=3.15\n" + SOME
)
NO_SUCH = "The package index has no numpy==99.9 for Python 3.11.7 on this machine"
OTHER = "Use a Python from 3.11 to 3.14, for example: make PYTHON=python3.13"
UNREACHABLE = (
    "The package index {} cannot be reached: check the network, or set HTTPS_PROXY to a proxy or PIP_INDEX_URL to a "
    "mirror, then run make again."
)
CASES = {
    "a version that there is not": (
        SOME,
        f"{NO_SUCH} (it has 2.4.4, 2.4.5, 2.4.6): correct requirements.txt, line 5, then run make again.",
    ),
    "a library that there is not": (
        NONE,
        f"{NO_SUCH} (it has no numpy at all): correct requirements.txt, line 5, then run make again.",
    ),
    "an answer after all, and a version that there is not": (
        RETRIED + SOME,
        f"{NO_SUCH} (it has 2.4.4, 2.4.5, 2.4.6): correct requirements.txt, line 5, then run make again.",
    ),
    "a version for another Python": (
        OTHER_PYTHON,
        f"numpy==99.9 (requirements.txt, line 5) does not run with Python 3.11.7, it needs >=3.15. {OTHER}",
    ),
    "what builds the package is missing": (
        NONE.replace("numpy==99.9", "setuptools>=77"),
        "The package index has no setuptools>=77 for Python 3.11.7 on this machine (it has no setuptools at all): set "
        "PIP_INDEX_URL to an index that has it, then run make again.",
    ),
    "no network": (RETRIED + NONE, UNREACHABLE.format("https://pypi.org/simple")),
    "no network, and a folder on this machine that has other versions": (
        RETRIED + RETRIED.replace("total=4", "total=0") + SOME,
        UNREACHABLE.format("https://pypi.org/simple"),
    ),
    "no network during a download": (
        "pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='files.pythonhosted.org', port=443):"
        " Read timed out.\n",
        UNREACHABLE.format("https://pypi.org/simple"),
    ),
    "an unknown certificate": (
        "Looking in indexes: https://pypi.example/simple\nSSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] self'))\n"
        + NONE,
        "The certificate of the package index https://pypi.example/simple is not trusted here: set PIP_CERT to the "
        "file with your network's certificate, then run make again.",
    ),
    "a full disk": (
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
        "The disk is full: free some space, then run make again.",
    ),
    "no wheel and no compiler": (
        "  ERROR: Failed building wheel for scipy\nERROR: Could not build wheels for scipy\n",
        f"scipy has no ready-made package for Python 3.11.7 on this machine, and could not be built here. {OTHER}",
    ),
    "a folder of somebody else": (
        "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/srv/.venv/bin/ivr'\n",
        "/srv/.venv/bin/ivr may not be written: make it yours, or remove it, then run make again.",
    ),
    "anything else": (
        "Collecting numpy\nERROR: Invalid requirement: 'numpy=2'\n",
        "pip failed: Invalid requirement: 'numpy=2'",
    ),
    "nothing": ("", "pip failed: pip said nothing"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_line(case: str) -> None:
    log, line = CASES[case]
    assert explanation(log, PLACES, "3.11.7") == line
