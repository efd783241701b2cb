"""Says numbers, dates, amounts and times by num2words and Babel: one line of kind,
language and values in, one line of words out. It knows nothing of Lectern."""
import sys
from babel.dates import get_month_names
from babel.numbers import get_currency_name
from num2words import num2words

MONTHS = {l: get_month_names("wide", locale="pt_BR" if l == "pt" else l) for l in ("en", "de", "es", "fr", "it", "pt")}
CENTS = {"en": ("cent", "cents"), "de": ("cent", "cent"), "es": ("céntimo", "céntimos"), "fr": ("centime", "centimes"),
         "it": ("centesimo", "centesimi"), "pt": ("cêntimo", "cêntimos")}
AND = {"en": "and", "it": "e", "pt": "e"}


def lang(l):
    return "pt_BR" if l == "pt" else l


def cardinal(n, l):
    return num2words(n, lang=lang(l))


def ordinal(n, l):
    return num2words(n, to="ordinal", lang=lang(l))


def before_noun(words, l):
    """One agrees with a masculine noun: ein, un, veintiún."""
    if l == "de" and words.endswith("eins"):
        return words[:-1]
    if l == "es":
        for end, short in (("veintiuno", "veintiún"), ("uno", "un")):
            if words.endswith(end):
                return words[: -len(end)] + short
    if l == "it" and words == "uno":
        return "un"
    return words


def euro(n, l):
    name = get_currency_name("EUR", n, locale=lang(l)).lower()
    if l == "de":
        name = "euro"
    millions = n >= 1000000 and n % 1000000 == 0 and l in ("es", "fr", "it", "pt")
    return before_noun(cardinal(n, l), l) + " " + name if not millions else None


def amount(cents, l):
    whole, sub = divmod(cents, 100)
    parts = []
    if whole or not sub:
        parts.append(euro(whole, l))
    if sub:
        if parts and l in AND:
            parts.append(AND[l])
        parts.append(before_noun(cardinal(sub, l), l) + " " + CENTS[l][sub != 1])
    return " ".join(parts)


def date(y, m, d, l):
    month, year = MONTHS[l][m], num2words(y, to="year", lang=lang(l)) if l in ("en", "de") else cardinal(y, l)
    if l == "en":
        return f"{month} {ordinal(d, l)} {year}"
    if l == "de":
        return f"{ordinal(d, l)}r {month} {year}"
    first = {"es": "primero", "fr": "premier", "it": "primo", "pt": "primeiro"}
    day = first[l] if d == 1 else cardinal(d, l)
    of = " de " if l in ("es", "pt") else " "
    return day + of + month + of + year


HOURS = {"de": " uhr", "fr": " heures", "en": " ", "es": " y ", "it": " e ", "pt": " e "}
MIDNIGHT = {"en": "midnight", "it": "mezzanotte", "pt": "meia-noite"}


def of_hours(n, l):
    """Hours are feminine in Romance languages; in German one is ein Uhr."""
    words = cardinal(n, l)
    if l == "de":
        return before_noun(words, l)
    if l in ("es", "it") and (n == 1 or l == "es"):
        return words[:-1] + "a" if words.endswith("uno") else words
    if l == "fr" and words.endswith("un"):
        return words + "e"
    if l == "pt":
        for end, other in (("um", "uma"), ("dois", "duas")):
            if words.endswith(end) and words not in ("dezoito",):
                return words[: -len(end)] + other
    return words


def time(h, m, l):
    if h == 0 and m == 0 and l in MIDNIGHT:
        return MIDNIGHT[l]
    words = of_hours(h, l)
    if l in ("de", "fr"):
        words += HOURS[l][:-1] if l == "fr" and h < 2 else HOURS[l]
        return words + (" " + cardinal(m, l) if m else "")
    if m == 0:
        return words + (" o'clock" if l == "en" else "")
    return words + HOURS[l] + ("oh " if l == "en" and m < 10 else "") + cardinal(m, l)


# What num2words 0.5.14 writes in other ways than dictionaries and grammars do.
MENDED = {
    "de": [("einstausend", "eintausend")],  # hunderteintausend, as Duden has it
    "es": [("veintiuno mil", "veintiún mil"), ("uno mil", "un mil"),  # one before mil and millones is short (RAE)
           ("cuadrigent", "cuadringent"), ("septigent", "septingent"), ("octigent", "octingent"), ("quadrag", "cuadrag"),
           ("décimo ", "decimo"), ("vigésimo ", "vigesimo"), ("mooctavo", "moctavo"),  # 13.º to 29.º are one word
           ("decimoprimer", "undécim"), ("décimoprimer", "undécim"), ("décimosegund", "duodécim"), ("decimosegund", "duodécim")],
    "fr": [("centsième", "centième"), ("vingtsième", "vingtième")],  # no plural within an ordinal
    "it": [("dicott", "diciott"), ("odiecesimo", "odecimo"), ("ounesimo", "unesimo")],  # diciotto, decimo
    "pt": [("quadrigent", "quadringent"), ("septigent", "septingent"), ("octigent", "octingent"), ("nongent", "noningent"),
           ("seiscentésim", "sexcentésim")],  # both are written
    "en": [],
}


def mended(words, l):
    for wrong, right in MENDED[l]:
        words = words.replace(wrong, right)
    return words


for line in sys.stdin:
    kind, l, *values = line.split()
    values = [int(v) for v in values]
    print(mended({"cardinal": cardinal, "ordinal": ordinal, "amount": amount, "date": date, "time": time}[kind](*values, l), l))
