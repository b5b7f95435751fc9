"""The sentences that callers hear, in four languages, as a careful native speaker would say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from pbxctl.plan.answers import Answers, Relation
from pbxctl.prompts.asides import aside, spoken_key
from pbxctl.prompts.kinds import WHOLE, PromptKind, PromptText
from pbxctl.prompts.own import own_text
from pbxctl.prompts.spoken import spoken_date, spoken_mail, spoken_name, spoken_time, spoken_weekday

__all__ = [
    "PromptKind",
    "PromptText",
    "Sentence",
    "fallback_text",
    "from_time",
    "prompt_text",
    "sentences",
    "spoken_when",
]


@dataclass(frozen=True, slots=True)
class _Sentences:
    """One language's sentences; ``{company}``, ``{mail}``, ``{when}`` stand for words filled in."""

    welcome: str
    welcome_unnamed: str
    closed_today: str  # for an answer on another day
    closed_now: str  # for an answer on the same day, or none that is known
    closed: str  # for whatever is not the closed day
    mail: str
    answers: str  # with one of the five below as {when}
    today: str
    tomorrow: str
    within_week: str
    later: str
    unknown: str
    message: str
    nobody: str
    next_working_day: str
    after_tone: str


_SENTENCES: Mapping[str, _Sentences] = {
    "nl": _Sentences(
        welcome="Welkom bij {company}.",
        welcome_unnamed="Welkom.",
        closed_today="Vandaag werken wij achter gesloten deuren, zodat iedereen kan doorwerken.",
        closed_now="Nu werken wij achter gesloten deuren, zodat iedereen kan doorwerken.",
        closed="Op dit moment zijn wij gesloten.",
        mail="U kunt mailen naar {mail}.",
        answers="{when} nemen wij weer op.",
        today="Vandaag vanaf {time}",
        tomorrow="Morgen, {weekday},",
        within_week="Op {weekday}",
        later="Op {date}",
        unknown="Zodra het kan",
        message="Spreek gerust in na de toon.",
        nobody="Op dit moment kan niemand uw oproep aannemen.",
        next_working_day="Op een bericht krijgt u de volgende werkdag antwoord.",
        after_tone="Spreek in na de toon.",
    ),
    "fr": _Sentences(
        welcome="Bienvenue chez {company}.",
        welcome_unnamed="Bienvenue.",
        closed_today="Aujourd'hui, nous travaillons à portes fermées, afin que chacun avance au calme.",
        closed_now="En ce moment, nous travaillons à portes fermées, afin que chacun avance au calme.",
        closed="Nous sommes fermés en ce moment.",
        mail="Écrivez-nous à {mail}.",
        answers="Nous reprendrons les appels {when}.",
        today="aujourd'hui, à partir {time}",
        tomorrow="demain, {weekday}",
        within_week="{weekday}",
        later="{date}",
        unknown="dès que possible",
        message="Laissez-nous un message après le bip.",
        nobody="Personne ne peut prendre votre appel pour le moment.",
        next_working_day="Si vous laissez un message, vous aurez une réponse le prochain jour ouvrable.",
        after_tone="Parlez après le bip.",
    ),
    "de": _Sentences(
        welcome="Willkommen bei {company}.",
        welcome_unnamed="Willkommen.",
        closed_today="Heute arbeiten wir hinter geschlossenen Türen, damit alle vorankommen.",
        closed_now="Zurzeit arbeiten wir hinter geschlossenen Türen, damit alle vorankommen.",
        closed="Zurzeit haben wir geschlossen.",
        mail="Schreiben Sie uns an {mail}.",
        answers="Wir sind {when} wieder am Telefon.",
        today="heute ab {time}",
        tomorrow="morgen, {weekday},",
        within_week="am {weekday}",
        later="am {date},",
        unknown="so bald wie möglich",
        message="Sprechen Sie gern nach dem Ton.",
        nobody="Zurzeit kann niemand Ihren Anruf annehmen.",
        next_working_day="Auf eine Nachricht erhalten Sie am nächsten Arbeitstag Antwort.",
        after_tone="Bitte sprechen Sie nach dem Ton.",
    ),
    "en": _Sentences(
        welcome="Hello, this is {company}.",
        welcome_unnamed="Hello.",
        closed_today="Today we are working behind closed doors, so everyone can get things done.",
        closed_now="Right now we are working behind closed doors, so everyone can get things done.",
        closed="We are closed at the moment.",
        mail="You can email us at {mail}.",
        answers="We answer the phone again {when}.",
        today="today, from {time}",
        tomorrow="tomorrow, {weekday}",
        within_week="on {weekday}",
        later="on {date}",
        unknown="as soon as we can",
        message="Please leave a message after the tone.",
        nobody="Nobody can take your call at the moment.",
        next_working_day="A message will be answered on the next working day.",
        after_tone="Please speak after the tone.",
    ),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence under its name; ``{company}``, ``{mail}`` and ``{when}`` are yet to be filled in."""

    name: str
    template: str


def sentences(
    kind: PromptKind, language: str, answers: Answers, *, named: bool, mailed: bool
) -> tuple[Sentence, ...]:
    """The sentences of a prompt in their order; ``named``, ``mailed``: there is a name, an address to say.

    Raises:
        KeyError: a language that pbxctl has no sentences for (see ``names.LANGUAGES``).
    """
    say = _SENTENCES[language]
    welcome = Sentence("welcome", say.welcome if named else say.welcome_unnamed)
    write_to = (Sentence("mail", say.mail),) if mailed else ()
    if kind is PromptKind.NEUTRAL:
        ending = (
            Sentence("next_working_day", say.next_working_day),
            Sentence("after_tone", say.after_tone),
        )
        return (welcome, Sentence("nobody", say.nobody), *write_to, *ending)
    if kind is PromptKind.CLOSED:
        closed = Sentence("closed", say.closed)
    elif answers.relation in (Relation.TODAY, Relation.UNKNOWN):
        closed = Sentence("behind_doors_now", say.closed_now)
    else:
        closed = Sentence("behind_doors", say.closed_today)
    ending = (Sentence("answers", say.answers), Sentence("message", say.message))
    return (welcome, closed, *write_to, *ending)


def prompt_text(
    kind: PromptKind, language: str, company: str, mail: str, answers: Answers, own: str = "", key: str = ""
) -> str:
    """The whole text of a prompt, ready to be spoken.

    ``company`` and ``mail`` may hold anything: they are only ever words to be said. An address that
    is empty or too long to be understood is left out; a name with nothing to say in it, too. ``own``
    is a text of the company's in place of ours, with the same ``{company}``, ``{mail}``, ``{when}`` and
    ``{key}``.

    Raises:
        KeyError: a language that pbxctl has no sentences for (see ``names.LANGUAGES``).
    """
    name = spoken_name(company, language)
    address = spoken_mail(mail, language)
    when = spoken_when(answers, language)
    words = {"company": name, "mail": address, "when": when, "key": spoken_key(key, language)}
    if own and (text := own_text(own, words)):
        return text
    if kind not in WHOLE:
        return aside(kind, language, named=bool(name)).format_map(words)
    parts = sentences(kind, language, answers, named=bool(name), mailed=bool(address))
    return " ".join(part.template.format(company=name, mail=address, when=when) for part in parts)


def fallback_text(language: str) -> str:
    """A sentence that is true for any company at any time: the sound that comes with pbxctl."""
    say = _SENTENCES[language]
    return f"{say.nobody} {say.next_working_day} {say.after_tone}"


def spoken_when(answers: Answers, language: str) -> str:
    """When people answer again, as our sentences say it: Dutch begins with it, so with a capital."""
    say = _SENTENCES[language]
    match answers:
        case Answers(Relation.TODAY, _, _, time() as at):
            return say.today.format(time=from_time(at, language))
        case Answers(Relation.TOMORROW, int() as weekday):
            return say.tomorrow.format(weekday=spoken_weekday(weekday, language))
        case Answers(Relation.WITHIN_WEEK, int() as weekday):
            return say.within_week.format(weekday=spoken_weekday(weekday, language))
        case Answers(Relation.LATER, _, date() as day):
            return say.later.format(date=spoken_date(day, language))
        case _:
            return say.unknown


def from_time(at: time, language: str) -> str:
    """The time as it stands after "from"; French joins the two: "à partir d'une heure"."""
    spoken = spoken_time(at, language)
    if language != "fr":
        return spoken
    return f"d'{spoken}" if spoken.startswith("une ") else f"de {spoken}"
