"""Spanish."""

from flows.languages.base import Language

LANGUAGE = Language(
    code="es",
    name="Español",
    option="Para {label}, oprima {key}.",
    option_key_first="Oprima {key} para {label}.",
    star="asterisco",
    pound="numeral",
    no_input="Disculpe, no escuché nada.",
    no_match="Disculpe, esa no es una de las opciones.",
    confirm="Usted marcó {value}. Si es correcto, oprima 1. Para marcarlo otra vez, oprima 2.",
    position="Usted ocupa el lugar {position} en la fila.",
    expected_wait_one="El tiempo de espera es de un minuto.",
    expected_wait="El tiempo de espera es de {minutes} minutos.",
    apology="Lo sentimos, no podemos continuar esta llamada. Llame más tarde, por favor. Adiós.",
    vowels="aeiouáéíóúü",
    syllables_per_s=7.82,
    wrong_verbs=("golpee", "aplaste"),
    say_key=("oprima", "marque", "presione", "pulse"),
    number_words=("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"),
)
