#!/usr/bin/env python3
"""Re-creates the reference files of this folder from the project's shared cases.

    python3 make-references.py ../../../shared

The cases were computed independently of this project: maximum-likelihood estimates in 200-bit arithmetic (EM, then Newton,
then refinement; Python 3.11, gmpy2), checked against norm2 2.0.4, lavaan 0.6-14, Amelia 1.8.1 and mvtnorm in R 4.2.2.
This script computes nothing. It copies the data and the imputed cells byte for byte, and of each JSON file keeps the
entries that the tests read, every number with the digits it came with.

The pooling cases (pool/) are copied whole: Rubin's rules, D1, D2 and D3 by their definitions in R 4.2.2, beside what mice, mitools, mitml
and Amelia gave, on numbers from the SAS/STAT User's Guide and on five imputations of nhanes.

Regressions and what mice pools of them (analyses/) are made by the R script beside them.

Left out: oceanbuoys and riskfactors_num, which may not be copied; the tests read them from the shared folder where it is present.
"""
import json
import pathlib
import shutil
import sys

KEPT = [
    "id", "data", "source", "columns", "n_rows", "n_patterns", "n_missing_cells", "missing_per_column",
    "monotone_after_reordering_columns", "pairs_never_observed_together", "constant_columns", "mle_status", "expected_behaviour",
    "mu", "sigma", "loglik", "se_mu_observed_information", "se_sigma_observed_information", "em_convergence_rate_exact", "identified_parameters", "maxima", "saddle", "computed_by",
]
NOT_COPIED = {"oceanbuoys", "riskfactors_num"}


def trimmed(source: pathlib.Path) -> str:
    case = json.loads(source.read_text())
    kept = {key: case[key] for key in KEPT if key in case}
    if "plain_em" in case:
        kept["plain_em_iterations_to_1e_8"] = case["plain_em"]["iterations_to_1e_8_on_standardised_scale"]
    lines = []
    for key, value in kept.items():
        if key in ("sigma", "se_sigma_observed_information"):  # a row of the matrix per line
            rows = ",\n  ".join(json.dumps(row) for row in value)
            lines.append(f' "{key}": [\n  {rows}\n ]')
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(shared: pathlib.Path, here: pathlib.Path) -> None:
    cases = shared / "cases"
    for folder, pattern in [("data", "*.csv"), ("mvn", "*"), ("degenerate", "*"), ("degenerate/gold", "*"), ("pool", "*")]:
        target = here / folder
        target.mkdir(parents=True, exist_ok=True)
        for source in sorted((cases / folder).glob(pattern)):
            if source.is_dir() or source.name.split(".")[0] in NOT_COPIED:
                continue
            if source.suffix == ".json" and source.name != "expected.json" and folder != "pool":
                (target / source.name).write_text(trimmed(source))
            else:
                shutil.copyfile(source, target / source.name)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (pathlib.Path(sys.argv[1]) / "cases").is_dir():
        sys.exit("usage: make-references.py SHARED, where SHARED/cases holds the reference cases")
    main(pathlib.Path(sys.argv[1]), pathlib.Path(__file__).resolve().parent)
