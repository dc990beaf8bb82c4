"""From file to file with pandas and scikit-learn: python3 sklearn_file.py FOLDER FILE ROW

Prints one line of JSON. Timed is all that the script does but Python's start and the imports: pandas.read_csv,
IterativeImputer with its defaults (BayesianRidge, at most 10 rounds), to_csv.
"""
import json
import os
import resource
import sys
import tempfile
import time
import warnings

import pandas
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer

folder, file, row = sys.argv[1:4]
output = os.path.join(tempfile.gettempdir(), f"{row}-{os.getpid()}.csv")
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    start, used = time.perf_counter(), time.process_time()
    table = pandas.read_csv(os.path.join(folder, file))
    imputer = IterativeImputer()
    filled = imputer.fit_transform(table)
    pandas.DataFrame(filled, columns=table.columns).to_csv(output, index=False)
    seconds, used = time.perf_counter() - start, time.process_time() - used
os.remove(output)

measured = {
    "row": row,
    "who": "pandas and scikit-learn",
    "seconds": round(seconds, 6),
    "processorSeconds": round(used, 6),
    "iterations": int(imputer.n_iter_),
    "peakBytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
}
if said:
    measured["trouble"] = str(said[0].message)
print(json.dumps(measured, separators=(",", ":")))
