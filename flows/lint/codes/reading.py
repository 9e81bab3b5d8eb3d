"""Pages of what is found before any rule runs: by the command line, by the reader, and by the model."""

from __future__ import annotations

from flows.lint.rules.base import Rule

__all__ = ["PAGES"]

_YAML = "YAML 1.2.2 specification; how PyYAML reads it"
_FORM = "The flow language; 'ivr schema' prints it for editors"

PAGES = (
    Rule(
        code="L003",
        name="unknown-setting",
        severity="error",
        summary="a setting that sets nothing",
        what=(
            "A setting of the linter, in the flow ('lint:') or in pyproject.toml ('[tool.ivr.lint]'), names a rule, an "
            "option, a severity or a profile that does not exist. It is left out; everything else counts."
        ),
        why="A misspelt setting checks other things than its author believes.",
        example="lint: {severity: {M1O1: info}}",
        better="lint: {severity: {M101: info}}",
        source="Our own: what a setting may name",
    ),
    Rule(
        code="L004",
        name="wrong-suppression",
        severity="warning",
        summary="a comment that hides without reason",
        what=(
            "A comment '# ivr: ignore' names no code, a code that does not exist, or gives no reason. It hides nothing."
        ),
        why="Without the reason nobody dares to remove it, and nobody knows whether it was right.",
        example="timeout: 2s  # ivr: ignore M118",
        better="timeout: 2s  # ivr: ignore M118 -- only staff call this line",
        source="Practice of other linters (reasons beside suppressions)",
    ),
    Rule(
        code="L005",
        name="stale-baseline",
        severity="info",
        summary="a known finding that is gone",
        what="An entry of the baseline no longer occurs.",
        why="It would hide the same mistake when it comes back.",
        example="# ivr lint my.yaml --baseline known.json",
        better="# ivr lint my.yaml --write-baseline known.json",
        source="Practice of other linters (baselines)",
    ),
    Rule(
        code="L006",
        name="unreadable-settings",
        severity="error",
        summary="settings that cannot be read",
        what="A pyproject.toml above the flow is not TOML, or the file given as --baseline is no baseline.",
        why="What the project decided about its lines does not count.",
        example="[tool.ivr.lint\nignore = []",
        better="[tool.ivr.lint]\nignore = []",
        source="TOML 1.0.0; our own baseline format",
    ),
    Rule(
        code="L007",
        name="fix-refused",
        severity="warning",
        summary="a mend that was not made",
        what=(
            "A fix would have made a file that is no flow any more, or could not be made without touching anything"
            " else."
        ),
        why="A file that is half mended is worse than one that is not.",
        example="# ivr lint my.yaml --fix",
        better="# mend it by hand; the finding says how",
        source="Our own: every edit is read back and compared before it is written",
    ),
    Rule(
        code="L001",
        name="internal-rule-error",
        severity="error",
        summary="a rule failed on this flow",
        what="A rule of the linter failed on this flow. All other rules ran.",
        why="What the failed rule looks for may be wrong in the flow without being told.",
        example="# no flow should cause this",
        better="# report it, with the flow file",
        source="Our own fault, never the flow's",
    ),
    Rule(
        code="L002",
        name="unknown-rule",
        severity="error",
        summary="a code that no rule has",
        what="--select, --ignore or 'ivr explain' names a code that no rule has.",
        why="A misspelt code would silently check nothing.",
        example="# ivr lint my.yaml --select S02O",
        better="# ivr lint my.yaml --select S020",
        source="The command line",
    ),
    Rule(
        code="U001",
        name="wrong-usage",
        severity="error",
        summary="an unknown option, argument or value",
        what="A command was called with an option, an argument or a value it does not know.",
        why="A misspelt option that is ignored would change what the command does without a word.",
        example="# ivr lint my.yaml --jsn",
        better="# ivr lint my.yaml --json",
        source="The command line",
    ),
    Rule(
        code="Y001",
        name="not-yaml",
        severity="error",
        summary="not YAML at this place",
        what=(
            "The file cannot be read as YAML at this place. Often a text holds ': ' or ' #' without quotes, or the "
            "indentation slips."
        ),
        why="Nothing in the file can be trusted beyond this place.",
        example="say: Our hours: nine to five",
        better='say: "Our hours: nine to five"',
        source=_YAML,
    ),
    Rule(
        code="Y002",
        name="file-unreadable",
        severity="error",
        summary="the file cannot be opened",
        what="The file cannot be opened: it is not there, is a folder, or may not be read.",
        why="There is nothing to check.",
        example="# ivr lint northwnd.yaml",
        better="# ivr lint northwind.yaml",
        source="The operating system's answer",
    ),
    Rule(
        code="Y003",
        name="not-utf8-text",
        severity="error",
        summary="not UTF-8, or control characters",
        what="The file holds bytes that are not UTF-8, or control characters.",
        why="Accents and ñ come out wrong when the encoding is guessed, and a voice reads them wrong to every caller.",
        example="# saved as Windows-1252: a\\xf1o",
        better="# saved as UTF-8: año",
        source="RFC 3629; YAML 1.2.2, section 5.2",
    ),
    Rule(
        code="Y004",
        name="too-large-or-deep",
        severity="error",
        summary="too large, or nested too deep",
        what="The file is larger than 4,000,000 bytes or nested deeper than 40 levels.",
        why="No phone line needs it; a file like that is an accident or an attack.",
        example="a: {a: {a: {a: {}}}}  # and so on",
        better="a: {}",
        source="Limit of the reader",
    ),
    Rule(
        code="Y005",
        name="alias-or-tag",
        severity="error",
        summary="YAML anchors, aliases and tags",
        what="The file uses a YAML anchor (&name), alias (*name) or tag (!name).",
        why="A value that stands elsewhere has no line of its own to point at, and nested aliases can fill any memory.",
        example="next: *main",
        better="next: main",
        source=_YAML + "; the billion-laughs attack",
    ),
    Rule(
        code="Y006",
        name="bare-star-or-hash",
        severity="error",
        summary="* and # without quotes vanish",
        what=(
            "The keys * and # are written without quotes. In YAML a bare # begins a comment, so the entry vanishes, "
            "and a bare * begins an alias."
        ),
        why="The key would silently not work for any caller.",
        example="keys:\n  #: repeat",
        better="keys:\n  pound: repeat",
        source=_YAML,
    ),
    Rule(
        code="F001",
        name="unknown-key",
        severity="error",
        summary="a key that is not allowed here",
        what="A key that is not allowed here, mostly a misspelt one.",
        why="It would be ignored, and the flow would not do what its author wrote.",
        example="goodbye: {type: hangup, sya: Goodbye.}",
        better="goodbye: {type: hangup, say: Goodbye.}",
        source=_FORM,
    ),
    Rule(
        code="F002",
        name="missing-key",
        severity="error",
        summary="something that must be stated",
        what="Something that must be stated is missing.",
        why="There is no sensible default, so nothing is guessed.",
        example="welcome: {type: play, next: main}",
        better="welcome: {type: play, say: Welcome., next: main}",
        source=_FORM,
    ),
    Rule(
        code="F003",
        name="wrong-value",
        severity="error",
        summary="a value of the wrong kind",
        what=(
            "A value of the wrong kind: a word where a number belongs, a list where a text belongs, a number out of"
            " range."
        ),
        why="It would be guessed at, or fail during a call.",
        example="attempts: three",
        better="attempts: 3",
        source=_FORM,
    ),
    Rule(
        code="F004",
        name="unknown-node-type",
        severity="error",
        summary="a node type that does not exist",
        what="A node's type is none of the node types.",
        why="Nobody knows what such a node does.",
        example="main: {type: mneu}",
        better="main: {type: menu}",
        source=_FORM,
    ),
    Rule(
        code="S008",
        name="duplicate-key-or-node",
        severity="error",
        summary="one name given twice",
        what="One name is given twice in the same place: two nodes, or two settings of one node.",
        why="YAML readers keep the last one and drop the first without a word, and a whole branch of the menu is gone.",
        example="nodes:\n  sales: {type: queue, queue: sales}\n  sales: {type: hangup}",
        better="nodes:\n  sales: {type: queue, queue: sales}\n  sales_closed: {type: hangup}",
        source=_YAML + ", section 3.2.1.3",
    ),
)
