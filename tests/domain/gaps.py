"""The gaps of a sentence, and what fills them."""

from string import Formatter

from onboarding.domain.explain import Sentence


def unfilled(sentence: Sentence) -> set[str]:
    """Gaps that nothing fills, and fillings that no gap asks for."""
    asked = {name for _, name, _, _ in Formatter().parse(sentence.text) if name is not None}
    return asked ^ {*sentence.moments, *sentence.numbers, *sentence.names}
