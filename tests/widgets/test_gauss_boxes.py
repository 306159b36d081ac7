"""GaussianBoxes and `<gauss-boxes>`: scores of boxes on many states, and how they pull.

What all figures share is in `test_figures.py`.
"""

import math

import mpmath
import numpy as np
import pytest
import traitlets
from support.javascript import figure_values, on_figures
from support.states import ordinary_states

from gausslib.widgets import GaussianBoxes
from gausslib.widgets._traits import attribute

SCORES = ("iou", "gwd", "kld", "probiou")
PULL = ("pull_x", "pull_y", "pull_turn")
SQUARE = [0, 0, 2.4, 2.4, 0]
FAR = {"p": [-2.2, -1, 2, 0.8, 0.6], "q": [2.1, 1, 1.8, 0.9, 0.2]}
NEAR = {"p": [-0.7, -0.3, 3, 1.2, 0.5], "q": [0.6, 0.3, 2.6, 1.4, 0.1]}


def shown(*states: dict) -> list[dict[str, float]]:
    """What the browser shows in each state."""
    return figure_values("gauss-boxes", list(states))


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_browser_and_library_agree(count):
    """To 1e-9; each pull of its own length, but for what rounding leaves of zeros."""
    states = ordinary_states("gauss-boxes", count, seed=3)
    res = shown(*states)
    ref = [GaussianBoxes(**state).values for state in states]
    for name in set(ref[0]) - set(PULL):
        pairs = np.array([[one[name], other[name]] for one, other in zip(res, ref, strict=True)])
        assert pairs[:, 0] == pytest.approx(pairs[:, 1], rel=1e-9, abs=1e-13), name
    one, other = (np.array([[n[part] for part in PULL] for n in all_]) for all_ in (res, ref))
    scale = np.array([[state["scale"]] * 2 + [1] for state in states])
    one, other = one * scale, other * scale  # for a unit of way, and a radian
    length = np.linalg.norm(other, axis=1)
    assert np.all(np.linalg.norm(one - other, axis=1) <= 1e-9 * length + 1e-12)
    assert (length == 0).mean() < 0.2


@pytest.mark.parametrize(
    ("p", "q", "iou"),
    [
        (SQUARE, SQUARE, 1),
        ([*SQUARE[:4], math.pi / 4], SQUARE, math.sqrt(0.5)),
        ([1.2, 0, 2.4, 2.4, 0], SQUARE, 1 / 3),
        ([0.1, -0.2, 0.6, 0.4, 1], SQUARE, 0.24 / 2.4**2),  # inside
        ([0, 0, 4, 0.1, math.pi / 2], [0, 0, 4, 0.1, 0], 0.01 / 0.79),  # a cross
        ([2.4, 0, 2.4, 2.4, 0], SQUARE, 0),  # side by side
        ([9, 0, 2.4, 2.4, 0.3], SQUARE, 0),
    ],
)
def test_known_overlaps(p, q, iou):
    (res,) = shown({"p": p, "q": q})
    assert res["iou"] == pytest.approx(iou, rel=1e-12, abs=1e-15)
    assert GaussianBoxes(p, q).values["iou"] == pytest.approx(iou, rel=1e-12, abs=1e-15)


def test_overlap_is_the_share_of_points():
    """Counted on a grid in p, of which a side has so many points that 1 % is right."""
    grid = np.stack(np.meshgrid(*[(np.arange(400) + 0.5) / 400 - 0.5] * 2), axis=-1).reshape(-1, 2)
    states = ordinary_states("gauss-boxes", 60, seed=8)
    for state, res in zip(states, shown(*states), strict=True):
        p, q = np.array(state["p"]), np.array(state["q"])
        turn = [
            np.array([[math.cos(b[4]), -math.sin(b[4])], [math.sin(b[4]), math.cos(b[4])]])
            for b in (p, q)
        ]
        points = p[:2] + (grid * p[2:4]) @ turn[0].T
        is_shared = np.all(np.abs((points - q[:2]) @ turn[1]) < q[2:4] / 2, axis=1)
        shared = is_shared.mean() * p[2] * p[3]
        union = p[2] * p[3] + q[2] * q[3] - shared
        assert res["iou"] == pytest.approx(shared / union, abs=0.01)


def matrix(box, divisor):
    """The covariance of a box, in all digits."""
    c, s = mpmath.cos(box[4]), mpmath.sin(box[4])
    v, w = box[2] ** 2 / divisor, box[3] ** 2 / divisor
    return mpmath.matrix(
        [[v * c * c + w * s * s, (v - w) * c * s], [(v - w) * c * s, v * s * s + w * c * c]]
    )


def clipped_area(p, q):
    """Area of what the boxes share, cutting p by the four half-planes of q, in all digits."""
    c, s = mpmath.cos(p[4]), mpmath.sin(p[4])
    signs = ((1, 1), (-1, 1), (-1, -1), (1, -1))
    points = [
        (p[0] + (c * i * p[2] - s * j * p[3]) / 2, p[1] + (s * i * p[2] + c * j * p[3]) / 2)
        for i, j in signs
    ]
    for k in range(4):
        angle = q[4] + k * mpmath.pi / 2
        n, half = (mpmath.cos(angle), mpmath.sin(angle)), q[2 + k % 2] / 2
        depth = [half - n[0] * (x - q[0]) - n[1] * (y - q[1]) for x, y in points]
        kept = []
        for i, point in enumerate(points):
            if depth[i - 1] * depth[i] < 0:
                part = depth[i - 1] / (depth[i - 1] - depth[i])
                kept.append([a + part * (b - a) for a, b in zip(points[i - 1], point, strict=True)])
            if depth[i] >= 0:
                kept.append(point)
        points = kept
    return (
        sum(
            points[i - 1][0] * points[i][1] - points[i - 1][1] * points[i][0]
            for i in range(len(points))
        )
        / 2
    )


def loss(score, p, q):
    """The loss of a score from the textbook formulas, in all digits."""
    if score == "iou":
        shared = clipped_area(p, q)
        return 1 - shared / (p[2] * p[3] + q[2] * q[3] - shared)
    a, b = (matrix(box, 12 if score == "probiou" else 4) for box in (p, q))
    delta = mpmath.matrix([p[0] - q[0], p[1] - q[1]])
    det_a, det_b = mpmath.det(a), mpmath.det(b)
    if score == "gwd":
        product = a * b
        root = mpmath.sqrt(product[0, 0] + product[1, 1] + 2 * mpmath.sqrt(det_a * det_b))
        trace = a[0, 0] + a[1, 1] + b[0, 0] + b[1, 1]
        return (delta.T * delta)[0] + trace - 2 * root
    if score == "kld":
        inverse = b**-1
        trace = (inverse * a)[0, 0] + (inverse * a)[1, 1]
        return ((delta.T * inverse * delta)[0] + trace - 2 + mpmath.log(det_b / det_a)) / 2
    middle = (a + b) / 2
    distance = (delta.T * middle**-1 * delta)[0] / 8
    distance += mpmath.log(mpmath.det(middle) / mpmath.sqrt(det_a * det_b)) / 2
    return mpmath.sqrt(-mpmath.expm1(-distance))


@pytest.mark.parametrize("score", SCORES)
def test_pulls_are_the_slopes_of_the_losses(score):
    """By central differences in 40 digits, of losses that this file computes by itself."""
    states = [{**state, "score": score} for state in ordinary_states("gauss-boxes", 25, seed=4)]
    states += [{**pair, "score": score, "scale": 10} for pair in (FAR, NEAR)]
    for state, res in zip(states, shown(*states), strict=True):
        with mpmath.workdps(40):
            scale = [state["scale"]] * 4 + [1]
            p, q = (
                [mpmath.mpf(x) * size for x, size in zip(state[name], scale, strict=True)]
                for name in "pq"
            )
            ref, step = [], mpmath.mpf("1e-15")
            for index in (0, 1, 4):
                ends = [[*p[:index], p[index] + way, *p[index + 1 :]] for way in (-step, step)]
                low, high = (loss(score, end, q) for end in ends)
                ref.append(float((low - high) / (2 * step)))
        pull = [res[part] for part in PULL]
        for parts in (slice(0, 2), slice(2, 3)):  # of one unit each
            size = np.abs(ref[parts]).max()
            assert pull[parts] == pytest.approx(ref[parts], rel=1e-9, abs=1e-9 * size + 1e-14)


def test_only_iou_is_silent_where_boxes_do_not_meet():
    res = dict(zip(SCORES, shown(*({**FAR, "score": score} for score in SCORES)), strict=True))
    assert res["iou"]["iou"] == 0
    assert [res["iou"][part] for part in PULL] == [0, 0, 0]
    towards = np.subtract(FAR["q"][:2], FAR["p"][:2])
    for score in SCORES[1:]:
        assert np.dot([res[score]["pull_x"], res[score]["pull_y"]], towards) > 0, score
    assert res["probiou"]["probiou"] < 1e-4  # which hardly pulls either


def test_gaussians_of_squares_do_not_feel_a_turn():
    states = [{"p": [*SQUARE[:4], 0.5], "q": SQUARE, "score": score} for score in SCORES]
    res = dict(zip(SCORES, shown(*states), strict=True))
    assert res["iou"]["iou"] < 0.8
    assert res["iou"]["pull_turn"] < -0.1
    for score in SCORES[1:]:
        assert abs(res[score]["pull_turn"]) < 1e-12, score
        assert res[score]["kld"] < 1e-12
        assert res[score]["probiou"] > 1 - 1e-7


def test_only_w2_grows_with_the_image():
    small, large = shown({**NEAR, "scale": 1}, {**NEAR, "scale": 1000})
    for name in ("iou", "kld", "probiou", "w2_units"):
        assert large[name] == pytest.approx(small[name], rel=1e-12), name
    assert large["w2"] == pytest.approx(1000 * small["w2"], rel=1e-12)
    assert large["gwd"] == pytest.approx(1e6 * small["gwd"], rel=1e-12)
    assert large["gwd_loss"] > small["gwd_loss"] + 0.3


@pytest.mark.parametrize("eps", [1e-7, 1e-5, 1e-3])
def test_with_eps_identical_boxes_do_not_score_one(eps):
    """The distance is raised to ε, and another ε is added below the root."""
    box = [0.3, 0.2, 3, 1.2, 0.4]
    (res,) = shown({"p": box, "q": box, "eps": eps, "scale": 100})
    assert res["probiou"] == 1
    assert res["probiou_eps"] == pytest.approx(1 - math.sqrt(eps - math.expm1(-eps)), abs=1e-9)
    assert res["probiou_eps"] < 1 - math.sqrt(eps)
    assert (res["kld"], res["kld_eps"]) == (0, eps)


def test_without_eps_detectors_are_right():
    for state in (NEAR, FAR):
        (res,) = shown({**state, "eps": 0})
        assert res["probiou_eps"] == pytest.approx(res["probiou"], rel=1e-9, abs=1e-12)
        assert res["kld_eps"] == res["kld"]


def test_eps_swallows_small_boxes():
    """In units of an image of width 1: the ε in the denominators is larger than the boxes."""
    state = {"p": [0.006, 0, 0.02, 0.01, 0.2], "q": [0, 0, 0.02, 0.01, 0.2], "scale": 1}
    (res,) = shown({**state, "eps": 1e-7})
    assert res["probiou"] < 0.8
    assert res["probiou_eps"] > res["probiou"] + 0.1


def test_identical_boxes_are_not_pulled():
    box = [0.3, 0.2, 3, 1.2, 0.4]
    for score in SCORES:
        (res,) = shown({"p": box, "q": box, "score": score})
        assert [res[part] for part in PULL] == pytest.approx([0, 0, 0], abs=1e-12), score


@pytest.mark.parametrize(
    "box",
    [[0, 0, 1, 5e-4, 0], [0, 0, 2000, 10, 0], [0, 0, 9, 0.008, 0], [0, 2e3, 1, 1, 0], [0, 0, 1, 1]],
)
def test_bad_boxes_are_refused_by_both(box):
    with pytest.raises(traitlets.TraitError, match=r"^p: expected") as refused:
        GaussianBoxes(p=box)
    message = on_figures(
        """(() => { try { figures["gauss-boxes"].fields.p.check("p", data); }
            catch (error) { return error.message; } })()""",
        box,
    )
    expected = str(refused.value).partition(", got")[0]
    assert message.partition(", got")[0] == expected


def test_handles_are_in_the_middles_of_sides():
    """Brought to where they are they change nothing; farther out, the side is longer."""
    res = on_figures(
        """(() => {
            const { handles } = figures["gauss-boxes"];
            const plane = { unit: 80, step: 1, scale: 1, rounded: (x) => x };
            const state = stateOf("gauss-boxes", { p: [0, 0, 2, 1, 0] });
            const moved = (index, point) => handles[index].constrain(state, point, plane).p;
            return [0, 1, 2].map((index) => handles[index].position(state, plane))
                .concat([moved(1, [1, 0]), moved(1, [1.5, 0]), moved(2, [0, 2])]);
        })()"""
    )
    assert [*map(pytest.approx, res[:3])] == [[0, 0], [1, 0], [0, 0.5]]
    assert [*map(pytest.approx, res[3:])] == [[0, 0, 2, 1, 0], [0, 0, 3, 1, 0], [0, 0, 2, 4, 0]]


def still(state: dict) -> str:
    attributes = {name: attribute(value) for name, value in state.items()}
    return on_figures('still("gauss-boxes", data)', attributes)


def test_the_picture_shows_what_is_shared_and_what_pulls():
    near, far = still(NEAR), still(FAR)
    assert 'class="shared"' in near
    assert 'class="shared"' not in far
    assert "The boxes do not meet" in far
    assert "The boxes do not meet" not in near
    assert "too weakly to be seen" in still({**FAR, "score": "probiou"})
    assert "no turn of p" in still({"p": SQUARE, "q": NEAR["q"], "score": "kld"})
    assert 'class="pull turn"' in near
    assert 'class="pull turn"' not in still({"p": SQUARE, "q": NEAR["q"], "score": "kld"})


def test_the_slider_of_eps_has_zero_and_decades():
    res = on_figures(
        """(({ to, from }) => [0, 1, 2, 3, 4, 5].map((at) => [from(at), to(from(at))]))(
            figures["gauss-boxes"].controls.find(({ field }) => field === "eps").place)"""
    )
    assert [eps for eps, _ in res] == [0, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3]
    assert [place for _, place in res] == pytest.approx(range(6), abs=1e-12)
