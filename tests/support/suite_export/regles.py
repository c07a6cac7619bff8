"""What rules, and the judges that they make, promise (`ports.Regles`, `ports.Juges`)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from contracts.statuts import Plateforme
from services.export.domain.vie_regles import Acte, ActeRefuse, Auteur, creer, supprimer
from services.export.ports import Document
from tests.support.suite_export.banc import Banc
from tests.unit.export.fabrique import INSTANT, JOUR, document_de_regle

MOI: Final = Auteur("dgesco", INSTANT)
REGLES: Final = [document_de_regle(plateforme) for plateforme in Plateforme]
PS_, AF_ = REGLES


class SuiteRegles:
    """Inherited by a class whose `banc` fixture brings a store."""

    async def creer(self, banc: Banc, contenu: Document) -> str:
        """Create a rule; return its id."""
        (acte,) = await banc.regles.agir(lambda tenues: [creer(tenues, contenu, MOI)])
        id_: str = acte.regle["_id"]
        return id_

    async def test_a_rule_is_in_force_until_it_is_deleted(self, banc: Banc) -> None:
        une, autre = await self.creer(banc, PS_), await self.creer(banc, AF_)
        assert [regle["_id"] for regle in await banc.regles.toutes()] == sorted((une, autre))

        await banc.regles.agir(lambda tenues: [supprimer(tenues[une], MOI)])

        assert [regle["_id"] for regle in await banc.regles.toutes()] == [autre]
        tenue = await banc.regles.une(une)
        assert tenue is not None
        assert (tenue["supprimee"], tenue["version"]) == (True, 2)
        assert await banc.regles.une("inconnue") is None

    async def test_whoever_acts_sees_every_rule_deleted_or_not(self, banc: Banc) -> None:
        une = await self.creer(banc, PS_)
        await banc.regles.agir(lambda tenues: [supprimer(tenues[une], MOI)])
        vues: list[Mapping[str, Document]] = []

        def rien(tenues: Mapping[str, Document]) -> Sequence[Acte]:
            vues.append(tenues)
            return []

        assert await banc.regles.agir(rien) == []
        assert [set(tenues) for tenues in vues] == [{une}]

    async def test_an_act_that_is_refused_changes_nothing(self, banc: Banc) -> None:
        await self.creer(banc, PS_)
        marque = (await banc.juges.courant()).marque

        with pytest.raises(ActeRefuse):
            await self.creer(banc, PS_)

        assert len(await banc.regles.toutes()) == 1
        assert (await banc.juges.courant()).marque == marque

    async def test_of_two_who_create_the_same_rule_at_once_one_is_refused(self, banc: Banc) -> None:
        issues = await asyncio.gather(
            *(self.creer(banc, PS_) for _ in range(2)), return_exceptions=True
        )

        assert {type(issue) for issue in issues} == {str, ActeRefuse}
        assert len(await banc.regles.toutes()) == 1

    async def test_the_judge_follows_the_rules(self, banc: Banc) -> None:
        avant = await banc.juges.courant()
        une = await self.creer(banc, PS_)
        apres = await banc.juges.courant()
        await banc.regles.agir(lambda _: [])

        assert avant.jeu.regles == ()
        assert [(regle.id, regle.version) for regle in apres.jeu.regles] == [(une, 1)]
        assert avant.marque != apres.marque == (await banc.juges.courant()).marque

    async def test_the_judge_follows_the_day(self, banc: Banc) -> None:
        marques = []
        for jours in (0, 1, 365):
            banc.jour.present = JOUR + timedelta(days=jours)
            marques.append((await banc.juges.courant()).marque)
        assert marques[0] == marques[1] != marques[2]

    async def test_a_rule_that_does_not_compile_any_more_is_left_out(self, banc: Banc) -> None:
        une = await self.creer(banc, PS_)

        def abimer(tenues: Mapping[str, Document]) -> Sequence[Acte]:
            acte = creer(tenues, AF_, MOI)
            contenu = {**acte.regle["contenu"], "statut": "inconnu"}
            return [replace(acte, regle={**acte.regle, "contenu": contenu})]

        await banc.regles.agir(abimer)

        assert [regle.id for regle in (await banc.juges.courant()).jeu.regles] == [une]
        assert len(await banc.regles.toutes()) == 2
