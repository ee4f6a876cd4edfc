import tomllib

from hypothesis import given
from hypothesis import strategies as st

from vitreous.toml_document import key_lines

TEXT = """\
# a comment = 1
label = "x"

[[hard-spheres]]
packing_fraction = 0.58
runs = [
    32,
    8,
]

[[ hard-spheres ]]
"packing_fraction" = 0.57
[table.inner]
a.b = 2
"""


def test_tables_and_keys_have_their_lines():
    lines = key_lines(TEXT)
    assert lines["label",] == 2
    assert lines["hard-spheres",] == 4
    assert lines["hard-spheres", 0] == 4
    assert lines["hard-spheres", 0, "packing_fraction"] == 5
    assert lines["hard-spheres", 0, "runs"] == 6
    assert lines["hard-spheres", 1] == 11
    assert lines["hard-spheres", 1, "packing_fraction"] == 12
    assert lines["table", "inner"] == 13
    assert lines["table", "inner", "a", "b"] == 14


@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.integers(0, 9)), unique_by=lambda x: x[0]
    )
)
def test_every_key_of_a_file_is_found(pairs):
    text = "\n\n".join(f"{name} = {value}" for name, value in pairs)
    lines = key_lines(text)
    assert {path[0] for path in lines} == set(tomllib.loads(text))
    assert [lines[name,] for name, _ in pairs] == [1 + 2 * k for k in range(len(pairs))]
