"""French."""

from flows.speech.entering.base import Entering

_UNITS = [
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]
_UNITS += ["dix sept", "dix huit", "dix neuf"]
_TENS = ["vingt", "trente", "quarante", "cinquante", "soixante"]
_NUMBERS = {word: i for i, word in enumerate(_UNITS, 1) if i >= 10}
for _i, _ten in enumerate(_TENS, 2):
    _NUMBERS |= {_ten: 10 * _i, f"{_ten} et un": 10 * _i + 1}
    _NUMBERS |= {f"{_ten} {unit}": 10 * _i + j for j, unit in enumerate(_UNITS[:9], 1) if j > 1}
_NUMBERS |= {f"soixante {unit}": 60 + j for j, unit in enumerate(_UNITS, 1) if j >= 10} | {"soixante et onze": 71}
_NUMBERS |= {"quatre vingts": 80, "quatre vingt": 80}
_NUMBERS |= {f"quatre vingt {unit}": 80 + j for j, unit in enumerate(_UNITS, 1)}
_NUMBERS |= {"septante": 70, "huitante": 80, "octante": 80, "nonante": 90, "une": 1}

ENTERING = Entering(
    code="fr",
    not_valid="Désolé, ce n'est pas correct.",
    date="Veuillez composer {parts}.",
    day="deux chiffres pour le jour",
    month="deux chiffres pour le mois",
    year="quatre chiffres pour l'année",
    short_year="deux chiffres pour l'année",
    time_24="Veuillez composer l'heure en quatre chiffres : deux pour l'heure, deux pour les minutes.",
    time_12="Veuillez composer l'heure, puis deux chiffres pour les minutes.",
    money="Veuillez composer le montant, avec étoile pour la virgule.",
    money_in_parts="Veuillez composer le montant ; les deux derniers chiffres sont les {part}.",
    money_whole="Veuillez composer le montant en {whole}, sans {part}.",
    count="Veuillez composer un nombre.",
    phone="Veuillez composer le numéro de téléphone avec l'indicatif.",
    card="Veuillez composer le long numéro au recto de la carte.",
    yes_no="Pour oui, appuyez sur 1. Pour non, appuyez sur 2.",
    digits_one="Veuillez composer {most} chiffres.",
    digits="Veuillez composer de {least} à {most} chiffres.",
    between="Il faut de {least} à {most}.",
    at_least="Il faut {least} ou plus.",
    at_most="Il faut {most} ou moins.",
    from_day="Il faut le {least} ou après.",
    to_day="Il faut le {most} ou avant.",
    halves_asked="Pour {first}, appuyez sur 1. Pour {second}, appuyez sur 2.",
    yes="oui",
    no="non",
    items="De {first} à {last} sur {count}.",
    this_one="ce choix",
    next_items="la suite",
    items_before="les précédents",
    none_of_these="aucun de ceux-ci",
    no_items="Il n'y a rien à choisir.",
    pay={
        "payment-card-number": "Veuillez composer votre numéro de carte, puis dièse.",
        "expiration-date": "Veuillez composer la date d'expiration : deux chiffres pour le mois, deux pour l'année.",
        "security-code": "Veuillez composer le code de sécurité de la carte, puis dièse.",
        "postal-code": "Veuillez composer votre code postal, puis dièse.",
        "payment-processing": "Un instant, s'il vous plaît. Votre paiement est en cours.",
    },
    paying="Vous allez payer {amount} par carte. Pour annuler à tout moment, appuyez sur étoile.",
    numbers=_NUMBERS,
    powers={"cent": 100, "cents": 100, "mille": 1000},
    joiners=frozenset({"et"}),
    repeats={"double": 2, "triple": 3},
    fillers=frozenset(
        [
            "c'est",
            "c",
            "est",
            "le",
            "la",
            "les",
            "mon",
            "ma",
            "numéro",
            "numero",
            "du",
            "de",
            "euh",
            "oui",
            "s'il",
            "vous",
            "plaît",
            "à",
            "pour",
            "en",
            "au",
        ]
    ),
    ordinals={"premier": 1, "1er": 1},
    days={"aujourd'hui": 0, "demain": 1, "après demain": 2, "hier": -1},
    halves={"du matin": "am", "de l'après midi": "pm", "du soir": "pm"},
    noon={"midi": "12:00", "minuit": "00:00"},
    clock=(
        (r"(\d+) heures? et demie?", 30),
        (r"(\d+) heures? et quart", 15),
        (r"(\d+) heures? moins le quart", -15),
        (r"(\d+) heures?$", 0),
    ),
)
