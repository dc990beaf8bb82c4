#!/usr/bin/env python3
"""Makes the reference values of this folder: what there is to know about an incomplete table besides its estimates.

    python3 make-diagnostics.py ../../../shared [TOPIC...]      (SHARED/cases holds data/ and mvn/; about four minutes)

Python 3.11.7, decimal at 60 digits for all arithmetic, mpmath 1.3.0 at 50 digits for the tail functions. Written from the
definitions below, without sight of the library; check-diagnostics.py compares the result with R 4.2.2 (stats, mice 3.15.0,
mnormt 2.1.1) and numpy/scipy. Input numbers are the doubles nearest to the decimals in the files (what a reader of the CSV
has in hand); output is rounded once, to the nearest double, and printed with up to 17 significant digits. null: not defined.
r = 1 where a cell is observed, n rows, p columns, O(i) the observed columns of row i, p_i = |O(i)|.

columns.json        sd with n-1; quantiles R type 7 (linear between order statistics at (m-1)q); m_k = k-th central moment with
                    divisor m: skewness g1 = m3/m2^1.5, excess kurtosis g2 = m4/m2^2 - 3; distinct: number of different values.
patterns.json       "observed": 1 observed, 0 missing, columns as in the file; patterns by number observed (most first), then by
                    string (descending); means: of the observed columns, null elsewhere. Monotone: some order of columns in
                    which no row has an observed cell after a missing one. For a given order: "observed_after_missing" = number
                    of observed cells with a missing cell to their left in the row (delete these: monotone), "missing_before_
                    observed" = number of missing cells with an observed cell to their right (fill these: monotone). "ascending":
                    columns by number missing, ties as in the file; "best": least over all p! orders (each by itself).
pairs.json          rr, rm, mr, mm as mice::md.pairs (row j, column k: j observed and k observed, j observed and k missing, ...);
                    usable = mr/(mr+mm): share of rows with j missing in which k is observed; phi: Pearson correlation of the
                    missingness indicators; null for a column without missing values (phi: or without observed ones).
flux.json           van Buuren (2018, 4.1.3), over all k, including k = j: influx_j = sum_k mr_jk / sum_k (rr_jk + mr_jk),
                    outflux_j = sum_k rm_jk / sum_k (rm_jk + mm_jk), ainb_j = sum_k usable_jk / (p-1),
                    aout_j = sum_k rm_jk/(rm_jk+rr_jk) / (p-1), fico_j = share of incomplete rows among those with j observed.
little.json         sum over patterns n_j (ybar_j - mu_j)' Sigma_jj^-1 (ybar_j - mu_j), ML mu and Sigma of mvn/ID.json (divisor n),
                    and Sigma n/(n-1); df = sum of p_j - p; upper chi-square tail.
welch.json          for column j and each other column k: j's values where k is observed (1) against where k is missing (2):
                    t = (mean1 - mean2)/sqrt(v1 + v2), v = s^2/n, s^2 with n-1, df = (v1+v2)^2/(v1^2/(n1-1) + v2^2/(n2-1)),
                    p two-sided. Not computable: a group with fewer than 2 values, or with variance zero. p_bh: Benjamini-
                    Hochberg over all computable tests of the data set: min over i' >= i of m p_(i')/i', at most 1.
logistic.json       1 = missing, regressed with intercept on the other columns completed by mvn/ID.imputed.csv, each predictor
                    (x - mean)/sd, sd with n-1, of the completed column. Maximum by Newton's method to 1e-40; standard errors
                    from the inverse information; deviance = -2 loglik; null deviance of the intercept alone; LR = difference,
                    df = p-1, upper chi-square tail. Separation: the maximum does not exist ("complete": the deviance tends to
                    zero; "quasi": to the infimum given); no coefficients then.
adequacy.json       d2_i = (y_O - mu_O)' Sigma_OO^-1 (y_O - mu_O), ML mu and Sigma; p: upper tail of chi-square with p_i.
                    top: ten rows with the smallest p, ties by row. Mardia on complete rows, S with divisor n:
                    b1 = n^-2 sum_ij m_ij^3, b2 = n^-1 sum_i m_ii^2, m_ij = (y_i - ybar)' S^-1 (y_j - ybar);
                    skewness: n b1/6, chi-square with p(p+1)(p+2)/6; "small_sample" times k = (p+1)(n+1)(n+3)/(n((n+1)(p+1)-6))
                    (Mardia 1974, 5.5); kurtosis: z = (b2 - p(p+2))/sqrt(8p(p+2)/n), two-sided; "small_sample" with the exact
                    mean p(p+2)(n-1)/(n+1) and variance 8p(p+2)(n-3)(n-p-1)(n-p+1)/((n+1)^2(n+3)(n+5)) (Mardia 1974, 5.6).
                    Incomplete data (Yuan, Lambert & Fouladi 2004, Psychometrika 69, 413-436; form as in V. Savalei's code
                    of 2025): M = n^-1 sum_i (d2_i^2 - p_i(p_i+2)), z = nM/sqrt(8 sum_i p_i(p_i+2)), two-sided. This variance
                    is right for complete data; with unequal p_i it is too small. "z_asymptotic" uses
                    V = sum_i 8 p_i(p_i+2)(p_i+3) - 4 L' I^-1 L, I the expected information on Sigma, sum_i of
                    1/2 tr(Sigma_i^-1 E_a Sigma_i^-1 E_b), L_a = sum_i (p_i+2) tr(Sigma_i^-1 E_a): the delta method for MCAR
                    (derived here, checked by simulation; equals sum_i 8p_i(p_i+2) when all p_i are equal).
filled.json         column by column, observed cells against cells filled with conditional means; sd with n-1 (completed: n rows);
                    standardised_difference = (mean filled - mean observed)/sd observed. Correlations: pairwise available (means
                    and sds over the rows where both are observed) against completed.
overimputation.json CRPS of N(mu, sigma) at y, z = (y-mu)/sigma: sigma (z(2 Phi(z) - 1) + 2 phi(z) - 1/sqrt(pi)) (Gneiting,
                    Raftery, Westveld & Goldman 2005, eq. 5; negative of Gneiting & Raftery 2007, p. 367). nhanes: each observed
                    cell hidden in turn, predicted from the row's other observed cells at fixed ML mu, Sigma (mvn/nhanes.json):
                    conditional mean and sd, z = (y - mean)/sd, pit = Phi(z), crps, log_density. Rows 1-based.
estimates.json      listwise: complete rows; available: each column's own observed cells, correlations over jointly observed rows
                    with their own means and sds; em: mu and Sigma of mvn/ID.json. sd: divisor n-1; em sd: sqrt of Sigma_jj
                    (divisor n), sd_n_minus_1 times sqrt(n/(n-1)).
distributions.json  tails: upper chi-square, F, normal; t one- and two-sided; with natural and decimal logarithm.

oceanbuoys and riskfactors_num may not be copied and are left out. mammalsleep has no ML estimate: only columns, pairs, flux, welch.
"""
import csv
import itertools
import json
import pathlib
import sys
from collections import Counter
from decimal import Decimal as D
from decimal import getcontext

import mpmath as mp

getcontext().prec = 60
mp.mp.dps = 50
ZERO, ONE = D(0), D(1)
NUMERIC = ["airquality", "nhanes", "bfi25", "chile_num", "boys_num", "missvals", "sas_fitness1", "mammalsleep"]
ESTIMATED = [name for name in NUMERIC if name != "mammalsleep"]


# ---- input and output

class Case:
    def __init__(self, cases, name):
        with open(cases / "data" / f"{name}.csv") as file:
            rows = list(csv.reader(file))
        self.name, self.columns = name, rows[0]
        self.y = [[None if cell == "NA" else D(float(cell)) for cell in row] for row in rows[1:]]
        self.n, self.p = len(self.y), len(self.columns)
        self.r = [[cell is not None for cell in row] for row in self.y]
        estimate = json.loads((cases / "mvn" / f"{name}.json").read_text())
        if "sigma" in estimate:
            self.mu = [D(v) for v in estimate["mu"]]
            self.sigma = [[D(v) for v in row] for row in estimate["sigma"]]
            self.completed = [row[:] for row in self.y]
            with open(cases / "mvn" / f"{name}.imputed.csv") as file:
                for line in csv.DictReader(file):
                    i, j = int(line["row"]) - 1, self.columns.index(line["column"])
                    assert self.y[i][j] is None
                    self.completed[i][j] = D(float(line["value"]))
            assert all(cell is not None for row in self.completed for cell in row)

    def column(self, j):
        return [row[j] for row in self.y if row[j] is not None]

    def missing(self, j):
        return sum(not r[j] for r in self.r)

    def patterns(self):
        """Rows of each pattern; most observed first, then strings in descending order."""
        groups = {}
        for i, r in enumerate(self.r):
            groups.setdefault("".join("01"[v] for v in r), []).append(i)
        return dict(sorted(groups.items(), key=lambda item: (-item[0].count("1"), [-int(c) for c in item[0]])))


def plain(x):
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    return float(x) if isinstance(x, (D, mp.mpf)) else x


def text(x, indent=0, width=150):
    flat = json.dumps(x)
    children = list(x.values()) if isinstance(x, dict) else x if isinstance(x, list) else []
    deep = any(isinstance(c, (dict, list)) and any(isinstance(d, (dict, list)) for d in (c.values() if isinstance(c, dict) else c)) for c in children)
    record = isinstance(x, dict) and not any(isinstance(c, (dict, list)) for c in children)
    if not children or record or not deep and len(flat) + indent <= width or isinstance(x, list) and not any(isinstance(c, (dict, list)) for c in x):
        return flat
    pad = " " * (indent + 1)
    if isinstance(x, dict):
        parts = [f"{pad}{json.dumps(k)}: {text(v, indent + 1)}" for k, v in x.items()]
        return "{\n" + ",\n".join(parts) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(pad + text(v, indent + 1) for v in x) + "\n" + " " * indent + "]"


def write(name, value):
    (pathlib.Path(__file__).resolve().parent / name).write_text(text(plain(value)) + "\n")


# ---- arithmetic

def mean(x):
    return sum(x, ZERO) / len(x)


def variance(x):
    m = mean(x)
    return sum(((v - m) ** 2 for v in x), ZERO) / (len(x) - 1)


def dot(a, b):
    return sum((u * v for u, v in zip(a, b)), ZERO)


def correlation(x, y):
    mx, my = mean(x), mean(y)
    sxx, syy = sum((u - mx) ** 2 for u in x), sum((v - my) ** 2 for v in y)
    return None if sxx == 0 or syy == 0 else sum((u - mx) * (v - my) for u, v in zip(x, y)) / (sxx * syy).sqrt()


def correlations(table):
    """Available pairs; None marks a missing cell."""
    p = len(table[0])
    result = [[None] * p for _ in range(p)]
    for j in range(p):
        for k in range(j + 1):
            both = [(row[j], row[k]) for row in table if row[j] is not None and row[k] is not None]
            value = correlation(*zip(*both)) if len(both) > 1 else None
            result[j][k] = result[k][j] = ONE if j == k and value is not None else value
    return result


def cholesky(a):
    n = len(a)
    l = [[ZERO] * n for _ in range(n)]
    for j in range(n):
        for i in range(j, n):
            s = a[i][j] - dot(l[i][:j], l[j][:j])
            l[i][j] = s.sqrt() if i == j else s / l[j][j]
    return l


def forward(l, b):
    x = []
    for i, row in enumerate(l):
        x.append((b[i] - dot(row[:i], x)) / row[i])
    return x


def solve(l, b):
    x = forward(l, b)
    n = len(x)
    for i in reversed(range(n)):
        x[i] = (x[i] - sum((l[k][i] * x[k] for k in range(i + 1, n)), ZERO)) / l[i][i]
    return x


def inverse(a):
    l, n = cholesky(a), len(a)
    return [solve(l, [ONE if i == j else ZERO for i in range(n)]) for j in range(n)]


def block(a, rows):
    return [[a[i][j] for j in rows] for i in rows]


def m(x):
    return mp.mpf(str(x))


def chi2_tail(x, df):
    return mp.gammainc(mp.mpf(df) / 2, m(x) / 2, mp.inf, regularized=True)


def t_two_sided(t, df):
    t, df = m(t), m(df)
    return mp.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + t * t), regularized=True)


def f_tail(x, a, b):
    x, a, b = m(x), m(a), m(b)
    return mp.betainc(b / 2, a / 2, 0, b / (b + a * x), regularized=True)


def normal_two_sided(z):
    return mp.erfc(abs(m(z)) / mp.sqrt(2))


# ---- topics

def columns(case):
    result = {}
    for j, name in enumerate(case.columns):
        x = sorted(case.column(j))
        n, mu = len(x), mean(x)
        m2, m3, m4 = (sum((v - mu) ** k for v in x) / n for k in (2, 3, 4))

        def quantile(q):
            at = (n - 1) * D(q)
            low = int(at)
            return x[low] + (at - low) * (x[min(low + 1, n - 1)] - x[low])

        result[name] = {
            "observed": n, "missing": case.n - n, "distinct": len(set(x)), "mean": mu, "sd": variance(x).sqrt(), "min": x[0],
            "q05": quantile("0.05"), "q25": quantile("0.25"), "median": quantile("0.5"), "q75": quantile("0.75"), "q95": quantile("0.95"),
            "max": x[-1], "skewness": m3 / (m2 * m2.sqrt()), "excess_kurtosis": m4 / m2 ** 2 - 3}
    return result


def patterns(case):
    listed, groups = [], case.patterns()
    for key, rows in groups.items():
        means = [mean([case.y[i][j] for i in rows]) if key[j] == "1" else None for j in range(case.p)]
        listed.append({"observed": key, "n": len(rows), "means": means})

    def cost(order):
        late = holes = 0
        for key, rows in groups.items():
            s = "".join(key[j] for j in order)
            first, last = s.find("0"), s.rfind("1")
            late += len(rows) * (s[first:].count("1") if first >= 0 else 0)
            holes += len(rows) * (s[:last].count("0") if last >= 0 else 0)
        return late, holes

    ascending = sorted(range(case.p), key=lambda j: (case.missing(j), j))
    # columns without missing values may stand first, whatever their order
    complete = [j for j in ascending if case.missing(j) == 0]
    costs = [cost(complete + list(rest)) for rest in itertools.permutations(ascending[len(complete):])]
    least, holes = min(c[0] for c in costs), min(c[1] for c in costs)
    late, between = cost(ascending)
    cells = sum(map(sum, case.r))
    return {
        "rows": case.n, "observed_cells": cells, "missing_cells": case.n * case.p - cells, "complete_rows": sum(map(all, case.r)),
        "monotone": least == 0,
        "ascending": {"order": [case.columns[j] for j in ascending], "observed_after_missing": late,
                      "share_of_observed_cells": D(late) / cells, "missing_before_observed": between},
        "best": {"observed_after_missing": least, "share_of_observed_cells": D(least) / cells, "missing_before_observed": holes},
        "patterns": listed}


def ratio(a, b):
    return None if b == 0 else D(a) / b


def pair_counts(case):
    p, count = case.p, Counter()
    for r in case.r:
        for j in range(p):
            for k in range(p):
                count[j, k, r[j], r[k]] += 1
    return {name: [[count[j, k, name[0] == "r", name[1] == "r"] for k in range(p)] for j in range(p)] for name in ("rr", "rm", "mr", "mm")}


def pairs(case):
    c = pair_counts(case)
    p = range(case.p)
    phi = [[None] * case.p for _ in p]
    for j in p:
        for k in p:
            a, b, d, e = (D(c[x][j][k]) for x in ("mm", "mr", "rm", "rr"))
            margins = (a + b) * (d + e) * (a + d) * (b + e)
            phi[j][k] = None if margins == 0 else ONE if j == k else (a * e - b * d) / margins.sqrt()
    return {
        "columns": case.columns, **c,
        "usable": [[ratio(c["mr"][j][k], c["mr"][j][k] + c["mm"][j][k]) for k in p] for j in p],
        "phi": phi,
        "never_together": [[case.columns[j], case.columns[k]] for j in p for k in p if j < k and c["rr"][j][k] == 0]}


def flux(case):
    c, p, result = pair_counts(case), case.p, {}
    for j, name in enumerate(case.columns):
        rr, rm, mr, mm = (c[x][j] for x in ("rr", "rm", "mr", "mm"))
        seen = [r for r in case.r if r[j]]
        result[name] = {
            "pobs": D(len(seen)) / case.n, "influx": ratio(sum(mr), sum(mr) + sum(rr)), "outflux": ratio(sum(rm), sum(rm) + sum(mm)),
            "ainb": sum((ratio(mr[k], mr[k] + mm[k]) or ZERO for k in range(p)), ZERO) / (p - 1),
            "aout": sum((ratio(rm[k], rm[k] + rr[k]) or ZERO for k in range(p)), ZERO) / (p - 1),
            "fico": D(sum(not all(r) for r in seen)) / len(seen)}
    return result


def little(case):
    d2, df = ZERO, -case.p
    for key, rows in case.patterns().items():
        o = [j for j in range(case.p) if key[j] == "1"]
        if o:
            x = forward(cholesky(block(case.sigma, o)), [mean([case.y[i][j] for i in rows]) - case.mu[j] for j in o])
            d2 += len(rows) * dot(x, x)
            df += len(o)
    result = {"df": df}
    for key, value in (("ml", d2), ("n_minus_1", d2 * (case.n - 1) / case.n)):
        p = chi2_tail(value, df)
        result[key] = {"statistic": value, "p": p, "log10_p": mp.log10(p)}
    return result


def welch(case):
    tests, impossible = [], Counter()
    for j in range(case.p):
        for k in range(case.p):
            if j == k or case.missing(k) == 0:
                continue
            one = [row[j] for row in case.y if row[j] is not None and row[k] is not None]
            two = [row[j] for row in case.y if row[j] is not None and row[k] is None]
            test = {"column": case.columns[j], "by": case.columns[k], "n1": len(one), "n2": len(two),
                    "mean1": mean(one) if one else None, "mean2": mean(two) if two else None}
            tests.append(test)
            if min(len(one), len(two)) < 2:
                test["not_computable"] = "fewer than 2 values"
            elif 0 in (variance(one), variance(two)):
                test["not_computable"] = "variance zero"
            if "not_computable" in test:
                impossible[test["not_computable"]] += 1
                continue
            v1, v2 = variance(one) / len(one), variance(two) / len(two)
            t = (test["mean1"] - test["mean2"]) / (v1 + v2).sqrt()
            df = (v1 + v2) ** 2 / (v1 ** 2 / (len(one) - 1) + v2 ** 2 / (len(two) - 1))
            p = t_two_sided(t, df)
            test.update({"t": t, "df": df, "p": p, "log10_p": mp.log10(p)})
    computable = sorted((test for test in tests if "p" in test), key=lambda test: test["p"])
    least = mp.mpf(1)
    for i in reversed(range(len(computable))):
        least = min(least, len(computable) * computable[i]["p"] / (i + 1))
        computable[i]["p_bh"] = least
    result = {"tests": len(tests), "computable": len(computable), "not_computable": dict(impossible),
              "p_bh_below_0.05": sum(test["p_bh"] < mp.mpf("0.05") for test in computable)}
    if len(tests) > 150:
        result["listed"] = "the 20 smallest p, and every 30th test in order of p"
        tests = computable[:20] + computable[29::30]
    result["results"] = tests
    return result


def newton(x, y):
    """x: rows with leading 1. Returns coefficients, inverse information, deviance, separation."""
    q, beta = len(x[0]), [ZERO] * len(x[0])
    transposed = list(zip(*x))

    def deviance(eta):
        return 2 * sum(((1 + (-e if v else e).exp()).ln() for e, v in zip(eta, y)), ZERO)

    eta = [ZERO] * len(x)
    value = deviance(eta)
    steps = []
    for _ in range(80):
        mu = [1 / (1 + (-e).exp()) for e in eta]
        w = [v * (1 - v) for v in mu]
        score = [dot(column, [a - b for a, b in zip(y, mu)]) for column in transposed]
        information = [[ZERO] * q for _ in range(q)]
        for a in range(q):
            weighted = [u * v for u, v in zip(transposed[a], w)]
            for b in range(a + 1):
                information[a][b] = information[b][a] = dot(weighted, transposed[b])
        l = cholesky(information)
        step = solve(l, score)
        size = max(map(abs, step))
        steps.append(size)
        if size < D("1e-40"):
            return beta, [solve(l, [ONE if i == j else ZERO for i in range(q)])[j] for j in range(q)], value, None
        factor = ONE
        while True:
            trial = [b + factor * s for b, s in zip(beta, step)]
            new_eta = [dot(row, trial) for row in x]
            new = deviance(new_eta)
            if new <= value + D("1e-45") or factor < D("1e-6"):
                break
            factor /= 2
        beta, eta, value = trial, new_eta, new
        if len(steps) > 45 and steps[-1] > D("0.01"):  # Newton's step does not shrink: the maximum is at infinity
            return None, None, value, "complete" if value < D("1e-9") else "quasi"
    raise ArithmeticError(f"no convergence: {[float(s) for s in steps[::6]]}, {float(value)}")


def logistic(case):
    sds = [variance([row[j] for row in case.completed]).sqrt() for j in range(case.p)]
    means = [mean([row[j] for row in case.completed]) for j in range(case.p)]
    z = [[(row[j] - means[j]) / sds[j] for j in range(case.p)] for row in case.completed]
    result = {}
    for k, name in enumerate(case.columns):
        missing = case.missing(k)
        if missing in (0, case.n):
            continue
        others = [j for j in range(case.p) if j != k]
        y = [ZERO if r[k] else ONE for r in case.r]
        x = [[ONE] + [row[j] for j in others] for row in z]
        beta, squares, deviance, separation = newton(x, y)
        share = D(missing) / case.n
        null = -2 * (missing * share.ln() + (case.n - missing) * (1 - share).ln())
        fit = {"missing": missing, "separation": separation, "null_deviance": null, "df": len(others)}
        if separation:
            fit["deviance_infimum"] = ZERO if separation == "complete" else deviance
        else:
            p = chi2_tail(null - deviance, len(others))
            fit.update({"deviance": deviance, "lr": null - deviance, "p": p, "log10_p": mp.log10(p),
                        "terms": ["(Intercept)"] + [case.columns[j] for j in others], "coefficients": beta,
                        "standard_errors": [s.sqrt() for s in squares]})
        result[name] = fit
    return result


def distances(case):
    """d2 and p_i of each row; n sum, sum of squares; kurtosis in the manner of Mardia."""
    d2, sizes = [None] * case.n, [sum(r) for r in case.r]
    p = case.p
    index = {(a, b): t for t, (a, b) in enumerate((a, b) for a in range(p) for b in range(a + 1))}
    information = [[ZERO] * len(index) for _ in index]
    direction = [ZERO] * len(index)
    raw = ZERO
    for key, rows in case.patterns().items():
        o = [j for j in range(p) if key[j] == "1"]
        if not o:
            continue
        l = cholesky(block(case.sigma, o))
        for i in rows:
            x = forward(l, [case.y[i][j] - case.mu[j] for j in o])
            d2[i] = dot(x, x)
        s, size, n = inverse(block(case.sigma, o)), len(o), len(rows)
        at = [(a, b, index[o[a], o[b]]) for a in range(size) for b in range(a + 1)]
        for a, b, t in at:
            direction[t] += n * (size + 2) * (s[a][b] if a == b else 2 * s[a][b])
            for c, d, u in at:
                if u <= t:  # 1/2 tr(S E_ab S E_cd), E_ab symmetric with ones at (a,b) and (b,a)
                    v = s[a][c] * s[b][d] + s[a][d] * s[b][c]
                    v = v * n * (ONE if a != b and c != d else D("0.5") if a != b or c != d else D("0.25"))
                    information[t][u] += v
                    if u != t:
                        information[u][t] += v
        raw += n * D(8 * size * (size + 2) * (size + 3))
    used = [i for i in range(case.n) if sizes[i]]
    x = forward(cholesky(information), direction)
    v = raw - 4 * dot(x, x)
    observed = sum(d2[i] ** 2 for i in used)
    expected = D(sum(sizes[i] * (sizes[i] + 2) for i in used))
    z, za = (observed - expected) / (8 * expected).sqrt(), (observed - expected) / v.sqrt()
    pv = {i: chi2_tail(d2[i], sizes[i]) for i in (used if case.n < 200 else sorted(used, key=lambda i: -d2[i])[:200])}
    top = sorted(pv, key=lambda i: (pv[i], i))[:10]
    result = {
        "rows_used": len(used), "sum_d2": sum(d2[i] for i in used), "sum_p": sum(sizes), "sum_d2_squared": observed,
        "kurtosis": {"expected_sum": expected, "excess_per_row": (observed - expected) / len(used), "variance_of_sum": 8 * expected, "z": z,
                     "p_two_sided": normal_two_sided(z), "log10_p_two_sided": mp.log10(normal_two_sided(z)),
                     "variance_of_sum_asymptotic": v, "z_asymptotic": za, "p_two_sided_asymptotic": normal_two_sided(za),
                     "log10_p_two_sided_asymptotic": mp.log10(normal_two_sided(za))},
        "top": [{"row": i + 1, "p_i": sizes[i], "d2": d2[i], "p": pv[i], "log10_p": mp.log10(pv[i])} for i in top]}
    if case.n < 200:
        result["rows"] = {"p_i": sizes, "d2": d2, "p": [pv.get(i) for i in range(case.n)]}
    return result


def mardia(case):
    y = [row for row in case.y if None not in row]
    n, p = len(y), case.p
    means = [mean([row[j] for row in y]) for j in range(p)]
    c = [[row[j] - means[j] for j in range(p)] for row in y]
    s = [[sum(row[j] * row[k] for row in c) / n for k in range(p)] for j in range(p)]
    l = cholesky(s)
    w = [forward(l, row) for row in c]
    b1 = sum(dot(u, v) ** 3 for u in w for v in w) / n ** 2
    b2 = sum(dot(u, u) ** 2 for u in w) / n
    df = p * (p + 1) * (p + 2) // 6
    k = D((p + 1) * (n + 1) * (n + 3)) / (n * ((n + 1) * (p + 1) - 6))
    skew, corrected = n * b1 / 6, k * n * b1 / 6
    z = (b2 - p * (p + 2)) / (D(8 * p * (p + 2)) / n).sqrt()
    exact_mean = D(p * (p + 2) * (n - 1)) / (n + 1)
    exact_variance = D(8 * p * (p + 2) * (n - 3) * (n - p - 1) * (n - p + 1)) / ((n + 1) ** 2 * (n + 3) * (n + 5))
    ze = (b2 - exact_mean) / exact_variance.sqrt()
    return {
        "n": n, "p": p, "b1p": b1, "b2p": b2,
        "skewness": {"statistic": skew, "df": df, "p": chi2_tail(skew, df)},
        "skewness_small_sample": {"statistic": corrected, "df": df, "p": chi2_tail(corrected, df)},
        "kurtosis": {"z": z, "p_two_sided": normal_two_sided(z)},
        "kurtosis_small_sample": {"mean": exact_mean, "variance": exact_variance, "z": ze, "p_two_sided": normal_two_sided(ze)}}


def filled(case):
    result = {"columns": {}}
    for j, name in enumerate(case.columns):
        observed = case.column(j)
        made = [case.completed[i][j] for i in range(case.n) if not case.r[i][j]]
        whole = [row[j] for row in case.completed]
        sd = variance(observed).sqrt()
        result["columns"][name] = {
            "observed": len(observed), "filled": len(made), "mean_observed": mean(observed), "sd_observed": sd,
            "mean_filled": mean(made) if made else None, "sd_filled": variance(made).sqrt() if len(made) > 1 else None,
            "mean_completed": mean(whole), "sd_completed": variance(whole).sqrt(),
            "standardised_difference": (mean(made) - mean(observed)) / sd if made else None}
    result["correlations_available"] = correlations(case.y)
    result["correlations_completed"] = correlations(case.completed)
    return result


def crps(mu, sigma, y):
    mu, sigma, y = m(mu), m(sigma), m(y)
    z = (y - mu) / sigma
    return sigma * (z * mp.erf(z / mp.sqrt(2)) + 2 * mp.npdf(z) - 1 / mp.sqrt(mp.pi))


def overimputation(case):
    grid = []
    for mu, sigma, y in itertools.product((0.0, -3.5), (1.0, 0.25, 40.0), (-100.0, -3.5, 0.0, 0.1, 2.0, 7.25)):
        grid.append({"mu": mu, "sigma": sigma, "y": y, "crps": crps(D(mu), D(sigma), D(y))})
    cells = []
    for i, row in enumerate(case.y):
        for c in range(case.p):
            if row[c] is None:
                continue
            rest = [j for j in range(case.p) if j != c and row[j] is not None]
            centre, spread = case.mu[c], case.sigma[c][c]
            if rest:
                weights = solve(cholesky(block(case.sigma, rest)), [case.sigma[j][c] for j in rest])
                centre += dot(weights, [row[j] - case.mu[j] for j in rest])
                spread -= dot(weights, [case.sigma[j][c] for j in rest])
            sd = spread.sqrt()
            z = (row[c] - centre) / sd
            cells.append({"row": i + 1, "column": case.columns[c], "value": row[c], "mean": centre, "sd": sd, "z": z, "pit": mp.ncdf(m(z)),
                          "crps": crps(centre, sd, row[c]), "log_density": mp.log(mp.npdf(m(z)) / m(sd))})
    return {"crps_normal": grid, "nhanes": {"cells": len(cells), "mean_crps": sum(c["crps"] for c in cells) / len(cells), "leave_cell_out": cells}}


def estimates(case):
    complete = [row for row in case.y if None not in row]
    p = range(case.p)
    sd = [case.sigma[j][j].sqrt() for j in p]
    scale = (D(case.n) / (case.n - 1)).sqrt()
    return {
        "columns": case.columns,
        "listwise": {"n": len(complete), "mean": [mean([r[j] for r in complete]) for j in p],
                     "sd": [variance([r[j] for r in complete]).sqrt() for j in p], "correlation": correlations(complete)},
        "available": {"n": [len(case.column(j)) for j in p], "mean": [mean(case.column(j)) for j in p],
                      "sd": [variance(case.column(j)).sqrt() for j in p],
                      "n_pairs": pair_counts(case)["rr"], "correlation": correlations(case.y)},
        "em": {"n": case.n, "mean": case.mu, "sd": sd, "sd_n_minus_1": [s * scale for s in sd],
               "correlation": [[ONE if j == k else case.sigma[j][k] / (sd[j] * sd[k]) for k in p] for j in p]}}


def distributions():
    def tail(p):
        return {"p": p if p > mp.mpf("1e-300") else None, "log_p": mp.log(p), "log10_p": mp.log10(p)}

    chi2 = [{"x": x, "df": df, **tail(chi2_tail(D(x), df))} for x, df in [
        (2000.0, 10), (1e4, 35), (30.0, 3), (0.001, 1), (3.841458820694124, 1), (50.0, 1), (700.0, 700), (2191.0, 1950), (5000.0, 1950),
        (1.0, 100), (251.966217151206, 23), (1e-8, 4)]]
    t = []
    for x, df in [(40.0, 30.0), (2.0, 5.5), (0.001, 3.0), (12.0, 1.2), (-1.5, 17.3), (6.0, 1e6), (300.0, 250.0), (1e4, 2.0)]:
        both = t_two_sided(D(x), D(df))
        t.append({"t": x, "df": df, "two_sided": tail(both), "upper": tail(both / 2 if x > 0 else 1 - both / 2)})
    f = [{"f": x, "df1": a, "df2": b, **tail(f_tail(D(x), D(a), D(b)))} for x, a, b in [
        (3.5, 4.0, 20.0), (250.0, 5.0, 30.0), (1.02, 2.5, 1000.7), (0.2, 8.0, 3.0), (100.0, 10.0, 400.0), (1.0, 1.0, 1.0)]]
    z = [{"z": x, **tail(mp.erfc(m(D(x)) / mp.sqrt(2)) / 2)} for x in (0.0, 1.0, 1.959963984540054, 5.0, 10.0, 40.0, -3.0)]
    return {"chi_square_upper": chi2, "t": t, "f_upper": f, "normal_upper": z}


def main(shared, topics):
    cases = {name: Case(shared / "cases", name) for name in NUMERIC + ["pattern3"]}
    for name, made, which in [
            ("columns", columns, NUMERIC), ("patterns", patterns, ["airquality", "nhanes", "boys_num", "missvals", "sas_fitness1"]),
            ("pairs", pairs, NUMERIC + ["pattern3"]), ("flux", flux, NUMERIC), ("little", little, ESTIMATED), ("welch", welch, NUMERIC),
            ("adequacy", distances, ESTIMATED), ("filled", filled, ESTIMATED), ("estimates", estimates, ["airquality", "nhanes", "boys_num"]),
            ("logistic", logistic, ESTIMATED)]:
        if topics and name not in topics:
            continue
        result = {which_one: made(cases[which_one]) for which_one in which}
        if name == "adequacy":
            result = {"distances": result, "mardia_complete_rows": {k: mardia(cases[k]) for k in ("airquality", "sas_fitness1")}}
        write(f"{name}.json", result)
        print(name, flush=True)
    write("overimputation.json", overimputation(cases["nhanes"]))
    write("distributions.json", distributions())


if __name__ == "__main__":
    if len(sys.argv) < 2 or not (pathlib.Path(sys.argv[1]) / "cases").is_dir():
        sys.exit("usage: make-diagnostics.py SHARED [TOPIC...], where SHARED/cases holds the reference cases")
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
