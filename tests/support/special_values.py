#!/usr/bin/env python3
"""Writes tests/unit/stats/special_values.h: distribution functions at 50 digits, by mpmath (pip install mpmath).

    python3 tests/support/special_values.py > tests/unit/stats/special_values.h

Not run by the tests: the table is committed. Arguments are doubles, taken exactly; each value is rounded once."""
from mpmath import binomial, erfc, mp, mpf, sqrt

mp.dps = 50


def beta(x, a, b):
    """I_x(a, b) = x^a (1-x)^b / (a B(a,b)) 2F1(a+b, 1; a+1; x): a series of positive terms, unlike quadrature. Its mirror
    image where that one converges faster; 140 digits leave enough when it is subtracted from 1."""
    with mp.workdps(140):
        x, a, b = mpf(x), mpf(a), mpf(b)
        if x > (a + 1) / (a + b + 2) or x > 0.9:
            return 1 - beta_series(1 - x, b, a)
        return beta_series(x, a, b)


def beta_series(x, a, b):
    if x <= 0:
        return mpf(0)
    log_front = a * mp.log(x) + b * mp.log(1 - x) - (mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b))
    term = total = mpf(1)
    i = 0
    while term > total * mpf(10) ** -130:
        term *= (a + b + i) / (a + 1 + i) * x
        total += term
        i += 1
    return mp.exp(log_front) * total / a


def normal(z):
    return erfc(-mpf(z) / sqrt(mpf(2))) / 2


def t_cdf(t, df):
    t, df = mpf(t), mpf(df)
    outside = beta(df / (df + t * t), df / 2, mpf(1) / 2) / 2
    return outside if t <= 0 else 1 - outside


def invert(cdf, p, low, high):
    """Bisection: slow and certain."""
    low, high, p = mpf(low), mpf(high), mpf(p)
    with mp.workdps(40):
        for _ in range(110):
            middle = (low + high) / 2
            if cdf(middle) < p:
                low = middle
            else:
                high = middle
        return (low + high) / 2


def gamma_lower(x, a):
    """P(a, x) = x^a e^-x / Gamma(a+1) (1 + x/(a+1) + ...): positive terms again."""
    x, a = mpf(x), mpf(a)
    with mp.workdps(70):
        term = total = mpf(1)
        i = 0
        while term > total * mpf(10) ** -60:
            i += 1
            term *= x / (a + i)
            total += term
        return mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1)) * total


def gamma_upper(x, a):
    with mp.workdps(400):  # 1 - P where P is next to 1
        return 1 - gamma_lower_exact(x, a)


def gamma_lower_exact(x, a):
    x, a = mpf(x), mpf(a)
    term = total = mpf(1)
    i = 0
    while term > total * mpf(10) ** -380:
        i += 1
        term *= x / (a + i)
        total += term
    return mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1)) * total


def binomial_cdf(k, n, p):
    p = mpf(p)
    return mp.fsum(binomial(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


def binomial_weight(k, n, p):
    p = mpf(p)
    return binomial(n, k) * p**k * (1 - p) ** (n - k)


def rows():
    for z in (-30.0, -8.0, -3.5, -1.96, -0.1, 0.0, 0.75, 2.5, 6.0):
        yield "stats_normal_cdf", (z,), normal(z)
    for p in (1e-200, 1e-9, 0.025, 0.2, 0.4, 0.8, 0.975, 0.9999):
        yield "stats_normal_quantile", (p,), invert(normal, p, -40, 10)
    for a, b in ((0.001, 50.0), (0.5, 0.5), (1.0, 30.0), (2.5, 14.0), (14.0, 2.5), (391.0, 5.0), (1000.0, 1000.0), (1234.0, 46291.0), (23762.0, 23763.0)):
        mean = a / (a + b)
        sd = (mean * (1 - mean) / (a + b + 1)) ** 0.5
        for x in (mean - 4 * sd, mean - sd, mean, mean + sd, mean + 4 * sd, 0.015625, 0.984375):
            if 0 < x < 1 and abs(x - mean) < 8 * sd:
                yield "stats_beta_cdf", (x, a, b), beta(x, a, b)
    for p, a, b in ((0.025, 7.0, 14.0), (0.025, 1234.0, 46291.0), (0.5, 23762.0, 23763.0), (0.3, 2.5, 0.5), (0.975, 8.0, 13.0), (1e-6, 3.0, 40.0)):
        yield "stats_beta_quantile", (p, a, b), invert(lambda x: beta(x, a, b), p, 0, 1)
    for df in (1.0, 2.0, 5.0, 29.0, 782.5, 7825.0):
        for t in (-12.0, -2.0, -0.01, 0.3, 1.5, 4.0):
            yield "stats_t_cdf", (t, df), t_cdf(t, df)
        for p in (0.001, 0.025, 0.6, 0.95, 0.995):
            yield "stats_t_quantile", (p, df), invert(lambda t: t_cdf(t, df), p, -1000, 1000)
    for a in (0.5, 1.0, 4.5, 27.0, 500.0, 5000.0):
        for x in (a * 0.01, a * 0.5, a * 0.95, a, a * 1.1, a * 2.0):
            if gamma_lower(x, a) > mpf(10) ** -250:
                yield "stats_gamma_cdf", (x, a), gamma_lower(x, a)
            if gamma_upper(x, a) > mpf(10) ** -250:
                yield "stats_gamma_upper", (x, a), gamma_upper(x, a)
    for df in (1.0, 9.0, 54.0):
        for x in (0.5, 3.84, 16.9, 72.2, 300.0):
            yield "stats_chi2_upper", (x, df), gamma_upper(mpf(x) / 2, mpf(df) / 2)
        for p in (1e-6, 0.05, 0.5, 0.95, 0.999):
            yield "stats_chi2_quantile", (p, df), invert(lambda x: gamma_lower(x / 2, df / 2), p, 0, 500)
    for k, n, p in ((0, 6, 0.5), (1, 8, 0.5), (12, 37, 0.5), (310, 712, 0.5), (30, 100, 0.2), (5, 1000, 0.01), (2500, 5000, 0.5), (1, 2000, 0.3)):
        yield "stats_binomial_cdf", (float(k), float(n), p), binomial_cdf(k, n, p)
        yield "stats_binomial_weight", (float(k), float(n), p), binomial_weight(k, n, p)


print("/* Written by tests/support/special_values.py with mpmath at 50 digits; do not edit. {function, arguments, value}. */", flush=True)
for function, argument, value in rows():
    padded = list(argument) + [0.0] * (3 - len(argument))
    print("ROW(%s, %d, %s, %s)" % (function, len(argument), ", ".join(repr(float(x)) for x in padded), mp.nstr(value, 20, min_fixed=1, max_fixed=0)), flush=True)
