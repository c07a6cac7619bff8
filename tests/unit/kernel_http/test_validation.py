"""Every kind of validation error that our models can raise is said in French."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError

from services.kernel.problem import Invalid
from services.kernel.validation import validation_problem


class Colour(StrEnum):
    RED = "rouge"


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=2, max_length=3, pattern="^a")] = "aa"
    number: Annotated[int, Field(ge=1, le=9)] = 1
    real: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] = 0.5
    flag: bool = False
    colour: Colour = Colour.RED
    choice: Literal["x", "y"] = "x"
    items: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]
    table: dict[str, int] = {}
    day: date = date(2020, 1, 1)
    instant: datetime = datetime(2020, 1, 1)  # noqa: DTZ001 -- a default nobody reads
    address: HttpUrl = HttpUrl("https://a.fr")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("text", 1, "Un texte est attendu."),
        ("text", "a", "Le texte est trop court (au moins 2)."),
        ("text", "aaaa", "Le texte est trop long (au plus 3 caractères)."),
        ("text", "bb", "Le format n'est pas le bon."),
        ("number", "x", "Un nombre entier est attendu."),
        ("number", 1.5, "Un nombre entier est attendu."),
        ("number", 0, "La valeur doit être au moins 1."),
        ("number", 10, "La valeur doit être au plus 9."),
        ("real", 0, "La valeur doit dépasser 0.0."),
        ("real", 1, "La valeur doit rester sous 1.0."),
        ("real", float("inf"), "Un nombre fini est attendu."),
        ("flag", "peut-être", "Vrai ou faux est attendu."),
        ("colour", "bleu", "La valeur n'est pas dans la liste."),
        ("choice", "z", "La valeur n'est pas dans la liste."),
        ("items", "x", "Une liste est attendue."),
        ("items", [], "Trop peu d'éléments (au moins 1)."),
        ("items", [1, 2, 3], "Trop d'éléments (au plus 2)."),
        ("table", 1, "Un objet JSON est attendu."),
        ("day", "31/12/2020", "La date n'est pas lisible."),
        ("instant", "hier", "L'instant n'est pas lisible."),
        ("address", "a b", "L'adresse n'est pas lisible."),
        ("inconnu", 1, "Ce champ n'est pas connu."),
    ],
)
def test_the_message_is_french_and_comes_with_advice(field: str, value: Any, message: str) -> None:  # noqa: ANN401 -- any wrong value
    with pytest.raises(ValidationError) as wrong:
        Model.model_validate({field: value})

    problem = validation_problem(wrong.value.errors())

    assert isinstance(problem, Invalid)
    assert [(erreur.champ, erreur.message) for erreur in problem.erreurs] == [(field, message)]
    assert all(erreur.que_faire for erreur in problem.erreurs)


def test_choices_are_told_in_french() -> None:
    with pytest.raises(ValidationError) as wrong:
        Model.model_validate({"choice": "z"})

    (erreur,) = validation_problem(wrong.value.errors()).extra["erreurs"]

    assert erreur["que_faire"] == "Valeurs admises : 'x' ou 'y'."


def test_a_kind_that_is_not_known_is_still_french() -> None:
    problem = validation_problem(
        [{"type": "inconnu", "loc": ("body",), "msg": "english", "ctx": {}}]
    )

    assert "english" not in str(problem.extra)
