from __future__ import annotations

import numpy as np
import pytest

import vitreous.io as io

FRAME = "2\n10 11 12\na {} 2 3 0.5\nb 4 5 6 0.425\n"


def test_letters_box_and_radii(put):
    snapshot = io.read(put("a.sph", FRAME.format(1)))
    assert snapshot.species.tolist() == ["A", "B"]
    assert snapshot.diameters.tolist() == [1.0, 0.85]
    assert snapshot.box.lengths.tolist() == [10, 11, 12]
    assert snapshot.positions.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("frame", [-3, -2, -1, 0, 1, 2])
def test_frames_follow_one_another(put, frame):
    path = put("a.sph", "".join(FRAME.format(i) for i in range(3)))
    assert io.read(path, frame=frame).positions[0, 0] == frame % 3


def test_real_hard_spheres(shared):
    snapshot = io.read(shared / "hs_eta0.58_N2000.sph")
    assert len(snapshot) == 2000
    assert (snapshot.species == "A").sum() == 600
    packing_fraction = np.pi / 6 * (snapshot.diameters**3).sum() / snapshot.box.volume
    assert abs(packing_fraction - 0.58) < 1e-4
