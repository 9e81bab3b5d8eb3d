"""Scripted calls as a JUnit report, which build servers read."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from ivr.phone.script_player import Played

__all__ = ["junit"]

_UNFIT = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}")
"""Characters that XML 1.0 cannot carry."""


def junit(name: str, played: Sequence[Played]) -> str:
    """The report: a test suite for the flow, a test case for each call.

    Parameters
    ----------
    name : str
        Of the flow.
    played : sequence of Played

    Examples
    --------
    >>> print(junit("Line", []))
    <?xml version='1.0' encoding='utf-8'?>
    <testsuites><testsuite name="Line" tests="0" failures="0" time="0.0" /></testsuites>
    """
    failures = sum(bool(one.findings) for one in played)
    about = {"tests": str(len(played)), "failures": str(failures), "time": f"{sum(one.seconds for one in played):.1f}"}
    root = Xml.Element("testsuites")
    suite = Xml.SubElement(root, "testsuite", {"name": _fit(name), **about})
    for one in played:
        file = one.findings[0].file if one.findings else ""
        place = {"file": _fit(file)} if file else {}
        case = Xml.SubElement(
            suite,
            "testcase",
            {"classname": _fit(name), "name": _fit(one.script.name), "time": f"{one.seconds:.1f}", **place},
        )
        for finding in one.findings:
            failure = Xml.SubElement(case, "failure", {"message": _fit(finding.message), "type": finding.code})
            hint = f"\nhint: {finding.hint}" if finding.hint else ""
            failure.text = _fit(f"{finding.file}:{finding.line}:{finding.column}: {finding.message}{hint}")
    text: str = Xml.tostring(root, encoding="unicode")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{text}"


def _fit(text: str) -> str:
    return text.translate(_UNFIT)
