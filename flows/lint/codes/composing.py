"""Pages of what is found when a flow is put together: its parts and shared prompts, its version, its translations."""

from __future__ import annotations

from flows.lint.rules.base import Rule

__all__ = ["PAGES"]

_PARTS = "docs/composing.md"

PAGES = (
    Rule(
        code="Y007",
        name="named-file-unreadable",
        severity="error",
        summary="a file the flow names is not there",
        what="A part or a catalogue of prompts cannot be opened, or lies outside the folder of the flow.",
        why=(
            "Callers would come to a place that does not exist. And a flow that reaches outside its folder cannot be "
            "copied or served as a whole, and could read what it should not."
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
        summary="a flow for a part, or a part alone",
        what="A flow is named where a part belongs, or a part is used as if it were a flow.",
        why="A part has one way in and ways out that the flow around it wires; alone it leads nowhere.",
        example="ivr: 1\nname: Identify\nstart: ask",
        better="ivr: 1\npart: Identify\nstart: ask",
        source=_PARTS,
    ),
    Rule(
        code="Y010",
        name="not-rewritable",
        severity="error",
        summary="a file that cannot be changed exactly",
        what=(
            "A command was about to change a file, and what came out would not read as it should. The file is as it"
            " was."
        ),
        why="A flow that is changed by accident is a phone line that is changed by accident.",
        example="# no file should cause this",
        better="# report it, with the file",
        source="Our own fault, never the flow's",
    ),
    Rule(
        code="V001",
        name="later-version",
        severity="error",
        summary="a version this program cannot read",
        what="'ivr:' names a later version of the flow language than this program reads.",
        why="What a later version means cannot be guessed; callers would hear something else than was written.",
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
            "The file is written in an earlier version of the flow language. It is read as the current one, and each"
            " thing that is called otherwise now is told."
        ),
        why="The flow works; its words are no longer those of the documents and of the editor's help.",
        example="main: {type: menu, options: [{key: 1, label: sales, next: sales}]}",
        better="main: {type: menu, choices: [{key: 1, label: sales, next: sales}]}",
        source="The flow language",
        options="'ivr convert FLOW --migrate' rewrites the file, comments and order kept.",
    ),
    Rule(
        code="F005",
        name="unknown-shared-prompt",
        severity="error",
        summary="a shared prompt that stands nowhere",
        what=(
            "A text of the form $name is no shared prompt, or a shared prompt stands where only one language's text"
            " belongs."
        ),
        why="The caller would hear the name instead of the words.",
        example="prompts: {welcome: Welcome.}\nnodes: {hi: {type: play, say: $welcom}}",
        better="prompts: {welcome: Welcome.}\nnodes: {hi: {type: play, say: $welcome}}",
        source=_PARTS,
    ),
    Rule(
        code="F006",
        name="unknown-calendar",
        severity="error",
        summary="no such country or region",
        what="The holidays of an unknown country or region are asked for. The nearest code is suggested.",
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
        what="A translation inserts other values than the text it translates, or the same in another format.",
        why="The caller would not hear their balance, or would hear a brace read out.",
        example="Your balance is {balance:money}. -> Su saldo es {saldo:money}.",
        better="Your balance is {balance:money}. -> Su saldo es {balance:money}.",
        source="Arithmetic: placeholders compared",
    ),
    Rule(
        code="G002",
        name="text-changed",
        severity="warning",
        summary="translated from an older text",
        what="The text in the flow is not the one that was translated. The translation is left out.",
        why="Callers of one language would be told something else than those of the other.",
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
        summary="translates what stands nowhere",
        what="An entry of the PO file belongs to a place that the flow does not have (any more).",
        why="Its translation is heard by nobody.",
        example='msgctxt "nodes.welcom.say"',
        better='msgctxt "nodes.welcome.say"',
        source="GNU gettext manual",
    ),
    Rule(
        code="G005",
        name="fuzzy-translation",
        severity="warning",
        summary="a translation marked fuzzy",
        what="A translation is marked fuzzy, which says that a person should look at it. It is left out.",
        why="It may say something else.",
        example="#, fuzzy",
        better="# the mark removed, when somebody has read it",
        source="GNU gettext manual",
    ),
    Rule(
        code="G006",
        name="not-a-po-file",
        severity="error",
        summary="no gettext PO, or of another language",
        what="The file is not in the PO format, or its header names another language than the one asked for.",
        why="Nothing of it can be taken over.",
        example='"Language: fr_FR\\n"',
        better='"Language: es_US\\n"',
        source="GNU gettext manual",
    ),
)
