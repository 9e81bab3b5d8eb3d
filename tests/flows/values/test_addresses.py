"""Addresses of the web and of SIP: what is taken, and the character at which one goes wrong."""

from __future__ import annotations

import re

import pytest

from flows.model.load import load_text
from flows.source.finding import FlowError
from flows.values.addresses import SIP, is_web, sip_fault, web_fault


@pytest.mark.parametrize(
    "text",
    [
        "https://cdn.example.com/hello.mp3",
        "http://localhost:8080/a?b=c&d=%20#e",
        "https://10.0.0.1/",
        "HTTPS://EXAMPLE.COM",
        "https://example.com?x=1",
    ],
)
def test_addresses_of_the_web_that_are_taken(text: str) -> None:
    assert is_web(text)
    assert web_fault(text) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("htps://example.com/a.mp3", "htps"),
        ("ftp://example.com/a.mp3", "ftp"),
        ("https:/example.com/a.mp3", "/example"),
        ("https:///a.mp3", "///a.mp3"),
        ("https://-a.example.com/", "-a"),
        ("https://example.com:99999/", "example.com:99999"),
        ("https://cdn.example.com/my greeting.mp3", " greeting"),
        ("https://example.com/<a>", "<a>"),
        ("https://example.com/{song}", "{song}"),
        ("https://{host}.example.com/", "{host}"),
    ],
)
def test_where_an_address_of_the_web_goes_wrong(text: str, wrong: str) -> None:
    fault = web_fault(text)
    assert is_web(text)
    assert fault is not None
    assert text[fault.offset :].startswith(wrong)


def test_values_may_stand_behind_the_host_where_they_are_inserted() -> None:
    assert web_fault("https://example.com/{a}/{b}?c={d}", values=True) is None
    fault = web_fault("https://example.com/{a:digits}", values=True)
    assert fault is not None
    assert (fault.offset, fault.hint) == (20, "write {name}, without a format")


@pytest.mark.parametrize("text", ["prompts/hello.wav", "my greeting.wav", "C:/hello.wav", "hello"])
def test_a_file_is_no_address(text: str) -> None:
    assert not is_web(text)


@pytest.mark.parametrize(
    "text",
    [
        "sip:desk@example.com",
        "sip:+14155550100@pbx.example.com:5060",
        "sip:desk@10.0.0.1;transport=tls",
        "sip:desk@example.com?x-id=1&x-b=2",
        "sip:a%20b@host",
    ],
)
def test_sip_addresses_that_are_taken(text: str) -> None:
    assert re.fullmatch(SIP, text)
    assert sip_fault(text) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("sip:{ext}@pbx.example.com", "{ext}"),
        ("sip:desk 1@pbx.example.com", " 1"),
        ("sip:desk", "desk"),
        ("sip:@example.com", "@"),
        ("sip:desk@", ""),
        ("sip:desk@-x", "-x"),
        ("sip:dés@example.com", "és"),
    ],
)
def test_where_a_sip_address_goes_wrong(text: str, wrong: str) -> None:
    fault = sip_fault(text)
    assert fault is not None
    assert text[fault.offset :].startswith(wrong)


def test_a_dialled_address_is_refused_where_it_goes_wrong() -> None:
    """A value in it would be dialled as it stands."""
    text = (
        'ivr: 1\nname: L\nstart: a\nnodes:\n  a: {type: dial, number: "sip:{ext}@pbx.example.com", otherwise: b}\n  b:'
        " {type: hangup}\n"
    )
    with pytest.raises(FlowError) as refused:
        load_text(text)
    (found,) = refused.value.findings
    assert (found.code, text.splitlines()[found.line - 1][found.column - 1 :][:5]) == ("F003", "{ext}")
    assert found.message == "'sip:{ext}@pbx.example.com' is not a valid address: values are not inserted into it"
