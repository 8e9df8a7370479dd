"""Runs cardrecon and its peers in turn on the reference days and prints medians and ratios."""

import argparse
import glob
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def measured(command, cwd=None, good=(0,)):
    """Wall seconds, CPU seconds, peak memory in MB and standard output of one run."""
    with open(os.devnull) as nothing:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=nothing, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd)
        out = process.stdout.read()
        error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        sys.exit(f"bench: {command[0]} ended with {process.returncode}: {error.decode()[:500]}")
    return {
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss / 1024,
    }, out


def day_files(folder):
    return glob.glob(folder + "/wechat*")[0], glob.glob(folder + "/card-ledger*")[0]


def found_by_us(report):
    """How many differences of each kind `report.json` tells."""
    kinds = {}
    for kind in re.findall(rb'"kind": ?"([a-z-]+)"', report):
        kinds[kind.decode()] = kinds.get(kind.decode(), 0) + 1
    return kinds


def agree(ours, theirs, name):
    """The peers know no duplicates by person: what we call one is missing or double to them."""
    one_sided = ours.get("debited-not-credited", 0) + ours.get("duplicate-debit", 0)
    if (one_sided, ours.get("amount-mismatch", 0)) != (
        theirs["missing"] + theirs["double"], theirs["different"]):
        sys.exit(f"bench: {name} found other differences: {theirs}, we {ours}")


def nightly(arguments, folder):
    """A configuration for the reference day, with an empty history."""
    place = os.path.join(arguments.work, "run")
    subprocess.run(["rm", "-rf", place], check=True)
    os.makedirs(place)
    with open(place + "/cardrecon.yaml", "w") as file:
        file.write(
            f"school: bench\nincoming: {os.path.abspath(folder)}\noutput: reports\nstate: state\n"
            'sources:\n  wechat:\n    files: ["wechat_*_{yyyy-MM-dd}.csv"]\n'
            'ledger:\n  files: ["card-ledger_{yyyy-MM-dd}.csv"]\n')
    return place


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", required=True)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--sizes", default="100000,1000000")
    arguments = parser.parse_args()
    sizes = [1_000_000] if arguments.quick else [int(size) for size in arguments.sizes.split(",")]
    rounds = arguments.rounds or (3 if arguments.quick else 5)
    program = arguments.bin + "/cardrecon"
    results = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "rounds": rounds,
        "sizes": {},
    }
    for size in sizes:
        folder = f"{arguments.work}/day-{size}"
        if not os.path.exists(folder + "/truth.json"):
            print(f"==> a day of {size} payments", flush=True)
            subprocess.run(
                [arguments.bin + "/campus-simulator", "--reference", str(size), "--seed", "7",
                 "--out", folder], check=True, stdout=subprocess.DEVNULL)
        wechat, ledger = day_files(folder)
        peers = {
            name: [sys.executable, f"{HERE}/{name}_peer.py", wechat, ledger]
            for name in ("duckdb", "polars")
        }
        runs = {"check": [], "run": [], "duckdb": [], "polars": []}
        for round_number in range(rounds + 1):
            figures, report = measured(
                [program, "check", "--json", wechat, ledger], good=(0, 1))
            ours = found_by_us(report)
            done = {"check": figures}
            # A run archives the files and lays its index and reports beside them.
            if shutil.disk_usage(arguments.work).free > size * 2_000:
                place = nightly(arguments, folder)
                done["run"], _ = measured(
                    [program, "run", "--date", "2026-11-02"], cwd=place, good=(0, 1))
            for name, command in peers.items():
                done[name], out = measured(command)
                agree(ours, json.loads(out), name)
            if round_number == 0:
                continue  # The first fills the page cache.
            for name, figures in done.items():
                runs[name].append(figures)
        medians = {
            name: {
                key: round(statistics.median(one[key] for one in figures), 3)
                for key in ("wall", "cpu", "memory")
            }
            for name, figures in runs.items() if figures
        }
        results["sizes"][str(size)] = medians
        duck = medians["duckdb"]
        print(f"\n{size:,} payments, medians of {rounds}: wall s, CPU s, peak MB; DuckDB = 1")
        for name, one in medians.items():
            print(
                f"  {name:8} {one['wall']:8.3f} {one['cpu']:8.3f} {one['memory']:8.1f}   "
                f"{one['wall'] / duck['wall']:6.3f} {one['cpu'] / duck['cpu']:6.3f} "
                f"{one['memory'] / duck['memory']:6.3f}")
    with open("bench.json", "w") as file:
        json.dump(results, file, indent=2)
        file.write("\n")
    print("\nbench.json written; all found the same differences")


main()
