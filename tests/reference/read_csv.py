"""The other side of `cargo xtask bench import`: reads a CSV file with pandas or DuckDB and says what that took.

    read_csv.py {pandas,duckdb,duckdb-stream} FILE

Each finds out by itself how the file is written, and gives the rows, the different labels and the characters of all texts.
`pandas` and `duckdb` have all rows in memory before they count; `duckdb-stream` counts while it reads and keeps none.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

COUNTS = "SELECT count(*), count(DISTINCT label), sum(length(text)) FROM "


def with_pandas(file):
    import pandas

    start = time.perf_counter()
    table = pandas.read_csv(file)
    counts = len(table), table["label"].nunique(), int(table["text"].str.len().sum())
    return counts, time.perf_counter() - start


def with_duckdb(file, keeps_rows):
    import duckdb

    connection = duckdb.connect(":memory:")
    start = time.perf_counter()
    if keeps_rows:
        connection.execute("CREATE TABLE texts AS SELECT * FROM read_csv(?)", [file])
        counts = connection.execute(COUNTS + "texts").fetchone()
    else:
        counts = connection.execute(COUNTS + "read_csv(?)", [file]).fetchone()
    return counts, time.perf_counter() - start


def peak_memory_bytes():
    """Of this process alone: Linux hands ru_maxrss on from the program that started this one."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader", choices=["pandas", "duckdb", "duckdb-stream"])
    parser.add_argument("file")
    arguments = parser.parse_args()
    if arguments.reader == "pandas":
        counts, seconds = with_pandas(arguments.file)
    else:
        counts, seconds = with_duckdb(arguments.file, arguments.reader == "duckdb")
    rows, labels, characters = (int(count) for count in counts)
    result = {
        "rows": rows,
        "labels": labels,
        "characters": characters,
        "seconds": seconds,
        "peakMemoryBytes": peak_memory_bytes(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
