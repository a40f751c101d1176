"""The mark on every text of the rules that people read."""


def gettext_noop(message: str) -> str:
    """The text as it is. `makemessages` knows the name and puts the text into the catalogue.

    The rules speak English and import no translations; edges translate what they are given
    (`onboarding.sentences`). So a text with gaps stays whole: what fills a gap is translated by itself.
    """
    return message
