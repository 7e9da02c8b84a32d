"""The lines of a seal answer like a dictionary of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.editions.manifest import Manifest, beginning

PATHS = st.dictionaries(
    st.text("ab/.-é1", min_size=1, max_size=6), st.text("0123456789abcdef", min_size=64, max_size=64)
)


@given(PATHS)
def test_it_holds_each_path_and_its_digest(files: dict[str, str]) -> None:
    manifest = Manifest("".join(f"{digest}  {path}\n" for path, digest in sorted(files.items())))
    assert manifest == files
    assert list(manifest) == sorted(files)
    assert "zz" not in manifest
    assert manifest.get("a") == files.get("a")


@given(PATHS, st.text("ab/.-é1", max_size=3))
def test_the_paths_that_begin_alike_are_found_by_halves(files: dict[str, str], start: str) -> None:
    manifest = Manifest("".join(f"{digest}  {path}\n" for path, digest in sorted(files.items())))
    wanted = [path for path in sorted(files) if path.startswith(start)]
    assert beginning(manifest, start) == wanted
    assert sorted(beginning(files, start)) == wanted


def test_lines_of_another_form_or_order_are_refused() -> None:
    one, two = f"{'1' * 64}  a\n", f"{'2' * 64}  b\n"
    for lines in (two + one, one + one, one + "x\n", one + two[:-1], f"{'1' * 63}  a\n"):
        with pytest.raises(ValueError, match=r"not a line|substring"):
            Manifest(lines)
