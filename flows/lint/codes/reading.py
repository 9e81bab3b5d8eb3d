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
        summary="a setting that has no effect",
        what=(
            "A setting, in the flow ('lint:'), in ivr.toml ('[lint]') or in pyproject.toml ('[tool.ivr.lint]'), names "
            "a rule, an option, a command, a severity or a profile that does not exist, or has a value that is not "
            "allowed."
        ),
        why="A misspelt setting checks something other than its author believes.",
        example="lint: {severity: {M1O1: info}}",
        better="lint: {severity: {M101: info}}",
        source="Our own: what can be set",
    ),
    Rule(
        code="L004",
        name="wrong-suppression",
        severity="warning",
        summary="an invalid suppression",
        what="A comment '# ivr: ignore' names no code or an unknown code, or gives no reason. It hides nothing.",
        why="Without a reason nobody dares to remove it, and nobody knows whether it was right.",
        example="timeout: 2s  # ivr: ignore M118",
        better="timeout: 2s  # ivr: ignore M118 -- only staff call this line",
        source="Practice of other linters (reasons beside suppressions)",
    ),
    Rule(
        code="L005",
        name="stale-baseline",
        severity="info",
        summary="a baseline entry that is gone",
        what="A finding in the baseline no longer occurs.",
        why="The entry would hide the same mistake if it came back.",
        example="# ivr lint my.yaml --baseline known.json",
        better="# ivr lint my.yaml --write-baseline known.json",
        source="Practice of other linters (baselines)",
    ),
    Rule(
        code="L006",
        name="unreadable-settings",
        severity="error",
        summary="settings that cannot be read",
        what="An ivr.toml or a pyproject.toml is not valid TOML, or the file given as --baseline is not a baseline.",
        why="The project's decisions about its lines do not apply.",
        example="[tool.ivr.lint\nignore = []",
        better="[tool.ivr.lint]\nignore = []",
        source="TOML 1.0.0; our own baseline format",
    ),
    Rule(
        code="L007",
        name="fix-refused",
        severity="warning",
        summary="a fix that was not applied",
        what="A fix would have left a file that is not a flow, or would have changed something else as well.",
        why="A half-fixed file is worse than an unfixed one.",
        example="# ivr lint my.yaml --fix",
        better="# fix it by hand; the finding says how",
        source="Our own: every edit is read back and compared before it is written",
    ),
    Rule(
        code="L001",
        name="internal-rule-error",
        severity="error",
        summary="a rule failed on this flow",
        what="A rule of the linter raised an error on this flow. All other rules ran.",
        why="Whatever this rule checks may be wrong in the flow without being reported.",
        example="# no flow should cause this",
        better="# report it, with the flow file",
        source="Our own fault, never the flow's",
    ),
    Rule(
        code="L002",
        name="unknown-rule",
        severity="error",
        summary="an unknown code",
        what="--select, --ignore or 'ivr explain' names a code that does not exist.",
        why="A misspelt code would silently check nothing.",
        example="# ivr lint my.yaml --select S02O",
        better="# ivr lint my.yaml --select S020",
        source="The command line",
    ),
    Rule(
        code="L008",
        name="own-rule-unusable",
        severity="error",
        summary="a rule of your own cannot be used",
        what=(
            "A rule of a folder or of an installed distribution raises an error when it is loaded, lacks something, or "
            "has the code or the name of another rule."
        ),
        why="What it would find goes unnoticed. All other rules ran.",
        example='RULE = Rule(code="M101", ...)',
        better='RULE = Rule(code="ACME001", ...)',
        source="CONTRIBUTING.md, 'A rule of your own'",
    ),
    Rule(
        code="L009",
        name="own-rules-left-out",
        severity="info",
        summary="rules beside the flow did not run",
        what=(
            "A folder 'rules' beside the flow has rules, but it was not named with --rules. Not even the settings of "
            "the project can name it, because they come with the folder."
        ),
        why="A rule is a program. Whoever checks a flow from elsewhere must not run its programs without knowing.",
        example="# ivr lint my.yaml",
        better="# ivr lint my.yaml --rules rules",
        source="Our own: to check a file must be safe, whoever wrote it",
    ),
    Rule(
        code="L010",
        name="node-types-refused",
        severity="warning",
        summary="a node type from outside is not used",
        what="An installed distribution offers node types (entry point group ivr.nodes). They are not used.",
        why=(
            "A flow has one meaning. A node type means something to the interpreter, the chain that a simulation "
            "walks, the seconds, the drawing, the TwiML and the virtual carrier at once, and tests hold them to the "
            "same path. One from outside would be a different call in each of them."
        ),
        example="# entry points: [ivr.nodes] weather = acme_nodes:Weather",
        better="# a lookup, which asks a service of your own, and a split on what it answers",
        source="Our own: docs/decisions.md, 'Rules may come from outside, node types may not'",
    ),
    Rule(
        code="U001",
        name="wrong-usage",
        severity="error",
        summary="an unknown option or argument",
        what="A command was called with an unknown option, argument or value.",
        why="Ignoring a misspelt option would silently change what the command does.",
        example="# ivr lint my.yaml --jsn",
        better="# ivr lint my.yaml --json",
        source="The command line",
    ),
    Rule(
        code="Y001",
        name="not-yaml",
        severity="error",
        summary="not valid YAML",
        what=(
            "The file cannot be read as YAML from this place on. Often a text contains ': ' or ' #' without quotes, "
            "or the indentation is off."
        ),
        why="Nothing after this place can be trusted.",
        example="say: Our hours: nine to five",
        better='say: "Our hours: nine to five"',
        source=_YAML,
    ),
    Rule(
        code="Y002",
        name="file-unreadable",
        severity="error",
        summary="the file cannot be opened",
        what="The file cannot be opened: it does not exist, is a folder, or is not readable.",
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
        what="The file contains bytes that are not UTF-8, or control characters.",
        why="If the encoding is guessed, accents and ñ come out wrong, and the voice reads them wrong to every caller.",
        example="# saved as Windows-1252: a\\xf1o",
        better="# saved as UTF-8: año",
        source="RFC 3629; YAML 1.2.2, section 5.2",
    ),
    Rule(
        code="Y004",
        name="too-large-or-deep",
        severity="error",
        summary="too large, or nested too deeply",
        what="The file is larger than 4,000,000 bytes or nested more than 40 levels deep.",
        why="No phone line needs that; such a file is an accident or an attack.",
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
        why="A value written elsewhere has no line of its own to point at, and nested aliases can exhaust any memory.",
        example="next: *main",
        better="next: main",
        source=_YAML + "; the billion-laughs attack",
    ),
    Rule(
        code="Y006",
        name="bare-star-or-hash",
        severity="error",
        summary="unquoted * or # as a key",
        what=(
            "The key * or # is written without quotes. In YAML a bare # begins a comment, so the entry vanishes, and "
            "a bare * begins an alias."
        ),
        why="The key would not work for any caller.",
        example="keys:\n  #: repeat",
        better="keys:\n  pound: repeat",
        source=_YAML,
    ),
    Rule(
        code="Y011",
        name="none-of-ours",
        severity="error",
        summary="a file that cannot be checked",
        what=(
            "A file was named that is neither a flow nor any other file of a phone line, or a table of calls that no "
            "scenario names. In a folder such files are left out."
        ),
        why="It would be checked for mistakes that it cannot have, or for none at all.",
        example="# ivr lint docker-compose.yaml",
        better="# ivr lint clinic.yaml, or ivr lint . for everything here",
        source="What every kind of file has at its top",
    ),
    Rule(
        code="F001",
        name="unknown-key",
        severity="error",
        summary="a key that is not allowed here",
        what="A key that is not allowed here, usually a misspelt one.",
        why="It would be ignored, and the flow would not do what its author wrote.",
        example="goodbye: {type: hangup, sya: Goodbye.}",
        better="goodbye: {type: hangup, say: Goodbye.}",
        source=_FORM,
    ),
    Rule(
        code="F002",
        name="missing-key",
        severity="error",
        summary="a required key is missing",
        what="A required key is missing.",
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
            "A value of the wrong kind: a word where a number belongs, a list where a text belongs, or a number out "
            "of range."
        ),
        why="It would have to be guessed, or fail during a call.",
        example="attempts: three",
        better="attempts: 3",
        source=_FORM,
    ),
    Rule(
        code="F004",
        name="unknown-node-type",
        severity="error",
        summary="a node type that does not exist",
        what="A node has an unknown type.",
        why="Nothing defines what such a node does.",
        example="main: {type: mneu}",
        better="main: {type: menu}",
        source=_FORM,
    ),
    Rule(
        code="S008",
        name="duplicate-key-or-node",
        severity="error",
        summary="one name given twice",
        what="The same name is used twice in one place: for two nodes, or for two settings of one node.",
        why="YAML readers keep the last one and silently drop the first, and with it a whole branch of the menu.",
        example="nodes:\n  sales: {type: queue, queue: sales}\n  sales: {type: hangup}",
        better="nodes:\n  sales: {type: queue, queue: sales}\n  sales_closed: {type: hangup}",
        source=_YAML + ", section 3.2.1.3",
    ),
)
