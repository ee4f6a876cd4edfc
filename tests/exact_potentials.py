"""Pair potentials in 60 digits, from the formulas in the literature; shares no code with the package."""

from __future__ import annotations

from decimal import Decimal, localcontext

DIGITS = 60


def bare(kind, x, parameter=None):
    """In units of ε and of σ."""
    if kind == "lennard-jones":
        return 4 * (x**-12 - x**-6)
    if kind == "inverse-power":
        return (-Decimal(parameter) * x.ln()).exp()
    if kind == "yukawa":  # the parameter is κσ
        return (-Decimal(parameter) * (x - 1)).exp() / x
    raise ValueError(kind)


def slope(function, x):
    """First derivative, to some 40 digits."""
    h = Decimal("1e-20")
    return (function(x + h) - function(x - h)) / (2 * h)


def curvature(function, x):
    h = Decimal("1e-15")
    return (function(x + h) - 2 * function(x) + function(x - h)) / (h * h)


def truncated(kind, truncation, c, o=None, parameter=None):
    """u(x) below the cutoff c, in units of ε."""

    def b(x):
        return bare(kind, x, parameter)

    if truncation == "cut":
        return b
    if truncation == "shifted":
        return lambda x: b(x) - b(c)
    if truncation == "force-shifted":
        return lambda x: b(x) - b(c) - (x - c) * slope(b, c)
    if truncation == "polynomial":
        first, second = slope(b, c), curvature(b, c)
        # value, slope and curvature of b + c0 + c2 x² + c4 x⁴ vanish at c: a linear system, by elimination
        c4 = (first - c * second) / (8 * c**3)
        c2 = -(second + 12 * c4 * c * c) / 2
        c0 = -(b(c) + c2 * c**2 + c4 * c**4)
        return lambda x: b(x) + c0 + c2 * x**2 + c4 * x**4
    if truncation == "xplor":

        def smoothed(x):
            if x <= o:
                return b(x)
            return b(x) * (c**2 - x**2) ** 2 * (c**2 + 2 * x**2 - 3 * o**2) / (c**2 - o**2) ** 3

        return smoothed
    raise ValueError(truncation)


def energy_force(pair, kind, r):
    """Of a pair as the package describes it, at one distance; both as `Decimal`."""
    with localcontext() as context:
        context.prec = DIGITS
        sigma, epsilon, distance = Decimal(pair.sigma), Decimal(pair.epsilon), Decimal(float(r))
        if kind == "harmonic":
            overlap = 1 - distance / sigma
            if overlap <= 0:
                return Decimal(0), Decimal(0)
            return epsilon * overlap**2 / 2, epsilon * overlap / sigma
        c = Decimal(pair.cutoff_factor)
        x = distance / sigma
        if x >= c:
            return Decimal(0), Decimal(0)
        parameter = None
        if kind == "inverse-power":
            parameter = pair.exponent
        elif kind == "yukawa":
            parameter = Decimal(pair.kappa) * sigma
        u = truncated(kind, pair.truncation, c, Decimal(pair.onset_factor), parameter)
        return epsilon * u(x), -epsilon / sigma * slope(u, x)
