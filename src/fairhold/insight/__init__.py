"""Totals for those who need no child: counts under disclosure control."""

from fairhold.insight.totals import Total, totals

__all__ = ["Total", "totals"]
