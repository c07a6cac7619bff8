"""One environment serves every process: a variable means the same wherever it is read."""

import importlib
import pkgutil
from collections.abc import Iterator

import services
from services.kernel.settings import KernelSettings

# A process may have a port and a size of batch of its own: of the same things.
OF_ITS_OWN = frozenset({"port", "lot_max", "lot_partition_octets_max"})
CONSUMERS = frozenset({"ConsumerSettings", "IndexerSettings"})


def settings_of_services() -> Iterator[type[KernelSettings]]:
    for service in pkgutil.iter_modules(services.__path__, "services."):
        module = importlib.import_module(service.name)
        for found in pkgutil.iter_modules(module.__path__, f"{service.name}."):
            if not found.name.startswith(f"{service.name}.settings"):
                continue
            for one in vars(importlib.import_module(found.name)).values():
                ours = isinstance(one, type) and one.__module__ == found.name
                if ours and issubclass(one, KernelSettings) and one is not KernelSettings:
                    yield one


def test_no_service_gives_another_meaning_to_a_variable_of_the_kernel() -> None:
    taken = {
        f"{one.__module__}.{one.__name__}.{name}"
        for one in settings_of_services()
        for name in one.__annotations__.keys() & KernelSettings.model_fields.keys()
        if name not in OF_ITS_OWN or (name != "port" and one.__name__ not in CONSUMERS)
    }
    assert not taken


def test_no_variable_of_two_services_has_two_types() -> None:
    types: dict[str, set[object]] = {}
    for one in settings_of_services():
        for name in one.__annotations__:
            types.setdefault(name, set()).add(one.model_fields[name].annotation)
    assert {name for name, kinds in types.items() if len(kinds) > 1} == set()
