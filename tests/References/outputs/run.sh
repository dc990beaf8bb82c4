#!/usr/bin/env bash
# run.sh [-a] COMMAND FOLDER: runs all of runs.txt with COMMAND (a program, or the path of an impute.dll), outputs to FOLDER, which must be new or empty.
# Without -a the runs with a star are left out. The goldens are made anew by
#   rm -r tests/References/outputs/golden && tests/References/outputs/run.sh COMMAND tests/References/outputs/golden
set -euo pipefail
all=no
[ "${1:-}" != -a ] || { all=yes; shift; }
[ $# -eq 2 ] || { echo "usage: run.sh [-a] COMMAND FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
command=$(realpath "$1")
program=("$command")
[[ $command != *.dll ]] || program=(dotnet "$command")
mkdir -p "$2"
cd "$2"
[ -z "$(ls -A)" ] || { echo "run.sh: $2 is not empty" >&2; exit 2; }
inputs=(data degenerate parquet)
for input in "${inputs[@]}"; do cp -r "$here/../$input" "$input"; done
while IFS= read -r line; do
  [[ $line =~ ^([a-z-]+)(\*?):\ *(.*)$ ]] || continue
  name=${BASH_REMATCH[1]}
  [ "$all" = yes ] || [ -z "${BASH_REMATCH[2]}" ] || continue
  eval "arguments=(${BASH_REMATCH[3]})"
  code=0
  "${program[@]}" "${arguments[@]}" > "$name.out" 2> "$name.err" < /dev/null || code=$?
  echo "$code" > "$name.code"
done < "$here/runs.txt"
rm -r "${inputs[@]}"
while IFS= read -r member; do
  [[ $member == '#'* ]] || find . -name '*.json' -exec sed -i -E "s/(\"$member\": ).*[^,](,?)$/\1\"left out\"\2/" {} +
done < "$here/left-out.txt"
