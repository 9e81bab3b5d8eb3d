"""What goes wrong in writing a phone line in YAML, and the finding a designer needs."""

from __future__ import annotations

HEAD = "ivr: 1\nname: Line\nstart: main\n"
NODE = "nodes:\n  main: "
BARE_HASH = 'Y006 a bare # starts a comment, so this entry vanishes in YAML | write pound, or "#" in quotes'
BARE_STAR = 'Y006 a bare * starts an alias in YAML | write star, or "*" in quotes'
QUOTES = "put the text in quotes"
ALIAS = (
    "Y005 aliases and anchors (*name, &name) are not allowed | write the value out; put a text that begins with * or &"
    " in quotes"
)
NO_COLON = (
    "Y001 this line is not 'key: value' | put a colon and a space after the key, or '- ' before an entry of a list"
)
DEEP = "Y004 nested deeper than 40 levels | a flow needs about six levels; flatten it"
NO_TARGET = "F003 nothing is written here | the name of a node belongs here"
NUMBER = (
    'is not allowed here | write a number with + and country code, like "+14155550100", '
    "or a SIP address, like sip:desk@example.com"
)

TRAPS = {
    # keys of the telephone
    "no is no key": (
        HEAD + "keys: {no: main}\n",
        "4:8 M002 'no' is not a phone key | write 0 to 9, star or pound (up to 4 keys)",
    ),
    "five keys": (
        HEAD + "keys: {12345: main}\n",
        "4:8 M002 '12345' is not a phone key | write 0 to 9, star or pound (up to 4 keys)",
    ),
    "letter key": (
        HEAD + "nodes:\n  main:\n    type: menu\n    choices:\n      - {key: 12a, next: main}\n",
        "8:15 M002 '12a' is not a phone key | write 0 to 9, star or pound (up to 4 keys)",
    ),
    "word for a key while waiting": (
        HEAD + NODE + "{type: queue, queue: desk, while_waiting: {hello: main}}\n",
        "5:52 M002 'hello' is not a phone key | write 0 to 9, star or pound (up to 4 keys)",
    ),
    "bare # as a key": (HEAD + "keys:\n  #: main\n", "5:3 " + BARE_HASH),
    "bare # in braces": (HEAD + "keys: {0: main, #: main}\n", "4:17 " + BARE_HASH),
    "bare # as a value": (
        HEAD + "nodes:\n  main:\n    type: menu\n    choices:\n      - key: #\n",
        "8:14 " + BARE_HASH,
    ),
    "bare * as a key": (HEAD + "keys:\n  *: main\n", "5:3 " + BARE_STAR),
    "bare * in braces": (HEAD + "keys: {0: main, *: main}\n", "4:17 " + BARE_STAR),
    "bare * as a value": (
        HEAD + "nodes:\n  main:\n    type: menu\n    choices:\n      - {key: *, next: main}\n",
        "8:15 " + BARE_STAR,
    ),
    # times, dates, numbers
    "9:00 alone": (
        HEAD + "hours:\n  office: {zone: UTC, mon-fri: 9:00}\n",
        "5:32 F003 '9:00' is not a span of time | write \"08:00-20:00\" in quotes, several with commas",
    ),
    "monday": (
        HEAD + 'hours:\n  office: {zone: UTC, monday: "08:00-17:00"}\n',
        "5:23 F003 'monday' is not a day | did you mean 'mon'?",
    ),
    "hour above 24": (
        HEAD + 'hours:\n  office: {zone: UTC, mon: "20:00-28:00"}\n',
        "5:28 F003 '20:00-28:00' has an hour above 24:00 | did you mean '20:00-04:00'?",
    ),
    "hour above 24 in a calendar of many lines": (
        HEAD + "hours:\n  office:\n    zone: UTC\n    mon-fri: 9:00-17:00\n    sat: 9:00-25:00\n",
        "8:10 F003 '9:00-25:00' has an hour above 24:00 | did you mean '09:00-01:00'?",
    ),
    "misspelt day in a calendar of many lines": (
        HEAD + "hours:\n  office:\n    zone: UTC\n    mon-fri: 9:00-17:00\n    sta: 9:00-12:00\n",
        "8:5 F003 'sta' is not a day | did you mean 'sat'?",
    ),
    "day given twice": (
        HEAD + "hours:\n  office:\n    zone: UTC\n    mon-fri: 9:00-17:00\n    tue: 9:00-12:00\n",
        "8:5 F003 tue is given twice, in 'mon-fri' and 'tue' | leave it out of one of them",
    ),
    "day under week": (
        HEAD + "hours:\n  office:\n    zone: UTC\n    week:\n      sta: 9:00-12:00\n",
        "8:7 F003 'sta' is not a day | did you mean 'sat'?",
    ),
    "language without phrases": (
        HEAD + "languages: [en-US, xx-XX]\n" + NODE + "{type: hangup}\n",
        "4:20 F003 'xx-XX' has no phrases yet | write languages/xx.yaml beside the flow"
        " ('ivr init --language xx' begins it), or speak one of: ar, de, el, en, es, fr, it, ja, pl, pt, vi, zh, each with a region",
    ),
    "European date": (
        HEAD + 'hours:\n  office: {zone: UTC, mon: "08:00-17:00", closed: [25.12.2026]}\n',
        "5:52 F003 '25.12.2026' is not a date like 2026-12-25 | write a date like 2026-12-25",
    ),
    "number without +": (HEAD + NODE + "{type: dial, number: 4155550100}\n", f"5:30 F003 '4155550100' {NUMBER}"),
    "no time at all": (
        HEAD + NODE + "{type: menu, timeout: 0s, choices: [{key: 1, next: main}]}\n",
        "5:31 F003 '0s' must be at least 1s | ",
    ),
    "too long a time": (
        HEAD + NODE + "{type: menu, timeout: 90s, choices: [{key: 1, next: main}]}\n",
        "5:31 F003 '90s' must be at most 1m | ",
    ),
    "misspelt time zone": (
        HEAD + 'hours:\n  office: {zone: America/NewYork, mon: "08:00-17:00"}\n',
        "5:18 F003 'America/NewYork' is not a time zone | did you mean 'America/New_York'?",
    ),
    "time zone of another region": (
        HEAD + 'hours:\n  office: {zone: US/new york, mon: "08:00-17:00"}\n',
        "5:18 F003 'US/new york' is not a time zone | did you mean 'America/New_York'?",
    ),
    "time zone that is like none": (
        HEAD + 'hours:\n  office: {zone: xyzzyq, mon: "08:00-17:00"}\n',
        "5:18 F003 'xyzzyq' is not a time zone | write one like America/New_York or Europe/Madrid",
    ),
    "minutes in words": (
        HEAD + NODE + "{type: queue, queue: desk, max_wait: 15 minutes}\n",
        "5:46 F003 '15 minutes' is not a duration | did you mean '15m'?",
    ),
    "per cent": (
        HEAD + NODE + "{type: menu, choices: [{key: 1, next: main, share: 50 per cent}]}\n",
        "5:60 F003 '50 per cent' is not a share | write 0.8 or 80%",
    ),
    "share above 1": (
        HEAD + NODE + "{type: menu, choices: [{key: 1, next: main, share: 2}]}\n",
        "5:60 F003 '2' is not a share | did you mean '2%'?",
    ),
    "number in words": (
        HEAD + NODE + "{type: menu, attempts: three, choices: [{key: 1, next: main}]}\n",
        "5:32 F003 'three' is not a whole number | write a whole number",
    ),
    "out of range": (
        HEAD + NODE + "{type: menu, attempts: 99, choices: [{key: 1, next: main}]}\n",
        "5:32 F003 '99' must be at most 10 | ",
    ),
    "not a number": (
        HEAD + NODE + "{type: hangup, say: {text: Bye., seconds: nan}}\n",
        "5:51 F003 'nan' is not a finite number | write a finite number",
    ),
    "neither true nor false": (
        HEAD + NODE + "{type: play, say: Hi., serves: maybe, next: main}\n",
        "5:40 F003 'maybe' is not true or false | write true or false",
    ),
    # names given twice, aliases, tags
    "node twice": (
        HEAD + "nodes:\n  main: {type: hangup}\n  main: {type: hangup}\n",
        "6:3 S008 'main' is given twice; the first is on line 5 | rename one or remove it; nothing is kept silently",
    ),
    "setting twice": (
        HEAD + "name: Again\n",
        "4:1 S008 'name' is given twice; the first is on line 2 | rename one or remove it; nothing is kept silently",
    ),
    "alias": (HEAD + "nodes:\n  main: &m {type: hangup}\n  other: *m\n", "5:9 " + ALIAS),
    "text that begins with a star": (HEAD + NODE + "{type: hangup, say: *Goodbye*}\n", "5:29 " + ALIAS),
    "merge key": (HEAD + "base: &b {type: hangup}\nnodes:\n  main:\n    <<: *b\n", "4:7 " + ALIAS),
    "tag": (
        HEAD + NODE + "!node {type: hangup}\n",
        "5:9 Y005 tags (!node) are not allowed | remove it; put a text that begins with ! in quotes",
    ),
    "tag of a number": (
        HEAD + NODE + "{type: hangup, say: !!int 5}\n",
        "5:29 Y005 tags (!!int) are not allowed | remove it; put a text that begins with ! in quotes",
    ),
    # texts without quotes
    "colon in a text": (
        HEAD + "description: Our hours: nine to five\n",
        "4:23 Y001 a second ': ' on one line | " + QUOTES,
    ),
    "colon in a text in braces": (
        HEAD + NODE + "{type: hangup, say: Our hours: nine}\n",
        "5:38 Y001 a second ': ' in one text | " + QUOTES,
    ),
    "comma in a text in braces": (
        HEAD + NODE + "{type: hangup, say: Goodbye, caller.}\n",
        "5:38 F001 unknown key 'caller.' | inside { } a comma ends a text: put the whole text in quotes",
    ),
    "hash in a text in braces": (
        HEAD + NODE + "{type: hangup, say: We are #1 in town}\n",
        "5:36 Y001 ' #' begins a comment here, and the rest of the line vanishes | " + QUOTES,
    ),
    "text that begins with a value": (
        HEAD + NODE + "{type: hangup, say: {name} hello}\n",
        "5:36 Y001 more follows after } | put a text that begins with { or [ in quotes",
    ),
    "text that is a value": (
        HEAD + NODE + "{type: hangup, say: {name}}\n",
        "5:29 F003 'name' is not a language | write texts by language tag: {en-US: ..., es-US: ...}",
    ),
    "text that begins with @": (
        HEAD + NODE + "{type: hangup, say: @home}\n",
        "5:29 Y001 a text cannot begin with @ | " + QUOTES,
    ),
    "apostrophe": (
        HEAD + NODE + "{type: hangup, say: 'It's late.'}\n",
        (
            "5:33 Y001 more follows after the closing quote | inside '...' write '' for an apostrophe, or put the "
            'text in "..."'
        ),
    ),
    "quote not closed": (
        HEAD + NODE + '{type: hangup, say: "Bye}\n',
        "5:29 Y001 the quote that opens here is never closed | close it",
    ),
    "brace not closed": (
        HEAD + NODE + "{type: hangup, say: Bye\n",
        "5:9 Y001 the { that opens here is never closed | close it with }",
    ),
    "no space after the colon": (
        HEAD + "nodes:\n  main:\n    type:hangup\n",
        "6:5 F003 'type:hangup' is not 'key: value' entries | put a space after the colon",
    ),
    "brace closed twice in an entry": (
        HEAD + "nodes:\n  main:\n    type: menu\n    choices:\n      - {key: 1, next: main}}\n",
        "8:29 Y001 there is a } too many | remove it",
    ),
    "brace closed twice in a node": (
        HEAD + NODE + "{type: hangup}}\n  b: {type: hangup}\n",
        "5:23 Y001 there is a } too many | remove it",
    ),
    "brace closed twice at the end": ('{"ivr": 1}}\n', "1:11 Y001 there is a } too many | remove it"),
    "value inside a text in braces": (
        HEAD + NODE + "{type: play, say: Hi {name}., next: main}\n",
        "5:30 Y001 a { stands inside a text without quotes | " + QUOTES,
    ),
    "nothing after a colon in braces": (
        HEAD + NODE + "{type: play, say:, next: main}\n",
        "5:25 Y001 nothing is written after 'say:' | write it, or remove 'say:'",
    ),
    "no space before a bracket": (
        HEAD + NODE + "{type: menu, choices:[{key: 1, next: main}]}\n",
        "5:29 Y001 there is no space after 'choices:' | put a space after the colon",
    ),
    "backslash": (
        HEAD + NODE + '{type: hangup, say: "a \\q"}\n',
        "5:32 Y001 a backslash begins nothing known here | write \\\\ for a backslash, or put the text in '...'",
    ),
    # layout
    "line without a colon": (
        HEAD + "description\nnodes:\n  main: {type: hangup}\n",
        "4:1 " + NO_COLON,
    ),
    "entry without a dash": (
        HEAD + "languages:\n  - en-US\n  es-US\n" + NODE + "{type: hangup}\n",
        "6:3 " + NO_COLON,
    ),
    "key among entries": (
        HEAD + "languages:\n  - en-US\n  main: en-US\n" + NODE + "{type: hangup}\n",
        (
            "6:3 Y001 'main:' is indented too far, or lacks the '- ' of an entry | align it with 'languages:' on "
            "line 4, or begin it with '- '"
        ),
    ),
    "key too deep after a list": (
        HEAD + "nodes:\n  main:\n    type: menu\n    choices:\n      - {key: 1, next: main}\n      otherwise: main\n",
        (
            "9:7 Y001 'otherwise:' is indented too far, or lacks the '- ' of an entry | align it with 'choices:' on "
            "line 7, or begin it with '- '"
        ),
    ),
    "key too deep": (
        HEAD + "nodes:\n  main:\n    type: menu\n      otherwise: main\n",
        "7:7 Y001 this line is indented too far | align it with the lines it belongs to",
    ),
    "node too deep": (
        HEAD + "nodes:\n  main: {type: hangup}\n    other: {type: hangup}\n",
        "6:5 Y001 this line is indented too far | align it with the lines it belongs to",
    ),
    "key without a colon": (
        HEAD + "nodes:\n  main:\n    type menu\n    choices:\n      - {key: 1, next: main}\n",
        "6:5 Y001 'type menu' is not 'key: value' | write 'type: menu'",
    ),
    "key without a colon, a comment between": (
        HEAD + "nodes:\n  main:\n    type menu  # the main menu\n\n    # what it offers\n    choices:\n",
        "6:5 Y001 'type menu' is not 'key: value' | write 'type: menu'",
    ),
    "key without a space": (
        HEAD + "nodes:\n  main:\n    type:menu\n    choices:\n      - {key: 1, next: main}\n",
        "6:5 Y001 'type:menu' is not 'key: value' | write 'type: menu'",
    ),
    "later key without a colon": (
        HEAD + "nodes:\n  main:\n    type: hangup\n    say Hello\n  other: {type: hangup}\n",
        "7:5 Y001 'say Hello' is not 'key: value' | write 'say: Hello'",
    ),
    "entry of a list, and a key": (
        HEAD + "nodes:\n  main:\n    type: menu\n    choices:\n      - orders\n        next: main\n",
        "8:9 " + NO_COLON,
    ),
    "no-break space that YAML reads as a name": (
        HEAD + "nodes:\n  main: {type: hangup}\n \xa0other: {type: hangup}\n",
        "6:2 Y001 a no-break space (U+00A0) stands here | write a plain space",
    ),
    "no-break space before a key": (
        HEAD + "nodes:\n  main:\n  \xa0 type: hangup\n    say: Bye.\n",
        "6:3 Y001 a no-break space (U+00A0) stands here | write a plain space",
    ),
    "no-break space after a colon": (
        HEAD + "nodes:\n  main:\n    type:\xa0menu\n    choices:\n",
        "6:10 Y001 a no-break space (U+00A0) stands here | write a plain space",
    ),
    "after the end": (
        "{ivr: 1, name: Line}\nstart: main\n",
        "2:1 Y001 this belongs to nothing above | align it with the lines it belongs to",
    ),
    "nothing between commas": (
        HEAD + "languages: [en-US, , es-US]\n" + NODE + "{type: hangup}\n",
        "4:20 Y001 a value is missing here | write it, or remove the comma or colon before",
    ),
    "tab": (HEAD + "nodes:\n\tmain: {type: hangup}\n", "5:1 Y001 a tab is used for indentation | indent with spaces"),
    "tab further on": (
        HEAD + "nodes:\n  main:\n\t  type: hangup\n",
        "6:1 Y001 a tab is used for indentation | indent with spaces",
    ),
    "indentation slips": (
        HEAD + "nodes:\n  main:\n    type: play\n   say: x\n",
        "7:4 Y001 this line does not fit the indentation of the lines above | align it with the lines it belongs to",
    ),
    "nothing under a node": (
        HEAD + "nodes:\n  main:\n",
        "5:8 F003 nothing is written here; 'key: value' entries belong here | write for example {type: hangup}",
    ),
    "node that is a word": (
        HEAD + "nodes:\n  main: hangup\n",
        "5:9 F003 'hangup' is not 'key: value' entries | write for example {type: hangup}",
    ),
    "node that is the word of another type": (
        HEAD + "nodes:\n  main: menu\n",
        "5:9 F003 'menu' is not 'key: value' entries | write {type: menu, ...}",
    ),
    "choice that is a word": (
        HEAD + NODE + "{type: menu, choices: [orders]}\n",
        "5:32 F003 'orders' is not 'key: value' entries | write {key: ..., next: ...}",
    ),
    "nothing after next": (HEAD + "nodes:\n  main:\n    type: play\n    say: Hi.\n    next:\n", "8:10 " + NO_TARGET),
    "nothing after otherwise": (
        HEAD
        + "nodes:\n  main:\n    type: menu\n    otherwise:\n    choices:\n      - {key: 1, label: sales, next: main}\n",
        "7:15 " + NO_TARGET,
    ),
    "nothing after an outcome": (HEAD + NODE + "{type: queue, queue: desk, on: {timeout: }}\n", "5:50 " + NO_TARGET),
    "nothing after a key": (HEAD + "keys: {0: }\n", "4:11 " + NO_TARGET),
    "nothing after start": (HEAD.replace("main", "") + NODE + "{type: hangup}\n", "3:7 " + NO_TARGET),
    "list of nodes": (
        HEAD + "nodes:\n  - {type: hangup}\n",
        "5:3 F003 a list stands where 'name: value' entries belong | leave out the '- ' and give each entry a name",
    ),
    "choices without dashes": (
        HEAD + NODE + "{type: menu, choices: {1: sales}}\n",
        "5:31 F003 a mapping stands where a list belongs | begin each entry with '- '",
    ),
    "no choice": (HEAD + NODE + "{type: menu, choices: []}\n", "5:31 F003 the list is empty | write at least one"),
    "one language": (
        HEAD + "languages: en-US\n" + NODE + "{type: hangup}\n",
        "4:12 F003 'en-US' is not a list | write [en-US]",
    ),
    "list for a text": (
        HEAD + NODE + "{type: hangup, say: [Bye.]}\n",
        "5:29 F003 a list cannot be spoken | write a text, or a text by language: {en-US: ..., es-US: ...}",
    ),
    "second document": (
        HEAD + "nodes:\n  main: {type: hangup}\n---\nivr: 1\n",
        "6:1 Y001 a second document starts here (---) | one flow a file: remove the line",
    ),
    "list instead of a flow": ("- a\n", "1:1 F003 the file must be 'key: value' lines | begin with 'ivr: 1'"),
    "word instead of a flow": ("hello\n", "1:1 F003 the file must be 'key: value' lines | begin with 'ivr: 1'"),
    "key that is a list": (
        HEAD + "nodes:\n  ? [a, b]\n  : {type: hangup}\n",
        "5:5 Y001 a key must be a plain word | write 'name: value'",
    ),
    "no version": (
        "name: Line\nstart: main\nnodes:\n  main: {type: hangup}\n",
        "1:1 F002 'ivr' is missing | add 'ivr: 1'",
    ),
    "empty": ("", "1:1 Y001 the file is empty | begin with 'ivr: 1'"),
    "only a comment": ("# to do\n", "1:1 Y001 the file is empty | begin with 'ivr: 1'"),
    # size, depth, characters
    "40 braces too deep": ("a: " + "{a: " * 60 + "1" + "}" * 60, "1:160 " + DEEP),
    "100,000 brackets": ("[" * 100_000, "1:41 " + DEEP),
    "600 levels of indentation": ("\n".join(" " * n + "a:" for n in range(600)), "41:41 " + DEEP),
    "too large": ("#" * 4_000_001, "0:0 Y004 larger than 4,000,000 bytes | split it into several files"),
    "control character": (
        HEAD + "description: a\x1bb\n",
        "4:15 Y003 control character '\\x1b' | remove it; this is a text file",
    ),
    # names
    "misspelt key": (HEAD + NODE + "{type: hangup, sya: Bye.}\n", "5:24 F001 unknown key 'sya' | did you mean 'say'?"),
    "misspelt section": (
        HEAD + "node:\n  main: {type: hangup}\n",
        "4:1 F001 unknown key 'node' | did you mean 'nodes'?",
    ),
    "misspelt key of a choice": (
        HEAD + NODE + "{type: menu, choices: [{key: 1, nxt: main}]}\n",
        "5:41 F001 unknown key 'nxt' | did you mean 'next'?",
    ),
    "misspelt type": (HEAD + NODE + "{type: mneu}\n", "5:16 F004 unknown node type 'mneu' | did you mean 'menu'?"),
    "no type": (
        HEAD + NODE + "{say: Hello.}\n",
        "5:9 F002 'type' is missing | say what this node is, e.g. 'type: menu'",
    ),
    "misspelt outcome": (
        HEAD + NODE + "{type: queue, queue: desk, on: {timout: main}}\n",
        "5:41 F003 'timout' is not one of 'answered', 'timeout', 'full', 'closed' | did you mean 'timeout'?",
    ),
    "node with a space further on": (
        HEAD + "nodes:\n  main: {type: hangup}\n  other: {type: hangup}\n  good bye: {type: hangup}\n",
        "7:3 F003 'good bye' cannot name a node | use letters, digits and _ (not back, repeat, return)",
    ),
    "node called back": (
        HEAD + "nodes:\n  back: {type: hangup}\n",
        "5:3 F003 'back' cannot name a node | use letters, digits and _ (not back, repeat, return)",
    ),
    "value with a space": (
        HEAD + NODE + "{type: collect, say: Number?, into: my value, digits: 6}\n",
        "5:45 F003 'my value' is not allowed here | write a name of letters, digits and _, like account_number",
    ),
    "version": (
        "ivr: 2\nname: x\nstart: a\nnodes: {a: {type: hangup}}\n",
        (
            "1:6 V001 the file is written in version 2 of the flow language; this program reads versions 0 and 1 | "
            "use a newer program; 'ivr --version' tells which this is"
        ),
    ),
}
