from __future__ import annotations

import json
import math

import numpy as np
import pytest

import vitreous as vt
from trajectories import brownian
from vitreous.dynamics.relaxation import relaxation_time
from vitreous.errors import InputError, NoPeakError
from vitreous.jobs.relax import relax
from vitreous.trajectory import Trajectory

SIDE, Q = 12.0, 4.0
DIFFUSION = {"A": 0.05, "B": 0.1}


def gas(n=600, frames=50, **options):
    """Two species of Brownian particles, without a structure."""
    times = np.concatenate([[0.0], np.geomspace(0.01, 30.0, frames)])
    labels = np.where(np.arange(n) % 3 == 0, "B", "A")
    mobility = np.where(labels == "A", DIFFUSION["A"], DIFFUSION["B"])
    start = np.random.default_rng(0).random((n, 3)) * SIDE
    x = brownian(times, start, 1, np.ones_like, mobilities=mobility[None])
    return Trajectory(x, times, SIDE, labels, **options)


@pytest.fixture(scope="module")
def found():
    return relax(gas(diameters={"A": 2.0, "B": 1.0}, source="gas.gsd"), wave_number=Q)


def test_what_is_known_of_brownian_particles(found):
    for name, diffusion in DIFFUSION.items():
        decay, motion = found.self_by_species[name], found.motion.by_species[name]
        exact = 1 / (Q**2 * diffusion)
        assert decay.fit.found, decay.fit.reason
        assert abs(decay.fit.tau - exact) < 4 * decay.fit.tau_error
        assert abs(decay.fit.beta - 1) < 4 * decay.fit.beta_error
        assert abs(decay.crossing.value - exact) < 4 * decay.crossing.error
        assert abs(motion.diffusion.value - diffusion) < 4 * motion.diffusion.error
        time, error = found.diffusion_time(motion.diffusion)
        assert time == pytest.approx(2.0**2 / (6 * motion.diffusion.value))  # σ of A, the first species
        assert error / time == pytest.approx(motion.diffusion.error / motion.diffusion.value)


def test_names(found):
    assert list(found.decays) == ["F", "F_s", "F_s A", "F_s B"]
    assert list(found.motions) == ["all", "A", "B"]
    assert found.wave_number_given
    single = relax(Trajectory(found.trajectory.positions, found.trajectory.times, SIDE), wave_number=Q)
    assert list(single.decays) == ["F", "F_s"]
    assert list(single.motions) == ["all"]


def test_everything_as_json(found):
    document = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert document["species"] == {"A": 400, "B": 200}
    assert (document["frames"], document["particles"], document["source"]) == (51, 600, "gas.gsd")
    scattering, motion = document["scattering"], document["motion"]
    curves = [scattering["total"], scattering["self"], *scattering["self_by_species"].values()]
    assert (
        {len(curve["value"]) for curve in curves} == {len(scattering["time"])} == {len(scattering["origins"])}
    )
    for curve, decay in zip(curves[1:], [found.self_all, *found.self_by_species.values()], strict=True):
        assert curve["fit"]["tau"] == decay.fit.tau
        assert curve["fit"]["begin"] < curve["fit"]["end"]
        again = relaxation_time(scattering["time"], curve["value"], curve["error"])
        assert again.value == curve["crossing"]["value"]
    assert motion["by_species"]["B"]["diffusion"]["value"] == found.motion.by_species["B"].diffusion.value
    assert set(document["structure_factor"]["partial"]) == {"A-A", "A-B", "B-B"}
    assert document["structure_factor"]["first_peak"] is None
    assert document["unit_length"] == 2.0


def test_what_is_missing_is_said():
    short = gas(n=200, frames=20)
    short = Trajectory(short.positions[:8], short.times[:8], SIDE, short.species)
    found = relax(short, wave_number=Q)
    assert math.isnan(found.unit_length)
    assert any(remark.startswith("F: the curve falls only to") for remark in found.remarks)
    document = found.as_dict()
    assert document["scattering"]["total"]["fit"]["tau"] is None
    assert document["unit_length"] is None
    assert document["remarks"] == list(found.remarks)
    diffusive = relax(gas(n=200), wave_number=Q)
    assert any("--diameters" in remark for remark in diffusive.remarks)
    assert diffusive.as_dict()["motion"]["all"]["diffusion_time"] == {"value": None, "error": None}


def test_the_wave_number_is_the_first_peak():
    md = vt.HardSphereMD.grow([1.0] * 150, 0.45, seed=1)
    frames = []
    for _ in range(12):
        md.run(0.5)
        frames.append(md.configuration)
    found = relax(Trajectory.of(frames))
    assert not found.wave_number_given
    assert found.wave_number == found.structure.peak.wave_number
    assert found.wave_number == pytest.approx(6.9, abs=0.4)


def test_stages_are_told():
    stages = []
    relax(gas(n=50, frames=8), wave_number=Q, progress=stages.append)
    assert stages == ["structure factor", "scattering functions", "displacements"]


def test_frames_in_a_file_give_the_same_bits(monkeypatch):
    """However many frames are in memory at once."""
    whole = gas(n=150, frames=60)
    frames = [whole[k] for k in range(len(whole))]
    found = relax(Trajectory.of(frames), wave_number=Q).as_dict()
    monkeypatch.setattr("vitreous.frame_store._BYTES_IN_MEMORY", 0)
    stored = Trajectory.of(frames)
    assert isinstance(stored.positions, np.memmap)
    assert relax(stored, wave_number=Q).as_dict() == found
    assert relax(whole, wave_number=Q).as_dict()["motion"] == found["motion"]


def test_wrapped_positions_have_no_displacements():
    whole = gas(n=200, frames=20)
    inside = np.array([whole.box.wrap(x)[0] for x in whole.positions])
    found = relax(Trajectory(inside, whole.times, SIDE, whole.species, wrapped=True), wave_number=Q)
    assert found.motion is None
    assert found.motions == {}
    assert any(remark.startswith("no displacements: ") for remark in found.remarks)
    assert "centre of mass is left in" in found.remarks[1]
    document = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert document["motion"] is None
    total = relax(whole, wave_number=Q).structure.total
    np.testing.assert_allclose(document["structure_factor"]["total"], total, rtol=1e-10)
    with pytest.raises(InputError, match="relaxation: particles jump"):
        relax(Trajectory(inside, whole.times, SIDE), wave_number=Q)


def test_refused():
    with pytest.raises(NoPeakError, match=r"no first peak stands out; .*--wave-number"):
        relax(gas(n=100, frames=4))
    one = Trajectory(np.zeros((1, 3, 3)), [0.0], 3.0, source="some/where/x.gsd")
    with pytest.raises(InputError, match=r"^x\.gsd: there is one frame only"):
        relax(one)
