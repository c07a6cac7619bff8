"""FastAPI's and pydantic's validation errors, said in French."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.kernel.problem import BadRequest, Erreur, Invalid, Problem

_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    # pydantic's error type: what is wrong, what to do; both filled from the error's context
    "missing": ("Ce champ est obligatoire.", "Ajoutez-le."),
    "extra_forbidden": ("Ce champ n'est pas connu.", "Retirez-le ou corrigez son nom."),
    "string_type": ("Un texte est attendu.", "Donnez un texte."),
    "string_too_short": (
        "Le texte est trop court (au moins {min_length}).",
        "Donnez un texte plus long.",
    ),
    "string_too_long": (
        "Le texte est trop long (au plus {max_length} caractères).",
        "Raccourcissez-le.",
    ),
    "string_pattern_mismatch": ("Le format n'est pas le bon.", "Format attendu : {pattern}."),
    "int_type": ("Un nombre entier est attendu.", "Donnez un nombre entier."),
    "int_parsing": ("Un nombre entier est attendu.", "Donnez un nombre entier."),
    "int_from_float": ("Un nombre entier est attendu.", "Donnez un nombre sans décimale."),
    "float_type": ("Un nombre est attendu.", "Donnez un nombre, avec un point décimal."),
    "float_parsing": ("Un nombre est attendu.", "Donnez un nombre, avec un point décimal."),
    "finite_number": ("Un nombre fini est attendu.", "Donnez un nombre ordinaire."),
    "bool_type": ("Vrai ou faux est attendu.", "Donnez true ou false."),
    "bool_parsing": ("Vrai ou faux est attendu.", "Donnez true ou false."),
    "greater_than": ("La valeur doit dépasser {gt}.", "Donnez une valeur plus grande."),
    "greater_than_equal": ("La valeur doit être au moins {ge}.", "Donnez au moins {ge}."),
    "less_than": ("La valeur doit rester sous {lt}.", "Donnez une valeur plus petite."),
    "less_than_equal": ("La valeur doit être au plus {le}.", "Donnez au plus {le}."),
    "enum": ("La valeur n'est pas dans la liste.", "Valeurs admises : {expected}."),
    "literal_error": ("La valeur n'est pas dans la liste.", "Valeurs admises : {expected}."),
    "list_type": ("Une liste est attendue.", "Donnez une liste."),
    "too_long": ("Trop d'éléments (au plus {max_length}).", "Donnez-en moins."),
    "too_short": ("Trop peu d'éléments (au moins {min_length}).", "Donnez-en davantage."),
    "dict_type": ("Un objet JSON est attendu.", "Donnez un objet entre accolades."),
    "model_type": ("Un objet JSON est attendu.", "Donnez un objet entre accolades."),
    "model_attributes_type": ("Un objet JSON est attendu.", "Donnez un objet entre accolades."),
    "date_type": ("Une date est attendue.", "Donnez une date AAAA-MM-JJ."),
    "date_parsing": ("La date n'est pas lisible.", "Donnez une date AAAA-MM-JJ."),
    "date_from_datetime_parsing": ("La date n'est pas lisible.", "Donnez une date AAAA-MM-JJ."),
    "datetime_parsing": ("L'instant n'est pas lisible.", "Donnez AAAA-MM-JJTHH:MM:SSZ."),
    "datetime_from_date_parsing": ("L'instant n'est pas lisible.", "Donnez AAAA-MM-JJTHH:MM:SSZ."),
    "url_parsing": ("L'adresse n'est pas lisible.", "Donnez une adresse https://…"),
}
_OTHER: Final = ("La valeur n'est pas acceptée.", "Vérifiez-la dans la documentation (/docs).")


def validation_problem(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Return the problem for errors as pydantic lists them: unreadable JSON is a 400, else a 422.

    A message that a validator of ours raised (`value_error`) is French already and kept.
    """
    unreadable = next((error for error in errors if error["type"] == "json_invalid"), None)
    if unreadable is not None:
        position = unreadable["loc"][-1]
        return BadRequest(
            f"Le corps n'est pas du JSON lisible (caractère {position}).", code="json_illisible"
        )
    return Invalid(
        "La demande contient des valeurs à corriger.", [_erreur(error) for error in errors]
    )


def _erreur(error: Mapping[str, Any]) -> Erreur:
    kind = error["type"]
    context = dict(error.get("ctx", {}))
    if kind == "value_error":
        message, advice = str(context.get("error", error["msg"])), None
    else:
        message, advice = (_fill(text, context) for text in _MESSAGES.get(kind, _OTHER))
    champ = ".".join(str(part) for part in error["loc"]) or None
    return Erreur(champ=champ, code=kind, message=message, que_faire=advice)


def _fill(text: str, context: Mapping[str, Any]) -> str:
    return text.format_map({name: _french(value) for name, value in context.items()})


def _french(value: object) -> str:
    return str(value).replace(" or ", " ou ")
