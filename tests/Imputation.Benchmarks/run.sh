#!/usr/bin/env bash
# Ours and the peers, by turns on the same files, and one table of both at the end.
#
#   run.sh [--small] [--data DIR] [--rounds N] [ROW...]
#
# Rows: fit-100k fit-2k fit-1m-24 mi-emb mi-da file-100k file-1m slow wide patterns rows threads bfi version; all of them unless named.
# (fit-1m-24 takes Amelia two minutes, file-1m takes scikit-learn several.) Only where named: file-10m, 10,000,000 rows, 3 GB of disk.
# The command is measured as users get it: Native AOT, for which the machine needs clang or gcc and zlib's headers.
# --small is for trying things out: a hundredth of the rows.
# Rscript and python3 are taken from the path, or from RSCRIPT and PYTHON; a peer that is not there leaves its column empty.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
data="${TMPDIR:-/tmp}/imputation-benchmarks" small='' rounds=3 rows=()
while [ $# -gt 0 ]; do
  case $1 in
    --small) small=--small ;;
    --data) data=$2; shift ;;
    --rounds) rounds=$2; shift ;;
    -*) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    *) rows+=("$1") ;;
  esac
  shift
done
[ ${#rows[@]} -gt 0 ] || rows=(fit-100k fit-2k fit-1m-24 mi-emb mi-da file-100k file-1m slow wide patterns rows threads bfi version)
folder="$data/${small:+small}"
folder="${folder%/}"

dotnet build -c Release -v quiet -nologo "$root/tests/Imputation.Benchmarks" >&2
ours="$here/bin/Release/net10.0/Imputation.Benchmarks"
case " ${rows[*]} " in
  *" file-"* | *" bfi "* | *" version "*)
    dotnet publish -c Release --use-current-runtime -v quiet -nologo "$root/src/Imputation.Cli" -o "$here/bin/command" >&2
    export IMPUTE_COMMAND="$here/bin/command/impute"
    ;;
esac
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT

# The generator is part of the name: data of another one are not taken for these.
mark="$folder/made-by-$(cat "$here"/Works/*.cs | cksum | cut -d ' ' -f 1)"
if [ ! -e "$mark" ]; then
  echo "data: $folder" >&2
  mkdir -p "$folder"
  rm -f "$folder"/made-by-* "$folder/file-10m.csv"
  "$ours" data "$folder" $small
  touch "$mark"
fi

# measure COMMAND...: its output is kept; its failure is told at once and by the exit code, and the rest goes on.
failed=0
measure() { "$@" | tee -a "$lines" >&2 || { echo "! failed: $*" >&2; failed=1; }; }
r() { measure "${RSCRIPT:-Rscript}" --vanilla "$here/peers/$1" "${@:2}"; }
python() { measure "${PYTHON:-python3}" "$here/peers/$1" "${@:2}"; }

for row in "${rows[@]}"; do
  # What takes minutes is done once.
  case $row in fit-1m-24 | file-1m | file-10m) turns=1 ;; fit-* | file-* | mi-*) turns=$rounds ;; *) turns=1 ;; esac
  for ((turn = 0; turn < turns; turn++)); do
    case $row in
      fit-100k | fit-2k) measure "$ours" fits "$folder" "$row"; r norm2.R "$folder" "$row" ;;
      fit-1m-24) measure "$ours" fits "$folder" "$row"; r amelia.R "$folder" "$row" ;;
      mi-emb) measure "$ours" fits "$folder" "$row"; r amelia_mi.R "$folder" mi.csv "$row" ;;
      file-100k) measure "$ours" files "$folder" "$row"; r norm2_file.R "$folder" fit-100k.csv "$row" ;;
      file-1m) measure "$ours" files "$folder" "$row"; python sklearn_file.py "$folder" file-1m.csv "$row" ;;
      slow) measure "$ours" fits "$folder" slow-random slow-factors slow-two-files slow-booklets slow-dropout slow-costly ;;
      wide) measure "$ours" fits "$folder" wide-300 wide-600 ;;
      mi-da) measure "$ours" fits "$folder" "$row"; r norm2_mcmc.R "$folder" mi.csv "$row" ;;
      patterns | rows) measure "$ours" fits "$folder" "$row" $small ;;
      threads) measure "$ours" fits "$folder" threads-fit-100k threads-fit-2k threads-file-1m ;;
      bfi | version | file-10m) measure "$ours" files "$folder" "$row" $small ;;
      *) echo "No row '$row'." >&2; exit 2 ;;
    esac
  done
done
[ -z "$small" ] || echo "Small data: the table works, its ratios mean nothing."
"$ours" table < "$lines"
exit $failed
