"""Twilio's signature: the published vectors, and each weakness of the scheme closed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from webhooks.twilio.signature import Signature, signed

# The vectors of twilio-python's tests/unit/test_request_validator.py.
TOKEN, BASE, PATH, QUERY = "12345", "https://mycompany.com", "/myapp.php", "foo=1&bar=2"
FORM = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
GOLDEN = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
REPEATED = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
REPEATED_GOLDEN = "IK+Dwps556ElfBT0I3Rgjkr1wJU="

CHECK = Signature(TOKEN, BASE)


def test_the_published_vector_is_accepted() -> None:
    assert CHECK.refusal(PATH, QUERY, FORM, GOLDEN) == ""
    assert CHECK.sign(PATH, QUERY, FORM) == GOLDEN


def test_the_order_of_parameters_does_not_matter() -> None:
    assert CHECK.refusal(PATH, QUERY, FORM[::-1], GOLDEN) == ""


def test_repeated_parameters_are_refused_although_the_sum_is_right() -> None:
    params = MultiDict(REPEATED)
    assert RequestValidator(TOKEN).compute_signature(f"{BASE}{PATH}?{QUERY}", params) == REPEATED_GOLDEN
    # The scheme drops the second 1234, so a repetition can be added or removed unnoticed.
    assert (
        RequestValidator(TOKEN).compute_signature(f"{BASE}{PATH}?{QUERY}", MultiDict(REPEATED[:-1])) == REPEATED_GOLDEN
    )
    assert CHECK.refusal(PATH, QUERY, REPEATED, REPEATED_GOLDEN) == "parameter 'Digits' is repeated"


def test_a_value_re_cut_into_its_name_is_refused_although_the_sum_is_right() -> None:
    cut = [(name, value) if name != "Digits" else ("Digits1", "234") for name, value in FORM]
    assert RequestValidator(TOKEN).compute_signature(f"{BASE}{PATH}?{QUERY}", dict(cut)) == GOLDEN
    assert "is not a name" in CHECK.refusal(PATH, QUERY, cut, GOLDEN)


def test_digits_of_a_re_cut_name_are_not_repeated_in_the_refusal() -> None:
    reason = CHECK.refusal(PATH, QUERY, [("Digits4111", "1")], GOLDEN)
    assert "4111" not in reason
    assert "Digits####" in reason


@pytest.mark.parametrize("given", [None, ""])
def test_a_missing_signature_is_refused(given: str | None) -> None:
    assert CHECK.refusal(PATH, QUERY, FORM, given) == "no X-Twilio-Signature header"


@pytest.mark.parametrize(
    "given", ["x", GOLDEN[:-1], GOLDEN + "=", GOLDEN.swapcase(), "é" * 28, "\ud800", " " + GOLDEN, "\x00"]
)
def test_a_malformed_or_wrong_signature_is_refused(given: str) -> None:
    assert CHECK.refusal(PATH, QUERY, FORM, given) == "wrong signature"


@pytest.mark.parametrize("token", ["", " ", "\n"])
def test_an_empty_token_is_refused_at_once(token: str) -> None:
    with pytest.raises(ValueError, match="anyone could sign"):
        Signature(token, BASE)


@pytest.mark.parametrize(
    ("configured", "signed", "accepted"),
    [
        ("https://a.example", "https://a.example", True),
        ("https://a.example/", "https://a.example", True),
        ("https://a.example", "https://a.example:443", True),
        ("https://a.example:443", "https://a.example", True),
        ("http://a.example", "http://a.example:80", True),
        ("https://a.example/ivr", "https://a.example:443/ivr", True),
        ("https://a.example:8443", "https://a.example:8443", True),
        ("https://[2001:db8::1]", "https://[2001:db8::1]:443", True),
        ("https://a.example:8443", "https://a.example", False),
        ("https://a.example", "https://a.example:8443", False),
        ("https://a.example", "http://a.example", False),
        ("https://a.example", "https://b.example", False),
        ("https://a.example", "https://a.example/ivr", False),
    ],
)
def test_only_the_configured_address_counts_with_or_without_its_default_port(
    configured: str, signed: str, *, accepted: bool
) -> None:
    given = RequestValidator(TOKEN).compute_signature(f"{signed}/voice", dict(FORM))
    assert (Signature(TOKEN, configured).refusal("/voice", "", FORM, given) == "") is accepted


@pytest.mark.parametrize("change", [("Digits", "1235"), ("CallSid", "CA1234567890ABCDF")])
def test_a_changed_value_is_refused(change: tuple[str, str]) -> None:
    form = [change if name == change[0] else (name, value) for name, value in FORM]
    assert CHECK.refusal(PATH, QUERY, form, GOLDEN) == "wrong signature"


def test_a_changed_query_is_refused() -> None:
    assert CHECK.refusal(PATH, "foo=1&bar=3", FORM, GOLDEN) == "wrong signature"


def test_a_parameter_that_is_no_text_is_refused() -> None:
    assert CHECK.refusal(PATH, QUERY, [("Digits", "\ud800")], GOLDEN) == "a parameter is not Unicode text"


@pytest.mark.parametrize("name", ["CallSid", "FromCity", "SipHeader_X-Trace", "StirVerstat", "RecordingUrl"])
def test_names_that_twilio_sends_are_names(name: str) -> None:
    form = [(name, "1")]
    assert CHECK.refusal("/voice", "", form, CHECK.sign("/voice", "", form)) == ""


@pytest.mark.parametrize("name", ["", "1", "Digits1", "Digits=", "a b", "Ünicode", "x" * 10 + "\x00", "__proto__"])
def test_names_that_are_none_are_refused_although_the_sum_is_right(name: str) -> None:
    form = [(name, "1")]
    assert "is not a name" in CHECK.refusal("/voice", "", form, CHECK.sign("/voice", "", form))


@settings(max_examples=300, deadline=None)
@given(
    st.text(min_size=1, max_size=40).filter(str.strip),
    st.from_regex(r"/[a-z]{0,8}(\?c=[A-Za-z0-9_-]{0,40})?", fullmatch=True),
    st.dictionaries(st.from_regex(r"[A-Za-z]{1,8}(_[A-Z-]{1,4})?", fullmatch=True), st.text(max_size=30), max_size=6),
)
def test_the_sum_is_that_of_twilios_library(token: str, url: str, form: dict[str, str]) -> None:
    theirs = RequestValidator(token).compute_signature(BASE + url, form)
    path, _, query = url.partition("?")
    assert (
        signed(token, BASE + url, list(form.items()))
        == Signature(token, BASE).sign(path, query, list(form.items()))
        == theirs
    )
    assert Signature(token, BASE).refusal(path, query, list(form.items()), theirs) == ""
