#!/usr/bin/env bash
# hashes.sh OLD_COMMAND NEW_COMMAND: runs both over all of runs.txt on this machine and compares the SHA-256 of every output.
# A command is a program, or the path of an impute.dll. Lists what differs; exit code 1 where anything does.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: hashes.sh OLD_COMMAND NEW_COMMAND" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$here/run.sh" -a "$1" "$scratch/old"
"$here/run.sh" -a "$2" "$scratch/new"
hashes() { (cd "$scratch/$1" && find . -type f | LC_ALL=C sort | xargs sha256sum); }
hashes old > "$scratch/old.sums"
hashes new > "$scratch/new.sums"
count=$(wc -l < "$scratch/old.sums")
if difference=$(diff "$scratch/old.sums" "$scratch/new.sums"); then
  echo "$count outputs, all the same bytes."
  exit
fi
echo "Outputs that differ (< old, > new) of $count:"
grep '^[<>]' <<< "$difference"
for file in $(sed -nE 's/^[<>] [0-9a-f]+  (.*)/\1/p' <<< "$difference" | sort -u); do
  printf '\n== %s\n' "$file"
  diff "$scratch/old/$file" "$scratch/new/$file" | head -n 6 || true
done
exit 1
