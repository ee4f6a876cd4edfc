"""An amorphous solid of harmonic springs: its covariances exactly, and engines that move it.

Springs join near particles and have their rest length where the particles are, so that the energy is
x · H x / 2 with the Hessian H for small displacements x. At the temperature T the covariance of x, without motion of
the whole, is T times the pseudo-inverse of H.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

import vitreous as vt
from vitreous.simulate.engine import Sample

TEMPERATURE = 1e-6
REACH = 1.6
BLOCK = np.array([[0, 1, 2], [1, 3, 4], [2, 4, 5]])  # place of a pair of axes among xx, xy, xz, yy, yz, zz
ROWS, COLUMNS = np.triu_indices(3)


@dataclass(frozen=True)
class Network:
    """Particles, springs (i, j, stiffness, length) between them."""

    snapshot: vt.Configuration
    i: np.ndarray
    j: np.ndarray
    stiffness: np.ndarray
    length: np.ndarray
    vector: np.ndarray

    @classmethod
    def of(cls, snapshot, seed=0):
        """Between all nearer than `REACH`; stiff in some regions and soft in others."""
        near = vt.within(snapshot, REACH)
        i = np.repeat(np.arange(len(snapshot)), near.counts)
        once = i < near.indices
        soft = vt.local_average(snapshot, np.random.default_rng(seed).normal(size=len(snapshot)), length=0.8)
        local = np.exp(1.0 * (soft - soft.mean()) / soft.std())
        i, j = i[once], near.indices[once]
        return cls(snapshot, i, j, np.sqrt(local[i] * local[j]), near.distances[once], near.vectors[once])

    @cached_property
    def hessian(self):
        """(3N, 3N)."""
        n = len(self.snapshot)
        hessian = np.zeros((n, 3, n, 3))
        unit = self.vector / self.length[:, None]
        for i, j, k, u in zip(self.i, self.j, self.stiffness, unit, strict=True):
            part = k * np.outer(u, u)
            hessian[i, :, i] += part
            hessian[j, :, j] += part
            hessian[i, :, j] -= part
            hessian[j, :, i] -= part
        return hessian.reshape(3 * n, 3 * n)

    @cached_property
    def modes(self):
        """Curvatures (K,) and vectors (3N, K) of all modes but the three translations."""
        curvature, vectors = np.linalg.eigh(self.hessian)
        assert curvature[2] < 1e-9 < 1e-3 < curvature[3]
        return curvature[3:], vectors[:, 3:]

    @property
    def covariance(self):
        """(3N, 3N) at the temperature, from the pseudo-inverse."""
        return TEMPERATURE * np.linalg.pinv(self.hessian, rcond=1e-9, hermitian=True)

    def expected(self, correlation, runs):
        """What an estimate from runs gives on average, and how it scatters.

        `correlation` (K, T, T) is that of the modes at the recorded times of one run; runs are independent. Returns
        the mean (6N,) and the covariance (6N, 6N) of the estimates of all xx, xy, xz, yy, yz, zz. Of the mean of all
        times and runs, which is taken off, the scatter is neglected: it is 1/runs of the rest.
        """
        vectors = self.modes[1]
        n, times = len(self.snapshot), correlation.shape[1]
        within_run = correlation.mean(axis=(1, 2))
        level = np.einsum("kaa->k", correlation) / times - within_run / runs
        mean = np.einsum("pk,k,qk->pq", vectors, level, vectors)
        p, q = (3 * np.arange(n)[:, None] + ROWS).ravel(), (3 * np.arange(n)[:, None] + COLUMNS).ravel()
        scatter = np.zeros((6 * n, 6 * n))
        for a in range(times):
            for b in range(a + 1):
                both = (vectors * correlation[:, a, b]) @ vectors.T
                product = both[np.ix_(p, p)] * both[np.ix_(q, q)] + both[np.ix_(p, q)] * both[np.ix_(q, p)]
                scatter += product * (1.0 if a == b else 2.0)
        return mean[p, q], scatter / (runs * times**2)


def elements(covariance):
    """(6N,) xx, xy, xz, yy, yz, zz of (N, 3, 3)."""
    return covariance[:, ROWS, COLUMNS].ravel()


def recorded(end, times=10):
    return np.linspace(0.5 * end, end, times)


def from_a_start(curvature, times):
    """(K, T, T) correlation of overdamped modes that begin at 0: T/λ (exp -λ|t - t'| - exp -λ(t + t'))."""
    apart, together = np.abs(times[:, None] - times), times[:, None] + times
    decay = np.exp(-curvature[:, None, None] * apart) - np.exp(-curvature[:, None, None] * together)
    return TEMPERATURE / curvature[:, None, None] * decay


def damped(curvature, times, friction):
    """(K, T, T) correlation of damped oscillators of mass 1 in equilibrium."""
    t = np.abs(times[:, None] - times)
    root = np.sqrt((0.25 * friction**2 - curvature)[:, None, None].astype(complex))
    decay = np.exp(-0.5 * friction * t) * (np.cosh(root * t) + 0.5 * friction / root * np.sinh(root * t))
    return TEMPERATURE / curvature[:, None, None] * decay.real


class Overdamped:
    """Each mode is an Ornstein-Uhlenbeck process, moved exactly; and the whole drifts."""

    work_name = "steps"

    def __init__(self, network, seed):
        self._network = network
        self._rng = np.random.default_rng(seed)
        self._amplitude = np.zeros(len(network.modes[0]))
        self.time, self.work = 0.0, 0

    def advance(self, time, progress=None):
        curvature = self._network.modes[0]
        begin, self.time = self.time, time
        kept = np.exp(-curvature * (time - begin))
        noise = np.sqrt(TEMPERATURE / curvature * (1.0 - kept**2))
        self._amplitude = kept * self._amplitude + noise * self._rng.normal(size=len(kept))
        self.work += 1
        return Sample(begin, time, 0.0, TEMPERATURE, None)

    def rebase(self):
        pass

    def frame(self):
        snapshot = self._network.snapshot
        moved = (self._network.modes[1] @ self._amplitude).reshape(-1, 3) + self.time * np.array([1.0, 0, -2])
        return vt.Configuration(snapshot.positions + moved, snapshot.box, snapshot.species, unwrapped=True)

    def state(self):
        return {}


class LammpsNetwork:
    """The springs in LAMMPS, damped and heated by Langevin's equation at constant volume, mass 1."""

    work_name = "steps"
    friction, timestep = 1.5, 0.02

    def __init__(self, network, seed, folder):
        from vitreous.simulate._lammps_atoms import gather_atoms
        from vitreous.simulate._lammps_library import open_lammps

        self._gather, self._snapshot = gather_atoms, network.snapshot
        self._lammps = open_lammps()
        data = folder / "network.data"
        if not data.exists():
            data.write_text(self._data(network))
        word = 1 + seed % 899_999_999
        for command in (
            "units lj",
            "atom_style bond",
            "boundary p p p",
            "comm_modify cutoff 2.2",
            "bond_style harmonic",
            f"read_data {data}",
            f"velocity all create {TEMPERATURE} {word}",
            "fix moves all nve",
            f"fix heat all langevin {TEMPERATURE} {TEMPERATURE} {1 / self.friction} {word}",
            f"timestep {self.timestep}",
        ):
            self._lammps.command(command)

    @staticmethod
    def _data(network):
        snapshot, n, m = network.snapshot, len(network.snapshot), len(network.i)
        places = snapshot.positions - snapshot.box.origin
        lines = ["springs", "", f"{n} atoms", f"{m} bonds", "1 atom types", f"{m} bond types"]
        for axis, edge in zip("xyz", snapshot.box.lengths.tolist(), strict=True):
            lines.append(f"0 {edge!r} {axis}lo {axis}hi")
        lines += ["", "Masses", "", "1 1.0", "", "Atoms # bond", ""]
        lines += [f"{k + 1} 1 1 {x!r} {y!r} {z!r}" for k, (x, y, z) in enumerate(places.tolist())]
        lines += ["", "Bond Coeffs", ""]  # energy K (r - r0)², so K is half the stiffness
        springs = zip(network.stiffness.tolist(), network.length.tolist(), strict=True)
        lines += [f"{b + 1} {0.5 * k!r} {r!r}" for b, (k, r) in enumerate(springs)]
        lines += ["", "Bonds", ""]
        ends = zip(network.i.tolist(), network.j.tolist(), strict=True)
        lines += [f"{b + 1} {b + 1} {i + 1} {j + 1}" for b, (i, j) in enumerate(ends)]
        return "\n".join(lines) + "\n"

    @property
    def time(self):
        return self.work * self.timestep

    @property
    def work(self):
        return int(self._lammps.extract_global("ntimestep"))

    def advance(self, time, progress=None):
        begin = self.time
        steps = round(time / self.timestep) - self.work
        self._lammps.command(f"run {steps} post no")
        return Sample(begin, self.time, 0.0, TEMPERATURE, None)

    def rebase(self):
        pass

    def frame(self):
        positions, images, _ = self._gather(self._lammps)
        box = self._snapshot.box
        return vt.Configuration(
            positions + images * box.lengths + box.origin, box, self._snapshot.species, unwrapped=True
        )

    def state(self):
        return {}
