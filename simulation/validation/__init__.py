"""Check formulas and engines against known values: ``ivr validate``.

Each file in ``simulation.validation.models`` is a model, discovered automatically: its targets with their sources, its
tables, and how its figures are measured.
"""

from simulation.validation.models import Model, all_models
from simulation.validation.run import SIZES, Validation, validate
from simulation.validation.target import LIMIT_Z, Sample, Target, Verdict

__all__ = ["LIMIT_Z", "SIZES", "Model", "Sample", "Target", "Validation", "Verdict", "all_models", "validate"]
