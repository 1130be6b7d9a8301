"""Ofsted's lists for an inspection of children's services (Annex A), made out of the record as at a day.

`lists/` has one SQL text a list over the tables of the record; `making.py` runs them, `book.py` writes the workbook,
`runs.py` keeps each run and hands the lists out.
"""
