"""The pressure is that of hard spheres.

Carnahan-Starling (J. Chem. Phys. 51, 635 (1969), doi:10.1063/1.1672048) and, for mixtures, BMCSL (G. A. Mansoori et
al., J. Chem. Phys. 54, 1523 (1971), doi:10.1063/1.1675048) are not exact: for equal spheres they are too low by up to
0.3 % (most near η = 0.37), as the molecular dynamics of J. J. Erpenbeck and W. W. Wood, J. Stat. Phys. 35, 321 (1984),
and of J. Kolafa, S. Labík, A. Malijevský, Phys. Chem. Chem. Phys. 6, 2335 (2004), doi:10.1039/B402792B, showed; for
mixtures by somewhat more. Standard errors here are a fifth of that. So the engine is held within half a percent of
the famous formula, and within three standard errors of what is known better.
"""

from __future__ import annotations

import numpy as np
import pytest

from vitreous.glassformers.diameters import DiameterDistribution
from vitreous.simulate.event_driven import HardSphereMD


def carnahan_starling(eta):
    return (1 + eta + eta**2 - eta**3) / (1 - eta) ** 3


def accurate(eta):
    """A series in η/(1-η) with the virial coefficients up to the sixth, fitted to molecular dynamics.

    The form is that of Kolafa, Labík and Malijevský; how good it is, the molecular dynamics of others says below.
    """
    coefficients = {
        0: 1, 1: 4, 2: 6, 3: 2.3647684, 4: -0.8698551, 5: 1.1062803, 6: -1.1014221, 7: 0.66605866,
        8: -0.03633431, 10: -0.20965164, 14: 0.10555569, 22: -0.00872380,
    }  # fmt: skip
    return sum(c * (eta / (1 - eta)) ** k for k, c in coefficients.items())


@pytest.mark.parametrize(
    ("volume", "published"),  # in units of the volume of close packing, Erpenbeck and Wood
    [(5.0, 1.88839), (3.0, 3.03114), (2.0, 5.85016), (1.8, 7.43040), (1.7, 8.60034), (1.6, 10.19388)],
)
def test_the_accurate_equation_is_accurate(volume, published):
    assert accurate(np.pi / np.sqrt(18) / volume) == pytest.approx(published, rel=2.5e-4)


def of_mixture(diameters, eta, equal, power):
    """P V / N kT of a mixture from that of equal spheres; BMCSL from that of Carnahan-Starling and `power` 2.

    The values at contact are polynomials of that degree in z_ij = σ_i σ_j <σ²> / (σ_ij <σ³>), those of equal spheres
    for z = 1 and of a point for z = 0. Simulations lie between degree 1, which is too high, and 2, too low: A. Santos,
    S. B. Yuste, M. López de Haro, Mol. Phys. 96, 1 (1999), and J. Chem. Phys. 117, 5785 (2002).
    """
    sizes, counts = np.unique(diameters, return_counts=True)
    x = counts / len(diameters)
    second, third = (x * sizes**2).sum(), (x * sizes**3).sum()
    contact = (sizes[:, None] + sizes) / 2
    z = sizes[:, None] * sizes / contact * second / third
    point, one = 1 / (1 - eta), (equal(eta) - 1) / (4 * eta)
    slope = one - point if power == 1 else 1.5 * eta / (1 - eta) ** 2
    g = point + slope * z + (one - point - slope) * z**2
    return 1 + 4 * eta / third * (x[:, None] * x * contact**3 * g).sum()


def test_bmcsl_is_what_is_published():
    """In the form of Mansoori et al.: with y_1, y_2, y_3 from the differences of diameters."""
    diameters, eta = np.repeat([1.0, 0.5, 0.3], [20, 30, 50]), 0.45
    s, x = np.array([1.0, 0.5, 0.3]), np.array([0.2, 0.3, 0.5])
    xi = eta * s**3 * x / (s**3 * x).sum()
    y1 = y2 = 0.0
    for i in range(3):
        for j in range(i):
            delta = np.sqrt(xi[i] * xi[j]) / eta * (s[i] - s[j]) ** 2 / (s[i] * s[j]) * np.sqrt(x[i] * x[j])
            y1 += delta * (s[i] + s[j]) / np.sqrt(s[i] * s[j])
            y2 += delta * (xi / eta / s).sum() * np.sqrt(s[i] * s[j])
    y3 = ((xi / eta) ** (2 / 3) * x ** (1 / 3)).sum() ** 3
    z = (1 + eta + eta**2 - 3 * eta * (y1 + y2 * eta) - eta**3 * y3) / (1 - eta) ** 3
    assert of_mixture(diameters, eta, carnahan_starling, 2) == pytest.approx(z, rel=1e-12)


def by_moments(diameters, eta):
    """BMCSL for any distribution: J. J. Salacuse, G. Stell, J. Chem. Phys. 77, 3714 (1982), doi:10.1063/1.444274."""
    first, second, third = (np.mean(np.asarray(diameters) ** k) for k in (1, 2, 3))
    mixed, squared = first * second / third, second**3 / third**2
    empty = 1 - eta
    return 1 / empty + 3 * eta * mixed / empty**2 + eta**2 * (3 - eta) * squared / empty**3


@pytest.mark.parametrize("eta", [0.1, 0.45])
def test_moments_are_all_that_the_famous_formula_asks_for(eta):
    mixture = np.repeat([1.0, 0.5, 0.3], [20, 30, 50])
    assert by_moments(mixture, eta) == pytest.approx(
        of_mixture(mixture, eta, carnahan_starling, 2), rel=1e-12
    )


def measured(diameters, eta, collisions, blocks):
    """P V / N kT with the standard error of independent blocks; a second sphere is missing to every one of N."""
    n = len(diameters)
    engine = HardSphereMD.grow(diameters, eta, seed=7, rate=0.1)
    engine.run(5.0)
    per_time = engine.collisions / 5.0
    engine.run(20.0)
    volume = engine.configuration.box.volume
    z = [engine.run(collisions / per_time / blocks).pressure * volume / n for _ in range(blocks)]
    return 1 + (np.mean(z) - 1) * n / (n - 1), np.std(z, ddof=1) / np.sqrt(blocks)


EQUAL, LIKE_THE_GLASS_FORMER, HALVES = [1.0, 1.0], [1.0, 0.85], [1.0, 0.5]
STATES = [
    *[(0.5, EQUAL, eta) for eta in (0.1, 0.2, 0.3, 0.4, 0.45, 0.49)],
    *[(0.3, LIKE_THE_GLASS_FORMER, eta) for eta in (0.1, 0.2, 0.3, 0.4, 0.45, 0.5)],
    *[(0.5, HALVES, eta) for eta in (0.1, 0.2, 0.3, 0.4, 0.45, 0.5)],
]


def compare(n, fraction, sizes, eta, collisions, blocks, largest_error):
    diameters = np.where(np.arange(n) < fraction * n, *sizes)
    z, error = measured(diameters, eta, collisions, blocks)
    famous = of_mixture(diameters, eta, carnahan_starling, 2)
    low, high = sorted(of_mixture(diameters, eta, accurate, power) for power in (1, 2))
    print(
        f"sizes {sizes}, η = {eta}: Z = {z:.4f} ± {error:.4f} ({error / z:.3%}); {famous:.4f} ({z / famous - 1:+.3%}) "
        f"by the famous formula, {low:.4f} to {high:.4f} ({z / low - 1:+.3%}, {z / high - 1:+.3%}) expected"
    )
    assert error < largest_error * z
    assert z == pytest.approx(famous, rel=0.005 + largest_error)
    assert low * (1 - 3e-4) - 3 * error < z < high * (1 + 3e-4) + 3 * error


@pytest.mark.parametrize(("fraction", "sizes", "eta"), [STATES[3], STATES[10]])
def test_two_states_roughly(fraction, sizes, eta):
    compare(500, fraction, sizes, eta, 300_000, 20, 0.005)


@pytest.mark.slow
@pytest.mark.parametrize(("fraction", "sizes", "eta"), STATES)
def test_the_pressure(fraction, sizes, eta):
    compare(4000, fraction, sizes, eta, 6_000_000, 30, 0.001)


POLYDISPERSE = [
    *[
        (DiameterDistribution("r^-3", minimum=0.7246, maximum=1.6131), eta)
        for eta in (0.1, 0.2, 0.3, 0.4, 0.5)
    ],
    (DiameterDistribution("gaussian", polydispersity=0.1), 0.4),
    (DiameterDistribution("uniform", polydispersity=0.4), 0.4),
    (DiameterDistribution("log-normal", polydispersity=0.3), 0.4),
]


def compare_polydisperse(n, distribution, eta, collisions, blocks, largest_error):
    diameters = distribution.draw(n)
    z, error = measured(diameters, eta, collisions, blocks)
    famous = by_moments(diameters, eta)
    print(
        f"{distribution.distribution}, width {diameters.std() / diameters.mean():.3f}, η = {eta}: Z = {z:.4f} ± "
        f"{error:.4f} ({error / z:.3%}); {famous:.4f} ({z / famous - 1:+.3%}) by the moments"
    )
    assert error < largest_error * z
    assert abs(z / famous - 1) < 0.005 + (3 * largest_error if largest_error > 0.001 else 0.0)


@pytest.mark.parametrize(("distribution", "eta"), [POLYDISPERSE[2], POLYDISPERSE[4]])
def test_two_polydisperse_states_roughly(distribution, eta):
    compare_polydisperse(500, distribution, eta, 300_000, 20, 0.005)


@pytest.mark.slow
@pytest.mark.parametrize(("distribution", "eta"), POLYDISPERSE)
def test_the_pressure_of_polydisperse_spheres(distribution, eta):
    compare_polydisperse(4000, distribution, eta, 6_000_000, 30, 0.001)
