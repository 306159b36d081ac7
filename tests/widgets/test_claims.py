"""Sentences about figures: what is read from them, what is refused, and what is held so."""

import pytest
from support.javascript import on_figures

PAIR = {"formula": "kl", "show": "terms"}
START = PAIR | {"p": [-0.8, 0.2, 0.6, 0.35, 0.5], "q": [0.7, -0.1, 1.5, 0.9, -0.3]}

# What is said -> what is checked.
SENTENCES = {
    "KL(p‖q) stays": "kl_pq == before",
    "KL(p ‖ q) does not move.": "kl_pq == before",
    "KL(p‖q) and W₂ keep their values": "kl_pq == before, w2 == before",
    "KL(q‖p) grows": "kl_qp > before",
    "The Bhattacharyya distance falls": "bhattacharyya < before",
    "KL(q‖p) hardly changes": "kl_qp ~ before",
    "KL(q‖p) changes": "kl_qp != before",
    "KL(q‖p) grows more than a hundredfold": "kl_qp > before, kl_qp > 100 * before",
    "KL(q‖p) grows more than 100 times": "kl_qp > before, kl_qp > 100 * before",
    "KL(p‖q) does not even triple": "kl_pq > before, kl_pq < 3 * before",
    "KL(p‖q) more than doubles": "kl_pq > before, kl_pq > 2 * before",
    "KL(p‖q) doubles": "kl_pq > before, kl_pq == 2 * before",
    "KL(p‖q) halves": "kl_pq < before, 2 * kl_pq == before",
    "KL(p‖q) grows about three times": "kl_pq > before, kl_pq ~ 3 * before",
    "W₂ falls to less than a tenth": "w2 < before, 10 * w2 < before",
    "W₂ falls to zero": "w2 < before, w2 == 0",
    "W₂ rises to 1.53": "w2 > before, |w2 - 1.53| < 0.005",
    "all four numbers are zero": "kl_pq == 0, kl_qp == 0, bhattacharyya == 0, w2 == 0",
    "KL(p‖q) is infinite": "kl_pq == inf",
    "KL(p‖q) is 1": "kl_pq == 1",
    "KL(p‖q) is 0.5": "|kl_pq - 0.5| < 0.05",
    "the trace term is −0.2": "|trace - -0.2| < 0.05",
    "the trace term is above −1": "trace > -1",
    "the mean term is positive": "mean > 0",
    "KL(p‖q) and KL(q‖p) agree": "kl_pq == kl_qp",
    "KL(p‖q) and KL(q‖p) nearly agree": "kl_pq ~ kl_qp",
    "KL(p‖q) and KL(q‖p) differ by less than 0.001": "|kl_pq - kl_qp| < 0.001",
    "KL(q‖p) is larger than KL(p‖q)": "kl_qp > kl_pq",
    "KL(q‖p) is more than three times KL(p‖q)": "kl_qp > 3 * kl_pq",
    "KL(q‖p) is twenty times KL(p‖q)": "kl_qp == 20 * kl_pq",
    "KL(q‖p) equals KL(p‖q)": "kl_qp == kl_pq",
    "KL(p‖q) and KL(q‖p) change places": (
        "kl_pq != before(kl_pq), kl_pq == before(kl_qp), kl_qp == before(kl_pq)"
    ),
    "the trace term changes its sign": "trace == -1 * before, trace != before",
    "only the mean term moves": "mean != before, trace == before, logdet == before",
}


def attempt(sentences, function: str) -> list:
    """What comes of each sentence, or the message of its RangeError."""
    words = f"""data.map((words) => {{ try {{ return ({function})(words); }} catch (error) {{
        if (!(error instanceof RangeError)) throw error; return error.message; }} }})"""
    return on_figures(words.replace("\n", " "), list(sentences))


STATE = f"""stateOf("gauss-pair", {START})"""
KNOWN = f"""modules["quantities.js"].vocabulary(figures["gauss-pair"], {STATE})"""
READ = f"""(words) => modules["claims.js"].claimOf(words, {KNOWN})"""


def test_a_sentence_is_its_own_test():
    res = attempt(SENTENCES, f"(words) => ({READ})(words).formal")
    assert dict(zip(SENTENCES, res, strict=True)) == SENTENCES


@pytest.mark.parametrize(
    "sentence",
    [
        "KL(p‖q) grows a lot",
        "KL(p‖q)",
        "grows",
        "the overlap grows",
        "all three numbers are zero",
        "KL(p‖q) grows more than often",
        "KL(p‖q) is larger than the overlap",
        "KL(p‖q) and the overlap agree",
        "KL(p‖q) agrees",
        "",
    ],
)
def test_what_is_not_understood_is_refused(sentence):
    (res,) = attempt([sentence], f"(words) => ({READ})(words).formal")
    assert f'the claim "{sentence}" is not understood' in res
    assert "log-determinant term" in res


def test_which_step_is_looked_back_to():
    sentences = ["W₂ stays", "W₂ stays since the start", "W₂ stays since step 12"]
    assert attempt(sentences, f"(words) => ({READ})(words).since") == [None, 0, 12]


P = PAIR | {"p": [0, 0, 1, 1, 0], "q": [0, 0, 1, 1, 0]}
WIDE = P | {"q": [0, 0, 2, 2, 0]}
FAR = P | {"q": [3, 0, 1, 1, 0]}
# What is said, the states before and after, and whether it is so.
HELD = [
    ("KL(p‖q) and KL(q‖p) agree", P, FAR, True),
    ("KL(p‖q) and KL(q‖p) agree", P, WIDE, False),
    ("KL(p‖q) grows", P, FAR, True),
    ("KL(p‖q) grows", FAR, P, False),
    ("KL(p‖q) grows", FAR, FAR, False),
    ("KL(p‖q) falls", FAR, FAR, False),
    ("KL(p‖q) falls to zero", FAR, P, True),
    ("KL(p‖q) falls to zero", P, P, False),
    ("KL(p‖q) is 4.5", P, FAR, True),
    ("KL(p‖q) is 4.6", P, FAR, False),
    ("KL(p‖q) is about 4.6", P, FAR, True),
    ("KL(p‖q) is 4", P, FAR, False),
    ("W₂ is 3", P, FAR, True),
    ("W₂ grows more than doubles", P, FAR, None),
    ("all four numbers are zero", FAR, P, True),
    ("all four numbers are zero", FAR, WIDE, False),
    ("only the mean term moves", P, FAR, True),
    ("only the mean term moves", P, WIDE, False),
    ("only the mean term moves", P, P, False),
    ("the trace term is negative", P, WIDE, True),
    ("KL(q‖p) is more than twice KL(p‖q)", P, WIDE, None),
    ("KL(q‖p) is more than two times KL(p‖q)", P, WIDE, True),
    ("KL(q‖p) is more than three times KL(p‖q)", P, WIDE, False),
    ("KL(q‖p) is less than three times KL(p‖q)", P, WIDE, True),
]


@pytest.mark.parametrize(("words", "before", "after", "isso"), HELD)
def test_a_claim_holds_where_it_is_so_and_not_elsewhere(words, before, after, isso):
    res = on_figures(
        """(([words, before, after]) => {
            const figure = figures["gauss-pair"];
            const [was, now] = [before, after].map((s) => stateOf("gauss-pair", s));
            const known = modules["quantities.js"].vocabulary(figure, now);
            try { return modules["claims.js"].claimOf(words, known).holds(now, was); }
            catch { return null; }
        })(data)""".replace("\n", " "),
        [words, before, after],
    )
    assert res is isso


NUMBERS = [0.0, 1.0, -1.0, 1e-300, float("inf"), float("-inf"), float("nan")]


def test_relations_are_right_for_odd_numbers():
    """Nothing is near infinity but infinity; of what is no number, nothing is so."""
    say = ["is zero", "is infinite", "is positive", "is about one", "stays", "changes", "grows"]
    right = [
        lambda x: abs(x) < 1e-12,
        lambda x: x == float("inf"),
        lambda x: x > 1e-12,
        lambda x: 0.9 < x < 1.1,
        lambda x: x == 1,
        lambda x: x == x and x != 1,
        lambda x: x > 1,
    ]
    for words, expected in zip(say, right, strict=True):
        res = on_figures(
            """data.map((x) => {
                const it = { key: "it", label: "it", of: (state) => state.it };
                const known = { shown: [it], terms: [], formula: "", names: new Map([["it", it]]) };
                const claim = modules["claims.js"].claimOf("it WORDS", known);
                return claim.holds({ it: Number(x) }, { it: 1 });
            })""".replace("WORDS", words).replace("\n", " "),
            [js(x) for x in NUMBERS],
        )
        assert res == [expected(x) for x in NUMBERS], words


def js(x: float) -> str:
    """A number as JavaScript reads it."""
    return str(x).replace("inf", "Infinity").replace("nan", "NaN")
