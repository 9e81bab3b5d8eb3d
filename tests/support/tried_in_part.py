"""A line of which two calls try a part."""

from __future__ import annotations

LINE = """\
ivr: 1
name: Line <b> & "co"
languages: [en-US, es-US]
start: which
hours: {office: {zone: UTC, mon-fri: "08:00-18:00"}}
nodes:
  which: {type: language, choices: [{key: 1, language: en-US}, {key: 2, language: es-US}], next: open}
  open: {type: hours, hours: office, on: {open: main, closed: bye}}
  main:
    type: menu
    choices:
      - {key: 1, label: {en-US: sales, es-US: ventas}, next: desk}
      - {key: 2, label: {en-US: news, es-US: noticias}, next: bye}
    otherwise: bye
  desk: {type: queue, queue: desk, on: {closed: bye}}
  bye: {type: hangup, say: {en-US: Goodbye., es-US: Hasta luego.}}
  alone: {type: hangup, say: {en-US: Nobody., es-US: Nadie.}}
queues: {desk: {}}
"""
CALLS = """\
call: sales
  press 1
  press 1
  answer
  ends handled

call: silence, and then the news
  press 1
  wait
  press 2
  ends contained
"""
