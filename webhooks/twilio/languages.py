"""The language tags that Twilio speaks and understands.

An unknown tag draws error 13512 (Say) or 13335 (Gather), and the caller hears nothing or is not understood, so the
nearest known tag is sent instead. Source: twilio.com/docs/voice/twiml/say/text-speech and
voice/twiml/gather#languagetags, as in the typings of npm twilio 6.2.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

__all__ = ["SPOKEN", "UNDERSTOOD", "spoken_tag", "understood_tag"]

_FAMILIES = {"arb": "ar", "cmn": "zh", "yue": "zh"}
"""Languages under another's primary subtag."""


def _by_language(tags: str) -> Mapping[str, tuple[str, ...]]:
    """Tags by their primary language, in the order written."""
    found: dict[str, list[str]] = {}
    for tag in tags.split():
        primary = tag.partition("-")[0]
        found.setdefault(_FAMILIES.get(primary, primary), []).append(tag)
    return {primary: tuple(alike) for primary, alike in found.items()}


SPOKEN: Mapping[str, tuple[str, ...]] = _by_language(
    """
    af-ZA
    am-ET
    ar-XA ar-AE arb
    bg-BG
    bn-IN
    ca-ES
    cs-CZ
    cy-GB
    da-DK
    de-DE de-AT
    el-GR
    en-US en-AU en-CA en-GB en-GB-WLS en-IE en-IN en-NZ en-ZA
    es-US es-ES es-MX
    fi-FI
    fil-PH
    fr-FR fr-BE fr-CA
    gu-IN
    he-IL
    hi-IN
    hu-HU
    id-ID
    is-IS
    it-IT
    ja-JP
    kn-IN
    ko-KR
    lv-LV
    ml-IN
    mr-IN
    ms-MY
    nb-NO
    nl-NL nl-BE
    pa-IN
    pl-PL
    pt-BR pt-PT
    ro-RO
    ru-RU
    sk-SK
    sr-RS
    sv-SE
    ta-IN
    te-IN
    th-TH
    tr-TR
    uk-UA
    vi-VN
    zh-CN zh-HK zh-TW cmn-CN cmn-TW yue-HK
    """
)
"""Tags of <Say> by primary language; the first replaces missing ones."""
UNDERSTOOD: Mapping[str, tuple[str, ...]] = _by_language(
    """
    af-ZA
    am-ET
    ar-EG ar-AE ar-BH ar-DZ ar-IL ar-IQ ar-JO ar-KW ar-LB ar-MA ar-OM ar-PS ar-QA ar-SA ar-TN
    az-AZ
    bg-BG
    bn-BD bn-IN
    ca-ES
    cs-CZ
    da-DK
    de-DE
    el-GR
    en-US en-AU en-CA en-GB en-GH en-IE en-IN en-KE en-NG en-NZ en-PH en-SG en-TZ en-ZA
    es-US es-AR es-BO es-CL es-CO es-CR es-DO es-EC es-ES es-GT es-HN es-MX es-NI es-PA es-PE es-PR es-PY es-SV
        es-UY es-VE
    et-EE
    eu-ES
    fa-IR
    fi-FI
    fil-PH
    fr-FR fr-CA
    gl-ES
    gu-IN
    he-IL
    hi-IN
    hr-HR
    hu-HU
    hy-AM
    id-ID
    is-IS
    it-IT
    ja-JP
    jv-ID
    ka-GE
    km-KH
    kn-IN
    ko-KR
    lo-LA
    lt-LT
    lv-LV
    mk-MK
    ml-IN
    mn-MN
    mr-IN
    ms-MY
    my-MM
    nar-IQ
    nb-NO
    ne-NP
    nl-NL nl-BE
    pa-guru-IN
    pl-PL
    pt-BR pt-PT
    ro-RO
    ru-RU
    si-LK
    sk-SK
    sl-SI
    sq-AL
    sr-RS
    su-ID
    sv-SE
    sw-KE sw-TZ
    ta-IN ta-LK ta-MY ta-SG
    te-IN
    th-TH
    tr-TR
    uk-UA
    ur-IN ur-PK
    uz-UZ
    vi-VN
    cmn-Hans-CN cmn-Hant-TW yue-Hant-HK zh zh-TW
    zu-ZA
    """
)
"""Tags of <Gather> by primary language; the first replaces missing ones."""


@cache
def spoken_tag(tag: str) -> str:
    """The tag with which Twilio speaks a language.

    Examples
    --------
    >>> spoken_tag("es-MX"), spoken_tag("es-AR"), spoken_tag("zh-CN"), spoken_tag("en")
    ('es-MX', 'es-US', 'zh-CN', 'en-US')
    """
    return _nearest(SPOKEN, tag)


@cache
def understood_tag(tag: str) -> str:
    """The tag with which Twilio understands a language.

    Examples
    --------
    >>> understood_tag("es-AR"), understood_tag("zh-CN"), understood_tag("zh-HK"), understood_tag("de-AT")
    ('es-AR', 'cmn-Hans-CN', 'yue-Hant-HK', 'de-DE')
    """
    return _nearest(UNDERSTOOD, tag)


def _nearest(known: Mapping[str, tuple[str, ...]], tag: str) -> str:
    """The tag itself, else one of the same country, else the first of the language."""
    primary, _, country = tag.lower().partition("-")
    tags = known.get(primary, (tag,))
    alike = [each for each in tags if each.lower() == tag.lower()] or [
        each for each in tags if country and each.lower().endswith(f"-{country}")
    ]
    return alike[0] if alike else tags[0]
