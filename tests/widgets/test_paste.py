"""Numbers as people type and paste them: what is read, and what is refused with which sentence."""

import json
import re

import numpy as np
import pytest
from support.javascript import evaluate


def read(function: str, texts: list[str]) -> list:
    """What is read from each text, or the sentence of its RangeError."""
    attempt = f"""data.map((text) => {{
        try {{ return m.{function}(text); }}
        catch (error) {{ if (!(error instanceof RangeError)) throw error; return error.message; }}
    }})"""
    file = "samples.js" if function == "parseSamples" else "paste.js"
    return evaluate(file, attempt.replace("\n", " "), texts)


def assert_refused(function: str, refused: dict[str, str]) -> None:
    """`refused` maps a text to a part of the sentence that it must get."""
    for (text, part), res in zip(refused.items(), read(function, list(refused)), strict=True):
        assert isinstance(res, str), (text, res)
        assert part in res, (text, res)
        assert re.fullmatch(r"[A-Z“].*\.", res), res


@pytest.mark.parametrize(
    "text",
    [
        "1, -2.5",
        "1 -2.5",
        "1\t−2.5",
        "1;-2.5",
        "1\n-2.5\n",
        "1\r\n-2.5",
        "  [1 -2.5] ",
        "[1., -2.5]",
        "[ 1.  -2.5]",
        "(1, -2.5)",
        "[\n  1,\n  -2.5\n]",
        "+1,-.25e1",
        "1E0, -25e-1",
        "array([ 1. , -2.5])",
        "np.array([1, -2.5])",
        "numpy.array([1, -2.5], dtype=float)",
        "[np.float64(1.0), np.float64(-2.5)]",
    ],
)
def test_vectors(text):
    assert read("parseVector", [text]) == [[1, -2.5]]


def test_refused_vectors():
    assert_refused(
        "parseVector",
        {
            "": "There is no number",
            " [] ": "There is no number",
            "1, x": "Entry 2 is not a number: “x”",
            "1, 2; 3": "several ways",
            "1,5; 2,5": "“1,5; 2,5” can be read in several ways: write decimals with a point",
            "1,5 2,5": "several ways",
            "1,5\n2,5": "several ways",
            "1,5\t2,5": "several ways",
            "1,234.5 2": "several ways",
            "1, 2 3": "several ways",
            "1'000, 2": "Entry 1 is not a number: “1'000”",
            "1_000, 2": "not a number",
            "1,,2": "Entry 2 is empty",
            "1, 2,": "Entry 3 is empty",
            "nan, 1": "Entry 1 is not a number: “nan”",
            "Infinity 1": "not a number",
            "1e999": "Entry 1 is too large: “1e999”",
            "0x10": "not a number",
            "1e": "not a number",
            "1.2.3": "not a number",
            "- 1": "not a number",
            "1-2": "not a number",
            "½": "not a number",
            "2**3": "not a number",
            "alert(1)": "bracket",
            "[1, 2": "bracket does not fit",
            "1, 2]": "bracket does not fit",
            "[[1], [2]]": "bracket does not fit",
            "[1, 2] [3, 4]": "bracket does not fit",
            "os.array([1, 2])": "bracket does not fit",
            "1, 2 # mean": "Entry 2 is not a number: “2 # mean”",
            "9" * 400: f"too large: “{'9' * 24}…”",
            "1 " * 11: "At most 10 dimensions can be read, got 11",
        },
    )


@pytest.mark.parametrize(
    "text",
    [
        "1 0.5\n0.5 2",
        "1, 0.5\n0.5, 2\n",
        "1\t0.5\r\n0.5\t2",
        "1 0.5; 0.5 2",
        "1,0.5;0.5,2;",
        "[1 0.5; 0.5 2]",
        "[1, 0.5;\n 0.5, 2]",
        "[[1. 0.5]\n [0.5 2. ]]",
        "[[1, 0.5], [0.5, 2]]",
        "[[1,0.5],[0.5,2]]",
        "[\n  [\n    1,\n    0.5\n  ],\n  [\n    0.5,\n    2\n  ]\n]",
        "array([[1. , 0.5],\n       [0.5, 2. ]])",
        "np.array([[1, .5], [.5, 2]])",
        "np.array([[1, .5], [.5, 2]], dtype=np.float64)",
        "matrix([[1, 0.5], [0.5, 2]])",
        "    1.0000    0.5000\n    0.5000    2.0000\n",
    ],
)
def test_matrices(text):
    assert read("parseMatrix", [text]) == [[[1, 0.5], [0.5, 2]]]


def test_matrices_of_one_number():
    assert read("parseMatrix", ["2", "[2]", "[[2]]", "array([[2.]])"]) == [[[2]]] * 4


def test_refused_matrices():
    assert_refused(
        "parseMatrix",
        {
            "": "There is no number",
            "[[]]": "There is no number",
            "1 2 3; 4 5 6": "of rows is 2, but that of entries in row 1 is 3",
            "1 2; 3": "of rows is 2, but that of entries in row 2 is 1.",
            "2,5": "Write decimals with a point",
            "1 0; 0 x": "Row 2: entry 2 is not a number: “x”",
            "1,5 2,5; 3 4": "Row 1: “1,5 2,5” can be read in several ways",
            "1, 0; 0 1, 2": "Row 2: “0 1, 2” can be read in several ways",
            "1 nan; nan 1": "Row 1: entry 2 is not a number",
            "[[1, 0], [0, 1]": "bracket does not fit",
            "[[1, 0]; [0, 1]]": "bracket does not fit",
            "[[1, 0] 5 [0, 1]]": "bracket does not fit",
            "[[1, 0], [0, 1]], 5": "bracket does not fit",
            "[[[1, 0], [0, 1]]]": "bracket does not fit",
            "[1 0]\n[0 1]": "bracket does not fit",
            "{{1, 0}, {0, 1}}": "bracket does not fit",
            "np.eye(2)": "bracket does not fit",
            "[[1 ... 0]\n [0 ... 1]]": "Row 1: entry 2 is not a number: “...”",
            "\n".join(["0 " * 11] * 11): "At most 10 dimensions can be read, got 11",
        },
    )


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n3,-4.5\n",
        "1;2\n3;-4.5",
        "1\t2\r\n3\t−4.5\r\n",
        "1 2\n3  -4.5",
        "\ufeffx,y\n1,2\n3,-4.5",
        '"length, cm";"breite"\n1;2\n\n3;-4.5\n\n',
        "höhe, _b\n1, 2\n3, -4.5",
    ],
)
def test_samples(text):
    assert read("parseSamples", [text]) == [[[1, 2], [3, -4.5]]]


def test_samples_of_one_number():
    assert read("parseSamples", ["1\n2\n3", "x\n1\n2\n3"]) == [[[1], [2], [3]]] * 2


def test_refused_samples():
    assert_refused(
        "parseSamples",
        {
            "": "There are no samples",
            "x,y\n": "There are no samples",
            "1,2\n3": "Lines 1 and 2 differ in length: 2 and 1",
            "x,y,z\n\n1,2": "Lines 1 and 3 differ in length: 3 and 2",
            "1,2\n\n3,x": "Line 3, entry 2 is not a number: “x”",
            "x,2\n3,4": "Line 1, entry 1 is not a number: “x”",
            "nan,nan\n1,2": "Line 1, entry 1 is not a number: “nan”",
            "1,2\nx,y\n3,4": "Line 2, entry 1 is not a number",
            "1,\n2,3": "Line 1, entry 2 is empty",
            "1;2\n3;": "Line 2, entry 2 is empty",
            "1\t2\n\t3": "Line 2, entry 1 is empty",
            "1,5;2,5\n1;2": "Line 1, entry 1 is “1,5”: write decimals with a point",
            "1,234\t5\n1\t2": "no thousands separators",
            "1,5 2,5\n3,5 4,5": "Line 1, entry 2 is not a number: “5 2”",
            '"1","2"\n"3","4"': "Line 2, entry 1 is not a number",
            "1,1e400": "Line 1, entry 2 is too large",
            ",".join("1" * 11): "At most 10 dimensions can be read, got 11",
            "1\n" * 100_001: "At most 100000 samples can be read, got 100001",
        },
    )


def test_many_samples():
    (res,) = read("parseSamples", ["1.5,2\n" * 100_000])
    assert res == [[1.5, 2]] * 100_000


def test_written_numbers_are_read_again():
    rng = np.random.default_rng(1)
    for dim in (1, 2, 5, 10):
        matrix = rng.standard_normal((dim, dim)) * 10.0 ** rng.integers(-300, 300, (dim, dim))
        rows = matrix.tolist()
        calls = "[m.parseMatrix(m.writeMatrix(data)), m.parseVector(m.writeVector(data[0]))]"
        # JSON writes large numbers as integers, which Python would compare digit by digit.
        res, vector = (np.array(x, dtype=float) for x in evaluate("paste.js", calls, rows))
        assert (res == matrix).all()
        assert (vector == matrix[0]).all()
    assert evaluate("paste.js", "m.writeMatrix(data)", [[1, 0.5], [0.5, 2]]) == "1, 0.5\n0.5, 2"


@pytest.mark.parametrize(
    ("function", "text"),
    [
        ("parseVector", "1" * 50_000 + "x"),
        ("parseVector", "(" + " " * 50_000 + "x"),
        ("parseVector", "(1" + ", " * 50_000 + "x"),
        ("parseMatrix", "[[1]" + " " * 50_000 + "x]]"),
        ("parseSamples", "1" * 50_000 + "x"),
    ],
)
def test_what_is_no_number_is_refused_at_once(function, text):
    """Not after a time that grows with the square of its length."""
    timed = f"""(() => {{
        const start = Date.now();
        try {{ m.{function}(data); }} catch {{ return Date.now() - start; }}
    }})()"""
    assert evaluate("paste.js", timed.replace("\n", " "), text) < 300


def test_printed_numpy_arrays_are_read():
    rng = np.random.default_rng(2)
    for dim in (1, 2, 7, 10):
        matrix = rng.standard_normal((dim, dim))
        with np.printoptions(floatmode="unique"):
            texts = [str(matrix), repr(matrix), json.dumps(matrix.tolist())]
            vectors = [str(matrix[0]), repr(matrix[0]), str(list(matrix[0]))]
        assert read("parseMatrix", texts) == [matrix.tolist()] * 3
        assert read("parseVector", vectors) == [matrix[0].tolist()] * 3


# --- what other programs write --------------------------------------------------------------

MATRIX = [[1, 0.5], [0.5, 2]]
THREE = [[4, 1, 0.5], [1, 3, -0.25], [0.5, -0.25, 2]]
NOTATIONS = {
    "tensor([[1.0000, 0.5000],\n        [0.5000, 2.0000]])": MATRIX,
    "tensor([[1., 0.5], [0.5, 2.]], device='cuda:0', dtype=torch.float64, grad_fn=<MmBackward0>)": (
        MATRIX
    ),
    "Array([[1. , 0.5],\n       [0.5, 2. ]], dtype=float32)": MATRIX,
    "<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\narray([[1. , 0.5],\n       [0.5, 2. ]])>": (
        MATRIX
    ),
    "{{1, 0.5}, {0.5, 2.`}}": MATRIX,
    "{{1, 5.*^-1}, {0.5, 2}}": MATRIX,
    r"\begin{pmatrix} 1 & 0.5 \\ 0.5 & 2 \end{pmatrix}": MATRIX,
    "\\left[\\begin{array}{cc}\n1 & 0.5 \\\\[2pt]\n0.5 & 2 \\\\\n\\end{array}\\right]": MATRIX,
    "matrix(c(1, 0.5, 0.5, 2), nrow = 2)": MATRIX,
    "matrix(c(1, 0.5, 0.5, 2), ncol=2, byrow=TRUE)": MATRIX,
    "matrix(c(1, 0.5,\n  0.5, 2), 2, 2)": MATRIX,
    "     [,1] [,2]\n[1,]  1.0  0.5\n[2,]  0.5  2.0": MATRIX,
    "     0    1\n0  1.0  0.5\n1  0.5  2.0": MATRIX,
    "        height  weight\nheight     1.0     0.5\nweight     0.5     2.0": MATRIX,
    ",height,weight\nheight,1.0,0.5\nweight,0.5,2.0": MATRIX,
    "1\n0.5 2": MATRIX,
    "1 0.5\n2": MATRIX,
    "[[4], [1, 3], [0.5, -0.25, 2]]": THREE,
    "4, 1, 0.5\n3, -0.25\n2": THREE,
    "4 1 −0.5\n3 0.25\n2": [[4, 1, -0.5], [1, 3, 0.25], [-0.5, 0.25, 2]],
}
VECTORS = {
    "tensor([1.0000, -2.5000], device='cuda:0')": [1, -2.5],
    "c(1, -2.5)": [1, -2.5],
    "[1]  1.0 -2.5": [1, -2.5],
    " [1]  1  2  3  4  5  6\n [7]  7  8": list(range(1, 9)),
    "{1, -2.5}": [1, -2.5],
    r"\begin{bmatrix} 1 \\ -2.5 \end{bmatrix}": [1, -2.5],
    r"\begin{pmatrix} 1 & -2.5 \end{pmatrix}": [1, -2.5],
}


def plain(texts) -> list[str]:
    return evaluate("notations.js", "data.map(m.plainNotation)", list(texts))


@pytest.mark.parametrize(
    ("function", "table"), [("parseMatrix", NOTATIONS), ("parseVector", VECTORS)]
)
def test_what_other_programs_write_is_read(function, table):
    for text, res in zip(table, read(function, plain(table)), strict=True):
        assert res == table[text], text


def test_a_matrix_of_r_is_read_by_columns():
    text = "matrix(c(1, 2, 3, 4), nrow=2"
    by_columns, by_rows = read("parseMatrix", plain([f"{text})", f"{text}, byrow=TRUE)"]))
    assert by_columns == [[1, 3], [2, 4]]
    assert by_rows == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 2\n3 4 5",
        "1\n2 3\n4 5",
        "     a  b\nc  1  2\nd  3  4",  # names of rows and columns differ
        "matrix(c(1, 2, 3), nrow=2)",
        "matrix(c(1, f(2)), nrow=1)",
        "{{1, 2}, {3, x}}",
        r"\begin{pmatrix} 1 & \sigma \\ \sigma & 2 \end{pmatrix}",
        "tensor([[1., ..., 2.], [3., ..., 4.]])",
        "(1.0, 0.5",
    ],
)
def test_what_is_none_of_them_is_refused_as_before(text):
    """Nothing is left out, and nothing made up: all that remains is a number, or an error."""
    (told,) = plain([text])
    assert isinstance(read("parseMatrix", [told])[0], str), told


def test_plain_numbers_stay_as_they_are():
    texts = ["1, 2", "[[1, 0.5], [0.5, 2]]", "1 0.5\n0.5 2", "1", "1; 2", "[1 2]"]
    assert plain(texts) == texts
