#!/usr/bin/python3
"""Compares this folder's JSON files with values computed by other means and prints the largest relative difference per kind.

    /usr/bin/python3 check-diagnostics.py ../../../shared [--simulate]

R 4.2.2 through check-diagnostics.R; Python 3.11.2, numpy 1.24.2, scipy 1.10.1 for: CRPS by quadrature, cells left out by way of
the inverse matrix, Little's statistic, tails, separation by linear programming (Konis 2007), distance from monotone by brute force.
Where they differ from the definitions of make-diagnostics.py (left as they are, the JSON follows the definition):
  mnormt 2.1.1    kurtosis p (p.b2) lacks the square root of Mardia's (5.6) and a factor: not compared; skewness p is 1 - pchisq,
                  so it carries only absolute precision (4.7e-12 agrees to 4e-8)
  R glm           standard errors use the weights of the iteration before the last (2e-7 apart); separation gives converged = TRUE,
                  large coefficients and a warning (chile_num age, missvals x4)
  R cor           1 on the diagonal of a constant column (phi: null); mice::flux: ainb 0 for a complete column (kept)
  scipy 1.10      chi2.logsf and t.logsf are -inf or coarse where the tail itself underflows
  R t.test        also takes one group of variance zero when the other varies; no such case here
chile_num statusquo has mean -1.1e-8 beside sd 1: relative differences of means say nothing there.

--simulate: variance of the sum of squared distances under MCAR (5000 samples) against the two formulas of adequacy.json;
and the exact moments of Mardia's kurtosis for complete data (200,000 samples).
"""
import collections
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import pandas as pd
from scipy import integrate, optimize, stats

here = pathlib.Path(__file__).resolve().parent
cases = pathlib.Path(sys.argv[1]).resolve() / "cases"
made = {path.stem: json.loads(path.read_text()) for path in here.glob("*.json")}
worst = collections.defaultdict(lambda: [0, 0.0, ""])


def compare(kind, where, mine, other):
    entry = worst[kind]
    entry[0] += 1
    if mine is None or not np.isfinite(other):
        error = 0.0 if mine is None and not np.isfinite(other) else np.inf
    else:
        error = abs(mine - other) / max(abs(mine), abs(other), 1e-9)
    if error > entry[1] or entry[0] == 1:
        entry[1:] = [error, where]


def look(file, path):
    value = made[file]
    for part in path:
        if file == "welch" and "~" in part:
            value = next((t for t in value["results"] if f'{t["column"]}~{t["by"]}' == part), None)
        elif file == "patterns" and set(part) <= {"0", "1"} and len(part) > 1:
            value = next(t for t in value["patterns"] if t["observed"] == part)
        else:
            value = value.get(part) if isinstance(value, dict) else value[int(part)]
        if value is None:
            return None
    return value


def table(name):
    return pd.read_csv(cases / "data" / f"{name}.csv")


def estimate(name):
    case = json.loads((cases / "mvn" / f"{name}.json").read_text())
    return np.array(case["mu"]), np.array(case["sigma"]), case


def by_r():
    with tempfile.TemporaryDirectory() as folder:
        for name in made["little"]:
            mu, sigma, _ = estimate(name)
            for part, values in (("mu", mu), ("sigma", sigma)):
                (pathlib.Path(folder) / f"{name}.{part}").write_text("\n".join(repr(float(v)) for v in values.ravel()))
        lines = subprocess.run(["Rscript", str(here / "check-diagnostics.R"), str(cases), folder], check=True, text=True, stdout=subprocess.PIPE).stdout
    separated = {(d, k) for d, fits in made["logistic"].items() for k, fit in fits.items() if fit["separation"]}
    listed = {d: {f'{t["column"]}~{t["by"]}' for t in v["results"]} for d, v in made["welch"].items()}
    for line in lines.splitlines():
        parts = line.split("\t")
        if len(parts) != 3:  # md.pattern's own printing
            continue
        file, path, value = parts[0], parts[1].split("/"), float("nan" if parts[2].strip() in ("NA", "NaN") else parts[2])
        if file == "welch" and path[1] not in listed[path[0]]:
            continue
        kind = next((p for p in reversed(path) if not p.isdigit()), "")
        if file == "logistic" and (path[0], path[1]) in separated:
            if kind == "deviance":
                compare("logistic deviance_infimum", line, made[file][path[0]][path[1]]["deviance_infimum"], value)
            continue
        if file == "pairs" and kind == "phi" and path[2] == path[3]:
            continue  # R's cor puts 1 on the diagonal of a constant column too
        compare(f"{file} {kind}", line, look(file, path), value)


def by_numpy():
    for g in made["overimputation"]["crps_normal"]:
        f = stats.norm(g["mu"], g["sigma"])
        low, high = g["mu"] - 12 * g["sigma"], g["mu"] + 12 * g["sigma"]
        y = g["y"]
        value = integrate.quad(lambda x: f.cdf(x) ** 2, min(low, y), y, limit=400, epsabs=1e-12, points=[v for v in (g["mu"],) if min(low, y) < v < y] or None)[0] \
            + integrate.quad(lambda x: f.sf(x) ** 2, y, max(high, y), limit=400, epsabs=1e-12, points=[v for v in (g["mu"],) if y < v < max(high, y)] or None)[0]
        compare("crps quadrature", str(g), g["crps"], value)
    x = table("nhanes")
    mu, sigma, _ = estimate("nhanes")
    for cell in made["overimputation"]["nhanes"]["leave_cell_out"]:
        row = x.iloc[cell["row"] - 1]
        o = [j for j in range(4) if not np.isnan(row.iloc[j])]
        c = o.index(list(x.columns).index(cell["column"]))
        k = np.linalg.inv(sigma[np.ix_(o, o)])
        centred = row.to_numpy()[o] - mu[o]
        compare("left out mean", str(cell), cell["mean"], cell["value"] - (k @ centred)[c] / k[c, c])
        compare("left out sd", str(cell), cell["sd"], k[c, c] ** -0.5)
        compare("left out log density", str(cell), cell["log_density"], stats.norm(cell["mean"], cell["sd"]).logpdf(cell["value"]))
        compare("left out pit", str(cell), cell["pit"], stats.norm(cell["mean"], cell["sd"]).cdf(cell["value"]))
    for name, value in made["little"].items():
        theirs = estimate(name)[2]["little_mcar"]
        compare("little df", name, value["df"], theirs["df"])
        compare("little statistic", name, value["ml"]["statistic"], theirs["d2_ml_sigma"])
        compare("little statistic", name, value["n_minus_1"]["statistic"], theirs["d2_sigma_n_over_n_minus_1"])
        compare("little log10 p", name, value["ml"]["log10_p"], theirs["log10_p_value_ml_sigma"])
        for part in ("ml", "n_minus_1"):
            compare("little p scipy", name, value[part]["p"], stats.chi2.sf(value[part]["statistic"], value["df"]))
    t = made["distributions"]
    for e in t["chi_square_upper"]:
        if e["p"]:  # scipy's logsf is -inf where the tail underflows
            compare("chi-square log p scipy", str(e), e["log_p"], stats.chi2.logsf(e["x"], e["df"]))
    for e in t["t"]:
        if e["upper"]["p"]:
            compare("t log p scipy", str(e), e["upper"]["log_p"], stats.t.logsf(e["t"], e["df"]))
    for e in t["f_upper"]:
        compare("F log p scipy", str(e), e["log_p"], stats.f.logsf(e["f"], e["df1"], e["df2"]))
    for e in t["normal_upper"]:
        compare("normal log p scipy", str(e), e["log_p"], stats.norm.logsf(e["z"]))
    r = "".join(f'cat(sprintf("%.17g\\n",pchisq({e["x"]!r},{e["df"]},lower.tail=FALSE,log.p=TRUE)));' for e in t["chi_square_upper"])
    r += "".join(f'cat(sprintf("%.17g\\n",pt({e["t"]!r},{e["df"]!r},lower.tail=FALSE,log.p=TRUE)));' for e in t["t"])
    r += "".join(f'cat(sprintf("%.17g\\n",pf({e["f"]!r},{e["df1"]!r},{e["df2"]!r},lower.tail=FALSE,log.p=TRUE)));' for e in t["f_upper"])
    r += "".join(f'cat(sprintf("%.17g\\n",pnorm({e["z"]!r},lower.tail=FALSE,log.p=TRUE)));' for e in t["normal_upper"])
    values = subprocess.run(["Rscript", "-e", r], check=True, text=True, stdout=subprocess.PIPE).stdout.split()
    kinds = [("chi-square", e, e["log_p"]) for e in t["chi_square_upper"]] + [("t", e, e["upper"]["log_p"]) for e in t["t"]] \
        + [("F", e, e["log_p"]) for e in t["f_upper"]] + [("normal", e, e["log_p"]) for e in t["normal_upper"]]
    assert len(values) == len(kinds)
    for (kind, e, mine), value in zip(kinds, values):
        compare(f"{kind} log p R", str(e), mine, float(value))
    for name, fits in made["logistic"].items():
        x = table(name)
        z = x.to_numpy(float).copy()
        for line in pd.read_csv(cases / "mvn" / f"{name}.imputed.csv").itertuples():
            z[line.row - 1, list(x.columns).index(line.column)] = line.value
        z = (z - z.mean(0)) / z.std(0, ddof=1)
        for k, fit in fits.items():
            j = list(x.columns).index(k)
            a = np.column_stack([np.ones(len(z)), np.delete(z, j, 1)]) * np.where(x[k].isna(), 1, -1)[:, None]
            lp = optimize.linprog(-a.sum(0), A_ub=-a, b_ub=np.zeros(len(a)), bounds=[(-1, 1)] * a.shape[1], method="highs")
            margin = optimize.linprog(np.r_[np.zeros(a.shape[1]), -1], A_ub=np.column_stack([-a, np.ones(len(a))]), b_ub=np.zeros(len(a)),
                                      bounds=[(-1, 1)] * a.shape[1] + [(None, None)], method="highs")  # the largest least margin
            found = None if -lp.fun < 1e-7 else "complete" if -margin.fun > 1e-9 else "quasi"
            compare("separation by linear programming", f"{name} {k} {found} {fit['separation']}", 0.0, 0.0 if found == fit["separation"] else 1.0)
    for name, value in made["patterns"].items():
        r = table(name).notna().to_numpy()
        p = r.shape[1]

        def late(order):
            s = r[:, order]
            return int((s & (np.cumsum(~s, axis=1) > 0)).sum())

        compare("distance from monotone", name, value["best"]["observed_after_missing"], min(late(list(o)) for o in itertools.permutations(range(p))))
        order = np.argsort((~r).sum(0), kind="stable")
        compare("distance from monotone", name, value["ascending"]["observed_after_missing"], late(list(order)))
        compare("monotone", name, float(value["monotone"]), float(estimate(name)[2]["monotone_after_reordering_columns"]))


def simulate():
    """Four columns, not monotone, MCAR patterns with 1 to 4 observed; EM with 60 steps a sample."""
    rng = np.random.default_rng(20041)
    shapes = [([0, 1, 2, 3], 1000), ([0, 1, 2], 300), ([0, 3], 300), ([0], 500), ([1, 2, 3], 300)]
    sigma = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    n, sums = sum(c for _, c in shapes), []
    for _ in range(5000):
        data = [(o, rng.multivariate_normal(np.zeros(4), sigma, c)[:, o]) for o, c in shapes]
        mu, s = np.zeros(4), sigma.copy()
        for _ in range(60):
            t1, t2 = np.zeros(4), np.zeros((4, 4))
            for o, y in data:
                u = [j for j in range(4) if j not in o]
                full = np.empty((len(y), 4))
                full[:, o] = y
                if u:
                    b = np.linalg.solve(s[np.ix_(o, o)], s[np.ix_(o, u)])
                    full[:, u] = mu[u] + (y - mu[o]) @ b
                    t2[np.ix_(u, u)] += len(y) * (s[np.ix_(u, u)] - s[np.ix_(u, o)] @ b)
                t1 += full.sum(0)
                t2 += full.T @ full
            mu = t1 / n
            s = t2 / n - np.outer(mu, mu)
        sums.append(sum((np.einsum("ij,jk,ik->i", y - mu[o], np.linalg.inv(s[np.ix_(o, o)]), y - mu[o]) ** 2).sum() - len(y) * len(o) * (len(o) + 2) for o, y in data))
    pairs = [(a, b) for a in range(4) for b in range(a + 1)]
    units = []
    for a, b in pairs:
        e = np.zeros((4, 4))
        e[a, b] = e[b, a] = 1
        units.append(e)
    information, direction, raw, plain = np.zeros((10, 10)), np.zeros(10), 0, 0
    for o, c in shapes:
        k, q = np.linalg.inv(sigma[np.ix_(o, o)]), len(o)
        w = [k @ e[np.ix_(o, o)] for e in units]
        direction += c * (q + 2) * np.array([np.trace(v) for v in w])
        information += c / 2 * np.array([[np.trace(u @ v) for v in w] for u in w])
        raw += c * 8 * q * (q + 2) * (q + 3)
        plain += c * 8 * q * (q + 2)
    print(f"simulated mean {np.mean(sums):.1f}, variance {np.var(sums, ddof=1):.0f} (standard error of the variance about "
          f"{np.sqrt(np.var((np.array(sums) - np.mean(sums)) ** 2) / len(sums)):.0f}); asymptotic {raw - 4 * direction @ np.linalg.solve(information, direction):.0f}; "
          f"8 sum p(p+2) {plain}")


def small_sample():
    """Mardia's b2 for complete data, n = 21, p = 3, against adequacy.json, sas_fitness1."""
    y = np.random.default_rng(1974).standard_normal((200000, 21, 3))
    y -= y.mean(1, keepdims=True)
    s = np.einsum("rij,rik->rjk", y, y) / 21
    b2 = (np.einsum("rij,rjk,rik->ri", y, np.linalg.inv(s), y) ** 2).mean(1)
    k = made["adequacy"]["mardia_complete_rows"]["sas_fitness1"]["kurtosis_small_sample"]
    print(f"simulated mean and variance of b2: {b2.mean():.4f} {b2.var():.4f}; exact {k['mean']:.4f} {k['variance']:.4f}")


by_r()
by_numpy()
for kind, (count, error, where) in sorted(worst.items()):
    print(f"{kind:45s} {count:6d}  {error:.1e}" + (f"  {where[:140]}" if error > 1e-12 else ""))
if "--simulate" in sys.argv:
    small_sample()
    simulate()
