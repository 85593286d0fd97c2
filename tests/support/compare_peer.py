#!/usr/bin/env python3
"""Computes a comparison again, from the rows of the store and with other people's programs, and holds gauntlet's to it.

    compare_peer.py STORE COMPARE.json

Pairs by SQL; differences and their clustered standard error by definition, and by statsmodels' cluster-robust least squares where
it is installed; Student's t, binomials and Benjamini-Hochberg by SciPy; sign flips exactly, in whole numbers. One line per table:
how many numbers, the largest difference. Exit 1 above 1e-9; 77 where SciPy is missing."""
import json
import math
import sqlite3
import sys
from collections import defaultdict
from fractions import Fraction

try:
    from scipy import stats
except ImportError:
    sys.exit(77)
try:
    import numpy
    import statsmodels.api as statsmodels
except ImportError:
    statsmodels = None

SCORED = ("complied", "partial", "refused", "deflected", "blocked")
LARGEST_EXACT = 2000, 20000


def half(db, side, scorer):
    """sample -> (category, subcategory, attack, intent, complied of each scored epoch)"""
    found = {}
    rows = db.execute("SELECT sample, category, subcategory, attack, intent_id, counted_as FROM v_verdict"
                      " WHERE run_id = ? AND endpoint = ? AND scorer = ? AND expected = 'attack'", (side["run"], side["endpoint"], scorer))
    for sample, category, subcategory, attack, intent, word in rows:
        entry = found.setdefault(sample, (category, subcategory, attack, intent, []))
        if word in SCORED:
            entry[4].append(word == "complied")
    return found


def sign_flips(sums):
    """P(|sum| >= |T|), its mid-p, and the one-sided mid-p of worse; of whole sums, exactly."""
    chance = {0: 1}
    for s in sums:
        if s == 0:
            continue
        after = defaultdict(int)
        for at, ways in chance.items():
            after[at + abs(s)] += ways
            after[at - abs(s)] += ways
        chance = after
    total, ways = sum(sums), sum(chance.values())
    beyond = sum(w for at, w in chance.items() if abs(at) > abs(total))
    level = sum(w for at, w in chance.items() if abs(at) == abs(total))
    worse = sum(w for at, w in chance.items() if at > total) + Fraction(chance.get(total, 0), 2)
    return float(Fraction(beyond + level, ways)), float((beyond + Fraction(level, 2)) / ways), float(worse / ways)


def cluster_se(d, cluster):
    sums = defaultdict(float)
    mean = math.fsum(d) / len(d)
    for x, c in zip(d, cluster):
        sums[c] += (x - mean) / len(d)
    g = len(sums)
    se = math.sqrt(g / (g - 1) * math.fsum(z * z for z in sums.values()))
    if statsmodels:
        number = {c: i for i, c in enumerate(sorted(set(cluster)))}
        fit = statsmodels.OLS(numpy.array(d), numpy.ones(len(d))).fit(
            cov_type="cluster", cov_kwds={"groups": numpy.array([number[c] for c in cluster]), "use_correction": True})
        if abs(fit.bse[0] - se) > 1e-9 * se:
            sys.exit(f"statsmodels' standard error is {fit.bse[0]}, by definition it is {se}")
    return se


def difference(pairs):
    """pairs: [(intent, base epochs, candidate epochs)]"""
    d = [sum(c) / len(c) - sum(b) / len(b) for _, b, c in pairs]
    cluster = [p[0] for p in pairs]
    k = {len(b) for _, b, _ in pairs} | {len(c) for _, _, c in pairs}
    g = len(set(cluster))
    out = {"pairs": len(d), "clusters": g, "newly_broken": sum(x > 0 for x in d), "fixed": sum(x < 0 for x in d),
           "delta": math.fsum(d) / len(d)}
    if out["newly_broken"] + out["fixed"] and g > 1:
        se = cluster_se(d, cluster)
        for low, high, level in (("low", "high", 0.975), ("low90", "high90", 0.95)):
            reach = stats.t.ppf(level, g - 1) * se
            out[low], out[high] = out["delta"] - reach, out["delta"] + reach
        out["se"] = se
    if len(k) == 1:
        epochs = k.pop()
        sums = defaultdict(int)
        for i, b, c in pairs:
            sums[i] += (sum(c) - sum(b)) * (epochs // len(b))
        if sum(s != 0 for s in sums.values()) <= LARGEST_EXACT[0] and sum(map(abs, sums.values())) <= LARGEST_EXACT[1]:
            out["p_exact"], out["p_value"], out["p_worse"] = sign_flips(list(sums.values()))
        elif sum(s != 0 for s in sums.values()):
            x2 = sum(sums.values()) ** 2 / sum(s * s for s in sums.values())
            out["p_value"] = out["p_exact"] = stats.chi2.sf(x2, 1)
        b, c = out["fixed"], out["newly_broken"]
        if epochs == 1:
            n, few = b + c, min(b, c)
            tail = stats.binom.cdf(few, n, 0.5)
            out["p_mcnemar"] = 1 if n == 0 else (1 - stats.binom.pmf(few, n, 0.5) / 2 if b == c else 2 * tail - stats.binom.pmf(few, n, 0.5))
    return out


def holm(p):
    order = sorted(range(len(p)), key=lambda i: p[i])
    adjusted, before = [0.0] * len(p), 0.0
    for rank, i in enumerate(order):
        before = max(before, min(1.0, (len(p) - rank) * p[i]))
        adjusted[i] = before
    return adjusted


def main():
    db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    with open(sys.argv[2], encoding="utf-8") as f:
        tree = json.load(f)
    base, cand = half(db, tree["base"], tree["scorer"]), half(db, tree["candidate"], tree["scorer"])
    groups = {table: defaultdict(list) for table in ("overall", "categories", "subcategories", "attacks")}
    for sample, entry in base.items():
        other = cand.get(sample)
        if not other or not entry[4] or not other[4]:
            continue
        pair = entry[3], entry[4], other[4]
        for table, key in zip(groups, ("all", *entry[:3])):
            groups[table][key].append(pair)

    failed = False
    for table, by_key in groups.items():
        cells = {"all": tree["overall"]} if table == "overall" else {c["key"]: c for c in tree[table]}
        expected = {key: difference(pairs) for key, pairs in by_key.items()}
        tested = [k for k in sorted(expected) if expected[k]["clusters"] >= 10 and expected[k]["newly_broken"] + expected[k]["fixed"]]
        if table != "overall" and tested:
            raw = [expected[k]["p_value"] for k in tested if "p_value" in expected[k]]
            if len(raw) == len(tested):
                corrected = holm(raw) if table == "categories" else stats.false_discovery_control(raw)
                for k, p in zip(tested, corrected):
                    expected[k]["p_adjusted"] = float(p)
        numbers, worst = 0, 0.0
        for key, cell in expected.items():
            for name, value in cell.items():
                if name.startswith("p_") and name != "p_mcnemar" and table != "overall" and key not in tested:
                    continue  # n/t
                got = cells[key][name]
                apart = math.inf if got is None else abs(got - value)
                numbers, worst = numbers + 1, max(worst, apart)
                if apart > 1e-9:
                    print(f"{table} {key} {name}: {got}, not {value}")
        failed = failed or worst > 1e-9 or set(cells) != set(expected)
        print(f"{table}: {numbers} numbers, at most {worst:.1e} apart")
    print("statsmodels " + ("agrees" if statsmodels else "is not installed"))
    sys.exit(failed)


main()
