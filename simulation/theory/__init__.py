"""Exact answers: what a simulation must reproduce when its scenario is simple enough.

Every function takes rates per hour and times in seconds and returns an
``Answer``. Bad arguments raise ``flows.source.finding.UsageError``; a queue that
would grow for ever raises ``flows.source.finding.LimitError``.
"""

from simulation.theory.answer import Answer, PriorityAnswer
from simulation.theory.blending import BlendAnswer, blended_mmn
from simulation.theory.chats import ChatAnswer, chatting_mmn
from simulation.theory.erlang import blocking_probability, erlang_b, erlang_c, waiting_probability
from simulation.theory.impatience import erlang_a, mmn_plus_g
from simulation.theory.network import menu_lines_agents
from simulation.theory.patience import Constant, Exponential, Lognormal, Patience, Triangular, Uniform
from simulation.theory.priorities import priorities_mmn
from simulation.theory.staffing import fewest_agents, most_callers, scheduled

__all__ = [
    "Answer",
    "BlendAnswer",
    "ChatAnswer",
    "Constant",
    "Exponential",
    "Lognormal",
    "Patience",
    "PriorityAnswer",
    "Triangular",
    "Uniform",
    "blended_mmn",
    "blocking_probability",
    "chatting_mmn",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "fewest_agents",
    "menu_lines_agents",
    "mmn_plus_g",
    "most_callers",
    "priorities_mmn",
    "scheduled",
    "waiting_probability",
]
