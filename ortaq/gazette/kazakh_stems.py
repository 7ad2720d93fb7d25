"""Kazakh words without their endings: a light stripper of inflection, since no well-kept library has a Kazakh stemmer.

It reads words in ASCII letters (`core.spelling.letters`: "қоғамдардың" is "kogamdardin"), so that every keyboard and alphabet has one
table. What is cut off: plural, possessive, case, in any order that Kazakh has, until nothing more comes off. An ending comes off only
after a sound that it can follow ("ты" after "т", never after "а"), and leaves at least three letters. Derivation stays: "әлеумет" and
"әлеуметтік" are two words.
"""

from __future__ import annotations

VOWELS = "aeiou"
VOICELESS = (
    "kptshfcbvgd"  # with б, в, г, д, which close only words of other languages and are spoken hard
)
SONOROUS = "lrmnzjw"
SHORTEST = 3

# (ending, after which letters it stands), the longest first.
_AFTER = (
    # Case after a possessive of the third person: жобасында, жобасынан, жобасына.
    (("ndagi", "ndegi", "nda", "nde", "nan", "nen", "na", "ne"), "i"),
    # ... and what belongs to a place: қаладағы, ауылдағы, мектептегі.
    (("dagi", "degi"), VOWELS + SONOROUS),
    (("tagi", "tegi"), VOICELESS),
    # Genitive, ablative, locative, accusative, dative, instrumental.
    (("nin",), VOWELS + "mn"),
    (("din", "di"), SONOROUS + "iu"),  # "у" and "й" end words as consonants do
    (("tin", "ti"), VOICELESS),
    (("nan", "nen"), "mn"),
    (("dan", "den", "da", "de"), VOWELS + SONOROUS),
    (("tan", "ten", "ta", "te"), VOICELESS),
    (("ni",), VOWELS),
    (("ga", "ge"), VOWELS + SONOROUS),
    (("ka", "ke"), VOICELESS),
    (("men",), VOWELS + SONOROUS),
    (("ben",), SONOROUS),
    (("pen",), VOICELESS),
    # Possessive: ours, yours, his.
    (("imizdi", "imizdin"), VOICELESS + SONOROUS),
    (("imiz", "iniz"), VOICELESS + SONOROUS),
    (("miz", "niz"), VOWELS),
    (("si",), VOWELS),
    # Plural.
    (("lar", "ler"), VOWELS + "rw"),
    (("dar", "der"), "lmnzj"),
    (("tar", "ter"), VOICELESS),
)
_ENDINGS = sorted(
    ((ending, frozenset(after)) for endings, after in _AFTER for ending in endings),
    key=lambda row: -len(row[0]),
)
# How a hard last sound is written before an ending that begins with a vowel: кітап - кітабы, көмек - көмегі.
_HARD = {"b": "p", "g": "k"}


def stem(word: str) -> str:
    """The stem of a word in ASCII letters; a word without endings is its own, but for its last sound."""
    if not word.isalpha():
        return word
    while (shorter := _without_one(word)) != word:
        word = shorter
    return word[:-1] + _HARD.get(word[-1], word[-1]) if len(word) > SHORTEST else word


def _without_one(word: str) -> str:
    for ending, after in _ENDINGS:
        left = len(word) - len(ending)
        if left >= SHORTEST and word[left - 1] in after and word.endswith(ending):
            return word[:left]
    # The object of a possessive: жобасын, қызметін.
    if word.endswith("in") and len(word) > SHORTEST + 2:
        return word[:-1]
    # His: қоғамы, қызметі; after a consonant, and after "у" of a verb's noun.
    if word.endswith("i") and len(word) > SHORTEST and word[-2] not in "aeio":
        return word[:-1]
    return word
