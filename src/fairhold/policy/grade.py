"""Flesch-Kincaid grade of English text, counting syllables rather too many than too few."""

from __future__ import annotations

import re

HARDEST = 7
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'-]*")


def syllables(word: str) -> int:
    """Groups of vowels, a silent e left out; letters and figures that are spelt out count one each and more."""
    if any(sign.isdigit() for sign in word) or (word.upper() == word and len(word) > 1 and not word.isalpha()):
        return max(2, len(word) - 1)
    if sum(sign.isupper() for sign in word) > 1 and len(word) <= 4:
        return len(word)
    plain = word.lower().removesuffix("'s")
    groups = len(re.findall(r"[aeiouy]+", plain)) + len(re.findall(r"i[ao]|eo|uou", plain))
    if re.search(r"[^aeiouy]e$", plain) and not plain.endswith("le"):
        groups -= 1
    if re.search(r"[^aeiouytd]ed$", plain):
        groups -= 1
    return max(1, groups)


def grade(text: str) -> float:
    """0.39 × words per sentence + 11.8 × syllables per word − 15.59."""
    words = WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(re.findall(r"[.!?](?:\s|$)", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
