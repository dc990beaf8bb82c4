#!/usr/bin/env python3
"""Writes NAME.csv and certified.json from a folder of NIST's .dat files: make-references.py FOLDER

Every certified value is solved again here in exact rational arithmetic, and the script ends where one differs by more than its last
digits. 'reachable' is how many digits the exact solution has once the columns are rounded to double precision: no program that is given
powers as columns can be expected to have more.
"""
import json
import re
import sys
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

getcontext().prec = 60
sys.set_int_max_str_digits(10_000)
HERE = Path(__file__).parent
UNIVARIATE = ['PiDigits', 'Lottery', 'Lew', 'Mavro', 'Michelso', 'NumAcc1', 'NumAcc2', 'NumAcc3', 'NumAcc4']
REGRESSIONS = {'Norris': 1, 'Pontius': 2, 'NoInt1': 1, 'NoInt2': 1, 'Filip': 10, 'Longley': 1,
               'Wampler1': 5, 'Wampler2': 5, 'Wampler3': 5, 'Wampler4': 5, 'Wampler5': 5}     # degree of the polynomial


def root(x):
    return (Decimal(x.numerator) / Decimal(x.denominator)).sqrt()


def number(x):
    return Decimal(x.numerator) / Decimal(x.denominator) if isinstance(x, Fraction) else x


def digits(estimate, certified):
    """Log relative error, at most 15; log absolute error where the certified value is 0."""
    error = abs(number(estimate) - Decimal(certified))
    if Decimal(certified) != 0:
        error /= abs(Decimal(certified))
    return 15.0 if error == 0 else min(15.0, -float(error.log10()))


def moments(values):
    """Mean, standard deviation (divisor n - 1), lag-1 autocorrelation."""
    n, mean = len(values), sum(values) / len(values)
    d = [v - mean for v in values]
    squares = sum(x * x for x in d)
    return mean, root(squares / (n - 1)), sum(a * b for a, b in zip(d, d[1:])) / squares


def regression(y, columns):
    """Coefficients, their standard errors, residual standard deviation, R squared; columns include the intercept, where there is one."""
    k, n = len(columns), len(y)
    a = [[sum(p * q for p, q in zip(u, v)) for v in columns] + [sum(p * q for p, q in zip(u, y))]
         + [Fraction(int(i == j)) for j in range(k)] for i, u in enumerate(columns)]
    for i in range(k):
        pivot = next(r for r in range(i, k) if a[r][i] != 0)
        a[i], a[pivot] = a[pivot], a[i]
        a[i] = [x / a[i][i] for x in a[i]]
        for r in range(k):
            if r != i and a[r][i] != 0:
                f = a[r][i]
                a[r] = [x - f * z for x, z in zip(a[r], a[i])]
    b = [a[i][k] for i in range(k)]
    residuals = [v - sum(c * u[i] for c, u in zip(b, columns)) for i, v in enumerate(y)]
    rss = sum(r * r for r in residuals)
    variance = rss / (n - k)
    centre = sum(y) / n if columns[0] == [1] * n else Fraction(0)
    tss = sum((v - centre) ** 2 for v in y)
    return b, [root(variance * a[i][k + 1 + i]) for i in range(k)], root(variance), 1 - rss / tss


def pi_digits(n):
    """The first n digits of pi, 3 first: Machin's formula in whole numbers."""
    one = 10 ** (n + 20)

    def arctan(x):
        total, term, k = 0, one // x, 1
        while term:
            total += term // k if k % 4 == 1 else -(term // k)
            term //= x * x
            k += 2
        return total
    return str(16 * arctan(5) - 4 * arctan(239))[:n]


def certified_number(text):
    return text.strip() if 'E' not in text else str(Decimal(text.strip()))


def main(folder):
    out = {'univariate': [], 'regression': []}
    for name in UNIVARIATE:
        if name == 'PiDigits':
            rows = list(pi_digits(5000))
            rows[956] = '3'     # as in NIST's file; the digit of pi is 8
            certified = ['4.53480000000000', '2.86733906028871', '-0.00355099287237972']
        else:
            text = (folder / f'{name}.dat').read_text()
            head, _, tail = re.split(r'(\n-{4,}\s*\n)', text, maxsplit=1)
            rows = tail.split()
            certified = [re.search(pattern + r'.*?:\s*(-?[\d.]+)\s*$', head, re.M).group(1)
                         for pattern in ('Sample Mean', r'Sample Standard Deviation \(denom\. = n-1\)', 'Sample Autocorrelation')]
        exact = moments([Fraction(r) for r in rows])
        for value, expected in zip(exact, certified):
            if digits(value, expected) < 13.5:
                sys.exit(f'{name}: certified {expected}, exact {number(value)}')
        rounded = moments([Fraction(float(r)) for r in rows])
        (HERE / f'{name.lower()}.csv').write_text('y\n' + '\n'.join(rows) + '\n')
        out['univariate'].append({
            'name': name, 'rows': len(rows), 'mean': certified[0], 'standardDeviation': certified[1], 'autocorrelation': certified[2],
            'reachable': {'mean': round(digits(rounded[0], certified[0]), 1),
                          'standardDeviation': round(digits(rounded[1], certified[1]), 1)}})
    for name, degree in REGRESSIONS.items():
        text = (folder / f'{name}.dat').read_text()
        certified = [(c, s) for c, s in re.findall(r'^\s+B\d+\s+(-?[\d.E+-]+)\s+(-?[\d.E+-]+)\s*$', text, re.M)]
        head, tail = re.split(r'\nData:\s+y', text, maxsplit=1)
        lines = [line.split() for line in tail.splitlines()[1:] if line.strip()]
        intercept = not name.startswith('NoInt')
        statistics = [re.search(p, head).group(1) for p in (r'Standard Deviation\s+(\d[\d.E+-]*)', r'R-Squared\s+(\d[\d.E+-]*)')]

        def solve(convert, power):
            xs = [[convert(line[j]) for line in lines] for j in range(1, len(lines[0]))]
            columns = [[power(v, d) for v in x] for x in xs for d in range(1, degree + 1)]
            ones = [[Fraction(1)] * len(lines)] if intercept else []
            return regression([convert(line[0]) for line in lines], ones + columns)

        def compare(solution):
            b, errors, sigma, r2 = solution
            return {'coefficients': min(digits(v, c) for v, (c, _) in zip(b, certified)),
                    'standardErrors': min(digits(v, s) for v, (_, s) in zip(errors, certified)),
                    'residualStandardDeviation': digits(sigma, statistics[0]), 'rSquared': digits(r2, statistics[1])}

        found = compare(solve(Fraction, lambda v, d: v ** d))
        if min(found.values()) < 12.5:
            sys.exit(f'{name}: {found}')
        rounded = compare(solve(lambda t: Fraction(float(t)), lambda v, d: Fraction(float(v ** d))))
        header = ['y'] + [f'x{j}' if len(lines[0]) > 2 else 'x' for j in range(1, len(lines[0]))]
        (HERE / f'{name.lower()}.csv').write_text('\n'.join(','.join(line) for line in [header] + lines) + '\n')
        out['regression'].append({
            'name': name, 'rows': len(lines), 'degree': degree, 'intercept': intercept,
            'coefficients': [certified_number(c) for c, _ in certified], 'standardErrors': [certified_number(s) for _, s in certified],
            'residualStandardDeviation': certified_number(statistics[0]), 'rSquared': certified_number(statistics[1]),
            'reachable': {key: round(value, 1) for key, value in rounded.items()}})
        print(name, {k: round(v, 1) for k, v in found.items()}, out['regression'][-1]['reachable'])
    (HERE / 'certified.json').write_text(json.dumps(out, indent=1) + '\n')


if __name__ == '__main__':
    main(Path(sys.argv[1]))
