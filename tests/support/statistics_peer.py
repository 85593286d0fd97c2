#!/usr/bin/env python3
"""Compares the committed numbers that unit tests hold the program to with SciPy's, a program of other people.

    statistics_peer.py SPECIAL_VALUES.h GOLDEN.json

One line per function: its name, how many values, the largest relative difference. Exit 1 above 1e-10;
77 where SciPy is missing."""
import json
import re
import sys

try:
    from scipy import special, stats
except ImportError:
    sys.exit(77)

PEER = {
    "stats_normal_cdf": lambda z: special.ndtr(z),
    "stats_normal_quantile": lambda p: special.ndtri(p),
    "stats_beta_cdf": lambda x, a, b: special.betainc(a, b, x),
    "stats_beta_quantile": lambda p, a, b: special.betaincinv(a, b, p),
    "stats_t_cdf": lambda t, df: stats.t.cdf(t, df),
    "stats_t_quantile": lambda p, df: stats.t.ppf(p, df),
    "stats_gamma_cdf": lambda x, a: special.gammainc(a, x),
    "stats_gamma_upper": lambda x, a: special.gammaincc(a, x),
    "stats_chi2_upper": lambda x, df: stats.chi2.sf(x, df),
    "stats_chi2_quantile": lambda p, df: stats.chi2.ppf(p, df),
    "stats_binomial_cdf": lambda k, n, p: stats.binom.cdf(k, n, p),
    "stats_binomial_weight": lambda k, n, p: stats.binom.pmf(k, n, p),
}


def wilson(x):
    k = round(x["p"] * x["n"])
    if abs(k - x["p"] * x["n"]) > 1e-9 or x["n"] != int(x["n"]):
        return None  # SciPy knows whole numbers only
    return list(stats.binomtest(k, int(x["n"])).proportion_ci(method="wilson"))


GOLDEN = {
    "st_wilson": wilson,
    "st_clopper_pearson": lambda x: list(stats.binomtest(int(x["x"]), int(x["n"])).proportion_ci(method="exact")),
    "st_bh": lambda x: list(stats.false_discovery_control(x["p"])),
    "st_mcnemar": lambda x: [stats.binomtest(x["b"], x["b"] + x["c"]).pvalue] if x["b"] + x["c"] else None,
}


def apart(got, expected):
    return abs(got - expected) / max(abs(expected), 1e-290)


def main(values, golden):
    worst, count = {}, {}

    def add(name, got, expected):
        worst[name] = max(worst.get(name, 0.0), apart(got, expected))
        count[name] = count.get(name, 0) + 1

    for line in open(values):
        row = re.match(r"ROW\((\w+), (\d), (.*), (\S+)\)", line)
        if row:
            argument = [float(a) for a in row[3].split(", ")][: int(row[2])]
            add(row[1], float(PEER[row[1]](*argument)), float(row[4]))
    for case in json.load(open(golden))["cases"]:
        peer = GOLDEN.get(case["function"])
        got = peer(case["inputs"]) if peer else None
        if got is not None:
            expected = case["expected"]
            for g, e in zip(got, [expected["exact"]] if isinstance(expected, dict) else expected):
                add(case["function"], g, e)
    for name in sorted(worst):
        print("%-24s %4d values, at most %.1e apart" % (name, count[name], worst[name]))
    return 1 if max(worst.values()) > 1e-10 or len(worst) != len(PEER) + len(GOLDEN) else 0


sys.exit(main(*sys.argv[1:]))
