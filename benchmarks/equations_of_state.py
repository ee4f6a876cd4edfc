"""P/(ρkT) as theory has it, for the liquids of which no number is published; imported by `library.py`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad

from vitreous.glassformers import GlassFormer

Array = NDArray[np.float64]


def bmcsl(density: float, diameters: Array, shares: Array) -> float:
    """P/(ρkT) of additive hard spheres: Mansoori et al., J. Chem. Phys. 54, 1523 (1971), doi:10.1063/1.1675048.

    In terms of the moments of the diameters, so that it holds for any number of species.
    """
    xi = [math.pi / 6.0 * density * float((shares * diameters**k).sum()) for k in range(4)]
    free = 1.0 - xi[3]
    return (
        1.0 / free + 3.0 * xi[1] * xi[2] / (xi[0] * free**2) + (3.0 - xi[3]) * xi[2] ** 3 / (xi[0] * free**3)
    )


def effective_diameters(liquid: GlassFormer, temperature: float) -> Array:
    """Hard spheres in place of soft ones: Barker, Henderson, J. Chem. Phys. 47, 4714 (1967), doi:10.1063/1.1701689."""

    def excluded(r: float, a: str) -> float:
        energy, _ = liquid.pair(a, a).energy_force(np.array([r]))
        return float(-np.expm1(-energy[0] / temperature))

    return np.array(
        [
            quad(excluded, 1e-6, liquid.pair(a, a).cutoff, args=(a,), limit=500, epsrel=1e-7)[0]
            for a in liquid.species
        ]
    )


# B_2 to B_8 of particles with u = r⁻¹² at T = 1: the first is 2π/3 Γ(3/4), the others from Tan, Schultz, Kofke, Mol.
# Phys. 109, 123 (2011), doi:10.1080/00268976.2010.520041, Table 1.
_VIRIAL = (2.0 * math.pi / 3.0 * math.gamma(0.75), 3.79106644, 3.52761, 2.1149, 0.7695, 0.0908, -0.074)


def virial_series(liquid: GlassFormer, density: float, temperature: float) -> float:
    """P/(ρkT) of a mixture with u = (σ_ij/r)¹² as that of one fluid with the mean σ³: Γ = ρ <σ_ij³> T^(-1/4)."""
    x = dict(zip(liquid.species, liquid.fractions, strict=True))
    cube = sum(x[a] * x[b] * liquid.pair(a, b).sigma ** 3 for a in x for b in x)
    coupling = density * cube * temperature**-0.25
    return 1.0 + sum(b * coupling ** (k + 1) for k, b in enumerate(_VIRIAL))


def virial_to_third_order(density: float, shares: Array, mayer: Array, step: float) -> float:
    """P/(ρkT) = 1 + B₂ρ + B₃ρ² of a mixture: Hansen, McDonald, Theory of Simple Liquids, chapter 3.

    `mayer` (species, species, 2n) holds f = exp(-u/kT) - 1 at the distances (k + 1/2) `step`, twice as far as it
    differs from zero. B₂ = -2π Σ x_i x_j ∫ r² f_ij(r) dr, and with t from |r-s| to r+s
    B₃ = -8π²/3 Σ x_i x_j x_k ∫∫ r f_ik(r) s f_jk(s) ∫ t f_ij(t) dt dr ds.
    """
    reach = mayer.shape[2] // 2
    weighted = mayer * (np.arange(2 * reach) + 0.5) * step
    near = weighted[:, :, :reach]
    second = (
        -2.0
        * math.pi
        * step**2
        * float(np.einsum("i,j,ijr,r->", shares, shares, near, np.arange(reach) + 0.5))
    )
    until = np.concatenate([np.zeros((*mayer.shape[:2], 1)), np.cumsum(weighted, axis=2) * step], axis=2)
    r, s = np.indices((reach, reach))
    third = 0.0
    for i, j in np.ndindex(mayer.shape[:2]):
        between = until[i, j][r + s + 1] - until[i, j][abs(r - s)]
        of_each = np.einsum("kr,rs,ks->k", near[i], between, near[j], optimize=True)
        third -= 8.0 * math.pi**2 / 3.0 * step**2 * float(shares[i] * shares[j] * (shares @ of_each))
    return 1.0 + second * density + third * density**2
