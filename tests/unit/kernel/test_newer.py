"""Any interleaving with duplicates converges (reliability.md §9, promises 5 to 7)."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, rule

from services.kernel.newer import Verdict, newer_only, newest

State = tuple[str, int, str]  # key, sequence, digest


@dataclass
class Projection:
    """What a consumer holds: the rule under test and nothing else."""

    held: dict[str, tuple[int, str]] = field(default_factory=dict)
    repairs: int = 0

    def receive(self, state: State) -> None:
        key, sequence, digest = state
        held_sequence, held_digest = self.held.get(key, (None, None))
        verdict = newer_only(held_sequence, held_digest, sequence, digest)
        self.repairs += verdict is Verdict.REPAIR
        if verdict.writes:
            self.held[key] = sequence, digest


def last(states: list[State]) -> dict[str, tuple[int, str]]:
    return {key: (s, d) for key, s, d in sorted(states, key=lambda state: state[1])}


histories = st.lists(st.sampled_from("abc"), min_size=1, max_size=40).map(
    lambda keys: [(key, keys[: n + 1].count(key), f"e{n}") for n, key in enumerate(keys)]
)


@given(histories, st.data())
def test_any_order_with_duplicates_ends_in_the_last_states(
    history: list[State], data: st.DataObject
) -> None:
    repeated = data.draw(st.lists(st.sampled_from(history), max_size=60))
    projection = Projection()
    for state in data.draw(st.permutations(history + repeated)):
        projection.receive(state)
    assert projection.held == last(history)
    assert projection.repairs == 0


@given(histories, st.data())
def test_batches_folded_first_end_in_the_same_states(
    history: list[State], data: st.DataObject
) -> None:
    projection = Projection()
    rest = data.draw(st.permutations(history * 2))
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        batch, rest = rest[:size], rest[size:]
        for state in newest(batch, key=lambda s: s[0], sequence=lambda s: s[1]).values():
            projection.receive(state)
    assert projection.held == last(history)


def test_the_last_of_equals_is_kept_as_in_the_log() -> None:
    batch = [("a", 1, "first"), ("a", 1, "second")]
    assert newest(batch, key=lambda s: s[0], sequence=lambda s: s[1]) == {"a": batch[1]}


def test_an_unknown_digest_repairs_nothing() -> None:
    assert newer_only(1, None, 1, "d") is Verdict.IGNORE
    assert newer_only(1, "d", 1, None) is Verdict.IGNORE


class Convergence(RuleBasedStateMachine):
    """States are edited, repeated, reordered and lost, the store damaged; then reconciled."""

    sent = Bundle("sent")

    @initialize()
    def start(self) -> None:
        self.truth: dict[str, tuple[int, str]] = {}
        self.projection = Projection()

    @rule(target=sent, key=st.sampled_from("abc"), content=st.text(max_size=3))
    def edit(self, key: str, content: str) -> State:
        sequence = self.truth.get(key, (0, ""))[0] + 1
        self.truth[key] = sequence, f"{sequence}{content}"
        return key, *self.truth[key]

    @rule(state=sent)
    def deliver(self, state: State) -> None:
        self.projection.receive(state)

    @rule(state=consumes(sent))
    def lose(self, state: State) -> None:
        """Expire: only reconciliation can bring it."""

    @rule(key=st.sampled_from("abc"))
    def damage(self, key: str) -> None:
        if key in self.projection.held:
            self.projection.held[key] = self.projection.held[key][0], "abime"

    def teardown(self) -> None:
        for key, state in self.truth.items():  # the reconciler emits the truth again
            self.projection.receive((key, *state))
        assert self.projection.held == self.truth


TestConvergence = Convergence.TestCase
