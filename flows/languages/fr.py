"""French."""

from flows.languages.base import Language

LANGUAGE = Language(
    code="fr",
    name="Français",
    option="Pour {label}, appuyez sur {key}.",
    option_key_first="Appuyez sur {key} pour {label}.",
    star="étoile",
    pound="dièse",
    no_input="Désolé, je n'ai rien entendu.",
    no_match="Désolé, ce choix n'existe pas.",
    confirm="Vous avez composé {value}. Si c'est exact, appuyez sur 1. Pour recommencer, appuyez sur 2.",
    position="Vous êtes en position {position} dans la file.",
    expected_wait_one="Le temps d'attente est d'une minute.",
    expected_wait="Le temps d'attente est de {minutes} minutes.",
    apology="Désolé, nous ne pouvons pas poursuivre cet appel. Veuillez rappeler plus tard. Au revoir.",
    vowels="aeiouyàâäéèêëîïôöùûüœ",
    syllables_per_s=7.18,
    wrong_verbs=("tapez sur", "enfoncez"),
    say_key=("appuyez sur", "composez", "faites", "touche"),
    number_words=("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
)
