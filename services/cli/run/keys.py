"""A key for each role, for development only: issued at each start, the former ones revoked."""

from collections.abc import Mapping
from typing import Final

from contracts.portees import TOUT, Role
from services.kernel.clock import SystemClock
from services.kernel.keystore import DATABASE, KeyStore
from services.kernel.mongo import Store, connect
from services.kernel.settings import KernelSettings

HOLDER: Final = "demonstration"


async def issue_keys(settings: KernelSettings) -> Mapping[Role, str]:
    """Return the text of a new key of each role, unlimited in scope.

    Keys that an earlier start issued are revoked, so that none of them outlives its run.
    """
    client = connect(settings)
    try:
        store = KeyStore(Store(client, settings).database(DATABASE), settings, SystemClock())
        for held in await store.list(HOLDER):
            if held.revoquee_le is None:
                await store.revoke(held.id)
        return {
            role: str(
                await store.issue(
                    role=role, titulaire=HOLDER, label=f"make run, {role}", scopes=[TOUT]
                )
            )
            for role in Role
        }
    finally:
        await client.close()
