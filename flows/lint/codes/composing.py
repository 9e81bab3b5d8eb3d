"""Pages of what is found when a flow is put together: its parts and shared prompts, its version, its translations."""

from __future__ import annotations

from flows.lint.rules.base import Rule

__all__ = ["PAGES"]

_PARTS = "docs/composing.md"

_LISTS = "The text of the list"
PAGES = (
    Rule(
        code="R023",
        name="list-unreadable",
        severity="error",
        summary="a list of numbers is not there",
        what="A split names a list of numbers (list) that cannot be opened, or that is outside the flow's folder.",
        why="Nobody is in a list that is not there: blocked callers get through, and nobody goes first.",
        example="screen: {type: split, list: ../blocked.txt, cases: {listed: refuse}, otherwise: main}",
        better="screen: {type: split, list: blocked.txt, cases: {listed: refuse}, otherwise: main}",
        source=_LISTS,
    ),
    Rule(
        code="R024",
        name="list-line-left-out",
        severity="warning",
        summary="a line of a list is left out",
        what=(
            "A line of a list of numbers is no number with its country code, no beginning of numbers (+1900*), no sip:"
            " or client: address; or it stands there twice. The number itself is not shown."
        ),
        why="The caller whom the line means is treated like everybody else.",
        example="# blocked.txt\n(415) 555-0100",
        better="# blocked.txt\n+1 415 555 0100",
        source=_LISTS,
    ),
    Rule(
        code="Y007",
        name="named-file-unreadable",
        severity="error",
        summary="a file of the flow is not there",
        what="A part or a catalogue of prompts cannot be opened, or is outside the flow's folder.",
        why=(
            "Callers would be sent to a place that does not exist. And a flow that reaches outside its folder cannot "
            "be copied or served as a whole, and could read what it should not."
        ),
        example="parts: {identify: ../shared/identify.yaml}",
        better="parts: {identify: parts/identify.yaml}",
        source=_PARTS,
    ),
    Rule(
        code="Y008",
        name="part-cycle",
        severity="error",
        summary="a part that contains itself",
        what="A part contains itself, directly or through other parts.",
        why="Such a flow would never end.",
        example="# in identify.yaml\nparts: {again: identify.yaml}",
        better="# in identify.yaml\nnodes: {again: {type: play, say: Once more., next: ask}}",
        source=_PARTS,
    ),
    Rule(
        code="Y009",
        name="not-a-part",
        severity="error",
        summary="a flow for a part, or the reverse",
        what="A flow is named where a part belongs, or a part or a catalogue is used as if it were a flow.",
        why="A part has one entry, and exits that the flow around it wires; on its own it leads nowhere.",
        example="ivr: 1\nname: Identify\nstart: ask",
        better="ivr: 1\npart: Identify\nstart: ask",
        source=_PARTS,
    ),
    Rule(
        code="Y010",
        name="not-rewritable",
        severity="error",
        summary="an edit that would damage the file",
        what=(
            "A command was about to change a file, and the result would not have read back as intended. The file is "
            "unchanged."
        ),
        why="Changing a flow by accident changes a phone line by accident.",
        example="# no file should cause this",
        better="# report it, with the file",
        source="Our own fault, never the flow's",
    ),
    Rule(
        code="V001",
        name="later-version",
        severity="error",
        summary="a version that is too new",
        what="'ivr:' names a later version of the flow language than this program reads.",
        why=(
            "The meaning of a later version cannot be guessed; callers would hear something other than what was "
            "written."
        ),
        example="ivr: 7",
        better="ivr: 1",
        source="The flow language",
    ),
    Rule(
        code="V002",
        name="earlier-version",
        severity="warning",
        summary="written in an earlier version",
        what=(
            "The file is written in an earlier version of the flow language. It is read as the current one, and each "
            "thing that has a new name is reported."
        ),
        why="The flow works, but its terms are no longer those of the documentation and of editor completion.",
        example="main: {type: menu, options: [{key: 1, label: sales, next: sales}]}",
        better="main: {type: menu, choices: [{key: 1, label: sales, next: sales}]}",
        source="The flow language",
        options="'ivr convert FLOW --migrate' rewrites the file, and keeps its comments and order.",
    ),
    Rule(
        code="F005",
        name="unknown-shared-prompt",
        severity="error",
        summary="an unknown shared prompt",
        what=(
            "A text of the form $name is not the name of a shared prompt, or a shared prompt is used where the text "
            "of a single language belongs."
        ),
        why="Callers would hear the name instead of the words.",
        example="prompts: {welcome: Welcome.}\nnodes: {hi: {type: play, say: $welcom}}",
        better="prompts: {welcome: Welcome.}\nnodes: {hi: {type: play, say: $welcome}}",
        source=_PARTS,
    ),
    Rule(
        code="F006",
        name="unknown-calendar",
        severity="error",
        summary="no such country or region",
        what="Holidays are requested for an unknown country or region. The nearest code is suggested.",
        why="The line would be open on days when nobody is there.",
        example='office: {zone: Europe/Madrid, mon-fri: "09:00-17:00", holidays: ES-MAD}',
        better='office: {zone: Europe/Madrid, mon-fri: "09:00-17:00", holidays: ES-MD}',
        source="ISO 3166; the calendars of the Python package 'holidays'",
    ),
    Rule(
        code="G001",
        name="broken-placeholder",
        severity="error",
        summary="a value lost in translation",
        what=(
            "A translation inserts different values from the text it translates, or the same values in another format."
        ),
        why="Callers would not hear their balance, or would hear a brace read out.",
        example="Your balance is {balance:money}. -> Su saldo es {saldo:money}.",
        better="Your balance is {balance:money}. -> Su saldo es {balance:money}.",
        source="Arithmetic: placeholders compared",
    ),
    Rule(
        code="G002",
        name="text-changed",
        severity="warning",
        summary="translated from an older text",
        what="The text in the flow is not the one that was translated. The translation is skipped.",
        why="Callers in one language would be told something different from the others.",
        example="# translated: Press 1 for sales. In the flow now: Press 2 for sales.",
        better="# export again, and translate that",
        source="GNU gettext manual",
    ),
    Rule(
        code="G003",
        name="not-translated",
        severity="warning",
        summary="an entry without a translation",
        what="An entry of the PO file has no translation, or a text of the flow has no entry.",
        why="Callers would hear the other language.",
        example='msgid "Welcome."\nmsgstr ""',
        better='msgid "Welcome."\nmsgstr "Bienvenido."',
        source="GNU gettext manual",
    ),
    Rule(
        code="G004",
        name="unknown-place",
        severity="warning",
        summary="a translation of an unknown text",
        what="An entry of the PO file belongs to a text that the flow does not have, or no longer has.",
        why="Nobody hears this translation.",
        example='msgctxt "nodes.welcom.say"',
        better='msgctxt "nodes.welcome.say"',
        source="GNU gettext manual",
    ),
    Rule(
        code="G005",
        name="fuzzy-translation",
        severity="warning",
        summary="a translation marked fuzzy",
        what="A translation is marked fuzzy: a person should check it. It is skipped.",
        why="It may say something else.",
        example="#, fuzzy",
        better="# remove the mark once someone has checked it",
        source="GNU gettext manual",
    ),
    Rule(
        code="G006",
        name="not-a-po-file",
        severity="error",
        summary="not a PO file, or another language",
        what=(
            "The file is not in the gettext PO format, or its header names a different language from the one requested."
        ),
        why="None of it can be imported.",
        example='"Language: fr_FR\\n"',
        better='"Language: es_US\\n"',
        source="GNU gettext manual",
    ),
)
