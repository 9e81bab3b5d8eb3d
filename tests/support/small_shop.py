"""A shop with two queues, and three people who answer them."""

from __future__ import annotations

LINE = """\
ivr: 1
name: Shop
languages: [en-US, es-US]
start: main
nodes:
  main:
    type: menu
    choices:
      - {key: 1, label: {en-US: sales, es-US: ventas}, next: sales}
      - {key: 2, label: {en-US: repairs, es-US: arreglos}, next: repairs}
    otherwise: sales
  sales: {type: queue, queue: sales}
  repairs: {type: queue, queue: repairs}
"""
AGENTS = """\
routing: {policy: skill_priority, after: {sales: {workshop: 20s}}}
groups:
  counter: {skills: [sales]}
  workshop: {skills: {repairs: 1, sales: 2}}
agents:
  ana: {name: Ana, group: counter, phone: "+14155550101"}
  ben: {name: Ben, group: workshop, sip: "sip:ben@pbx.example.com"}
  chi: {name: Chi, skills: [repairs], browser: true, languages: [es-US]}
"""
