"""The plan interpreted: what a call would meet, without a PBX."""

from pbxctl.simulate.simulate import End, StepTaken, Story, simulate
from pbxctl.simulate.world import USUAL_WORLD, World

__all__ = ["USUAL_WORLD", "End", "StepTaken", "Story", "World", "simulate"]
