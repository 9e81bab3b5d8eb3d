"""What is known to be true, held against our formulas and our engines: ``ivr validate``.

One file a model in ``simulation.validation.models``, found by its presence:
its targets with their sources, its tables, and how the figures are taken.
"""

from simulation.validation.models import Model, all_models
from simulation.validation.run import SIZES, Validation, validate
from simulation.validation.target import LIMIT_Z, Sample, Target, Verdict

__all__ = ["LIMIT_Z", "SIZES", "Model", "Sample", "Target", "Validation", "Verdict", "all_models", "validate"]
