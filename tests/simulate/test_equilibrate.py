from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vitreous as vt
from trajectories import WAVE_NUMBER, constant, particles, run, stage
from vitreous.configuration import Configuration
from vitreous.dynamics.relaxation import RelaxationTime
from vitreous.errors import InputError
from vitreous.simulate.equilibrate import Stage, check, next_stage
from vitreous.simulate.equilibration_report import recorded_tau_1e
from vitreous.simulate.stage import stage_times

OPTIONS = {"wave_number": WAVE_NUMBER, "first_duration": 0.2, "longest": 1000.0}


@pytest.fixture(scope="module")
def liquid():
    return particles(500)


@pytest.fixture(scope="module")
def stages(liquid):
    """A run of a liquid that is in equilibrium from the beginning, with τ_1e = 1."""
    return run(liquid)


@pytest.fixture(scope="module")
def report(stages, liquid):
    return check(stages, liquid, wave_number=WAVE_NUMBER)


def test_stages_double_until_the_relaxation_time_is_known(stages):
    durations = np.array([part.duration for part in stages])
    np.testing.assert_allclose(durations[:-1], 0.2 * 2.0 ** np.arange(len(durations) - 1), rtol=1e-9)
    assert stages[0].begin == 0
    for before, after in pairwise(stages):
        assert after.begin == before.end


def test_no_time_is_wasted_at_the_end(stages):
    assert 10.0 <= stages[-1].end <= 14.0
    assert stages[-1].duration >= 5.0


def test_an_interrupted_run_goes_on_the_same_way(stages):
    for k in range(len(stages)):
        np.testing.assert_array_equal(next_stage(stages[:k], **OPTIONS), stages[k].times)
    assert next_stage(stages, **OPTIONS) is None


@pytest.mark.parametrize("multiple", [2.0, 25.0])
def test_another_multiple(liquid, multiple):
    found = run(liquid, multiple=multiple)
    assert multiple <= found[-1].end < max(1.6 * multiple, 9.0)
    assert check(found, liquid, wave_number=WAVE_NUMBER, multiple=multiple).verdict == "equilibrated"


@settings(max_examples=15)
@given(st.floats(0.05, 5.0), st.floats(0.02, 60.0))
def test_longest_is_never_exceeded(first_duration, longest):
    start = particles(60)
    found = run(start, first_duration=first_duration, longest=longest)
    end = found[-1].end
    assert end <= longest * (1 + 1e-12)
    assert end >= min(10.0 * 0.6, 0.5 * longest)  # of so few particles τ_1e is known to a fifth or so


def test_a_glass_is_left_at_longest():
    """The last stage before `longest` is at least as long as the one before."""
    start = particles(100)
    found = run(start, longest=10.0, diffusion=lambda times: constant(times) / 1000)
    assert found[-1].end == 10.0
    assert found[-1].duration >= found[-2].duration
    report = check(found, start, wave_number=WAVE_NUMBER)
    assert report.verdict == "not equilibrated"
    assert np.isnan([report.tau_1e, report.duration_in_tau_1e]).all()
    (remark,) = report.remarks
    assert remark.startswith(
        "F_s after either waiting time is not seen to fall to 1/e: the curve falls only to 1.00"
    )
    assert "unknown after the first waiting time" in dict(report.rows())["τ_1e"]
    assert "slowing down" not in dict(report.rows())
    json.dumps(report.as_dict(), allow_nan=False)


def test_longer_when_asked_again():
    """`longest` may be raised for a run that was stopped there."""
    start = particles(100)
    found = run(start, longest=6.2, diffusion=lambda times: constant(times) / 4)
    assert next_stage(found, **{**OPTIONS, "longest": 6.2}) is None
    assert next_stage(found, **{**OPTIONS, "longest": 6.3}) is None  # too little to be of use
    assert next_stage(found, **OPTIONS)[0] == found[-1].end


def test_equilibrated(report):
    assert report.verdict == "equilibrated"
    assert report.remarks == ()
    assert report.tau_1e == pytest.approx(1.0, abs=0.1)
    assert report.duration_in_tau_1e > 10
    assert report.quantity == "pressure"
    assert report.drift.mean == pytest.approx(10.0, abs=0.1)
    assert report.temperature == pytest.approx(0.5)
    assert report.crystalline_at_beginning < 0.01
    assert report.smallest_factor < 1.5
    assert len(report.block_times) == len(report.block_means)
    assert len(report.block_times) % 32 == 0


def test_the_report_as_data(report):
    tree = json.loads(json.dumps(report.as_dict(), allow_nan=False))
    assert tree["verdict"] == "equilibrated"
    assert [half["waiting_time"] for half in tree["waiting_times"]] == [
        report.ageing.first.waiting_time,
        report.ageing.second.waiting_time,
    ]
    assert len(tree["waiting_times"][0]["self_intermediate_scattering"]) == len(report.ageing.first.time)
    assert tree["drift"]["quantity"] == "pressure"
    rows = dict(report.rows())
    assert rows["verdict"] == "equilibrated"
    assert "τ_1e (10 τ_1e asked for)" in rows["duration"]
    assert " ± " in rows["τ_1e"]
    assert all("\n" not in text for text in rows.values())


def test_ageing(liquid, stages):
    times = stages[-1].times
    middle = 0.5 * (times[0] + times[-1])
    aged = stage(
        times, stages[-1].positions[0], 7, lambda t: 2 * constant(t) / np.where(t < middle, 1.0, 2.0)
    )
    report = check([*stages[:-1], aged], liquid, wave_number=WAVE_NUMBER)
    assert report.verdict == "not equilibrated"
    (remark,) = report.remarks
    assert remark.startswith("F_s after the second waiting time is slower by a factor ")
    assert "run longer with a larger --multiple or --longest" in remark
    assert 1.7 < report.ageing.factor < 2.3


def test_drift(liquid, stages):
    drifting = replace(stages[-1], pressure=stages[-1].pressure + 0.2 * stages[-1].times)
    report = check([*stages[:-1], drifting], liquid, wave_number=WAVE_NUMBER)
    assert report.verdict == "not equilibrated"
    (remark,) = report.remarks
    assert remark.startswith("The pressure drifts by +1.")
    energies = [replace(part, energy=part.pressure - 20) for part in [*stages[:-1], drifting]]
    report = check(energies, liquid, wave_number=WAVE_NUMBER)
    assert report.quantity == "energy"
    assert report.remarks[0].startswith("The potential energy drifts by +1.")
    assert "drift of the potential energy" in dict(report.rows())


def test_too_short(liquid, stages):
    report = check(stages, liquid, wave_number=WAVE_NUMBER, multiple=20.0)
    assert report.verdict == "not equilibrated"
    assert "not 20; run longer" in report.remarks[0]


def test_crystallised():
    cells = np.array(list(np.ndindex(5, 5, 5)), dtype=float)
    fcc = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    lattice = Configuration(2.0 * (cells[:, None] + fcc).reshape(-1, 3), 10.0)
    frozen = stage(stage_times(0.0, 12.0, 0.01), lattice.positions, 0, lambda times: 1e-6 * constant(times))
    report = check([frozen], lattice, wave_number=WAVE_NUMBER)
    assert report.verdict == "crystallised"
    assert report.crystalline_at_end == 1.0
    assert report.remarks[0].startswith("100.0 % of the particles are crystalline, more than 5 %")


def test_a_weak_comparison_is_told(report):
    weak = replace(report, ageing=replace(report.ageing, log_ratio_error=0.5))
    assert weak.verdict == "equilibrated"
    (remark,) = weak.remarks
    assert (
        "is weak: with 500 particles it would not have seen a slowing down by less than a factor 4.5"
        in remark
    )


def test_one_waiting_time_too_short(report):
    unknown = replace(report.ageing.second, relaxation=RelaxationTime(np.nan, np.nan, "so it is"))
    found = replace(report, ageing=replace(report.ageing, second=unknown))
    assert found.verdict == "not equilibrated"
    assert found.remarks[0].startswith(
        "F_s after the second waiting time is not seen to fall to 1/e: so it is"
    )


def test_steps_of_an_engine_do_not_matter(liquid, stages):
    """The times that were recorded are those asked for, rounded to steps."""
    rounded = [replace(part, times=np.round(part.times / 1e-4) * 1e-4) for part in stages]
    one = check(stages, liquid, wave_number=WAVE_NUMBER)
    other = check(rounded, liquid, wave_number=WAVE_NUMBER)
    assert other.tau_1e == pytest.approx(one.tau_1e, rel=1e-3)
    assert other.verdict == one.verdict


@pytest.mark.parametrize("name", ["multiple", "first_duration", "longest"])
@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf])
def test_bad_parameters(name, value):
    with pytest.raises(InputError, match=f"{name.replace('_', ' ')}: must be positive and finite"):
        next_stage([], **{**OPTIONS, name: value})


def test_bad_stages(liquid, stages):
    with pytest.raises(InputError, match="there is none to check"):
        check([], liquid, wave_number=WAVE_NUMBER)
    with pytest.raises(InputError, match="multiple: must be positive"):
        check(stages, liquid, wave_number=WAVE_NUMBER, multiple=0.0)
    with pytest.raises(InputError, match="they have 500 particles, the configuration has 60"):
        check(stages, particles(60), wave_number=WAVE_NUMBER)
    with pytest.raises(InputError, match=r"stage 1 begins at 0\.6, but stage 0 ended at 0\.2"):
        next_stage([stages[0], stages[2]], **OPTIONS)
    with pytest.raises(InputError, match="stages 0 and 1 have different numbers of particles"):
        next_stage([stages[0], replace(stages[1], positions=stages[1].positions[:, :60])], **OPTIONS)
    with pytest.raises(InputError, match="wave number"):
        check(stages, liquid, wave_number=0.0)
    with pytest.raises(InputError, match="an earlier one has none"):
        check(
            [*stages[:-1], replace(stages[-1], energy=stages[-1].pressure)], liquid, wave_number=WAVE_NUMBER
        )
    assert isinstance(stages[0], Stage)


@pytest.mark.parametrize(
    ("metadata", "tau"),
    [
        ({"equilibration": {"tau_1e": 74.0}}, 74.0),
        ({"equilibration": {"tau_alpha": 74.0}}, 74.0),  # what the same time was called in former files
        ({"equilibration": {"tau_alpha": None}}, np.nan),
        ({"equilibration": {"verdict": "equilibrated"}}, np.nan),
        ({"equilibration": "long"}, np.nan),
        ({}, np.nan),
    ],
)
def test_what_a_file_tells_of_its_relaxation_time(tmp_path, metadata, tau):
    written = Configuration(np.eye(3), (9.0, 9.0, 9.0), metadata=metadata)
    vt.write(tmp_path / "former.gsd", written)
    np.testing.assert_equal(recorded_tau_1e(vt.read(tmp_path / "former.gsd")), tau)
