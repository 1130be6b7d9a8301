"""Totals and measures for those who need no child: counts under disclosure control."""
