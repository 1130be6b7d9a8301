"""Obligation → what Fairhold does → test → last result: the privacy notice, sentence by sentence."""

from fairhold.proof.domain import Obligation, State, obligations, summary

__all__ = ["Obligation", "State", "obligations", "summary"]
