#!/bin/sh
# Makes the sample files in this folder, and what other programs read in them. Needs R with haven, and PSPP (Debian: r-cran-haven, pspp).
# Run: sh make-spss.sh [FOLDER]; without a folder, in this one. The bytes depend on the versions of both and, for creation dates, on the day.
set -e
cd "$(dirname "$0")"
here=$PWD
out=${1:-$here}
mkdir -p "$out"
cd "$out"

# haven: bytecode (each case begins a new eight of commands) and zlib; labelled missing codes and ranges; a long string; dates.
Rscript --vanilla - <<'R'
library(haven)
n <- 12
d <- data.frame(id = 1:n)
d$household_income <- labelled_spss(c(1200, 2350.5, -99, 1800, -98, 4000.25, NA, 990, -1, 3100, 2800, 1e6),
  labels = c(refused = -99, "don't know" = -98), na_range = c(-Inf, -1), label = "Net income of the household, € a month")
d$satisfaction <- labelled_spss(c(1, 2, 3, 4, 5, 8, 9, 5, 4, NA, 2, 1),
  labels = c("very low" = 1, "very high" = 5, "don't know" = 8, "no answer" = 9), na_values = c(8, 9), label = "Satisfaction")
d$age <- labelled_spss(c(23, 45, 99, 67, 34, 98, 51, 0, 18, NA, 250, 251), na_values = c(99), na_range = c(97, 98), label = "Age")
d$weight <- seq(0.5, 1.6, by = 0.1)
d$town <- c("Zürich", "Łódź", "", "São Paulo", "x", "Århus", "Zürich", "Łódź", "Köln", "NA", "-", "東京")
long <- paste0(strrep("0123456789", 26), "é")
d$comment <- c(long, "short", "", strrep("a", 255), strrep("b", 256), "b", "c", "", "", strrep("d", 261), "e", "f")
d$born <- as.Date("1970-01-01") + c(0, 1, -1, 10000, NA, 5, 6, 7, 8, 9, 10, 11)
d$seen <- as.POSIXct("2024-02-29 12:34:56", tz = "UTC") + c(0, 1.5, 3600, NA, 5:12)
d$walk <- hms::hms(c(60, 3661, NA, 90000, 1:8))
attr(d$weight, "label") <- "Weight"
write_sav(d, "haven-byte.sav", compress = "byte")
write_sav(d, "haven-zlib.zsav", compress = "zsav")
R

# PSPP: attributes, roles, measures, weights, documents, ranges to LOWEST and HIGHEST, labels and missing values of long strings.
cat > pspp.sps <<'S'
SET DECIMAL=DOT.
DATA LIST LIST /Identification (F4) sex (F1) income_in_euro (F8.2) score (F3) town (A20) code (A4) note (A260)
  day (DATE11) moment (DATETIME20) span (TIME8) month (MOYR8) w (F4.2).
BEGIN DATA
1 1 1000.5 10 "Zürich" "ab" "first" "01-JAN-1990" "01-JAN-1990 10:11:12" "01:02:03" "JAN 1990" 1.25
2 2 -99 . "Basel" "zz" "" "." "." "." "." 0.75
3 9 2500 999 "unknown" "" "third" "29-FEB-2024" "31-DEC-1999 23:59:59" "25:00:00" "FEB 2024" 1
4 . 800 500 "Genève" "cd" "fourth" "15-OCT-1582" "15-OCT-1582 00:00:01" "00:00:01" "DEC 1999" 1
5 1 -5 1000 "" "ab" "fifth" "01-JAN-1990" "." "00:00:00" "JAN 1990" 2
6 2 151 -99 "Basel" "ab" "" "01-JAN-1991" "02-JAN-1991 00:00:00" "100:00:00" "MAR 1991" .
END DATA.
VARIABLE LABELS income_in_euro 'Income, in euro' /town 'Where do you live?'.
VALUE LABELS sex 1 'female' 2 'male' 9 'no answer' /code 'ab' 'Abteilung' /town 'Basel' 'City of Basel' 'unknown' 'not known'.
MISSING VALUES sex (9) /income_in_euro (LOWEST THRU -1) /score (500 THRU HIGHEST, -99) /code ('zz') /town ('unknown').
VARIABLE LEVEL sex (NOMINAL) /score (ORDINAL) /income_in_euro (SCALE).
VARIABLE ROLE /TARGET income_in_euro /INPUT sex score /NONE Identification.
VARIABLE ATTRIBUTE VARIABLES=sex ATTRIBUTE=origin('question 7 (b)').
DATAFILE ATTRIBUTE ATTRIBUTE=study('A study').
FILE LABEL A small survey.
ADD DOCUMENT 'Made by make-spss.sh.' 'A second line.'.
WEIGHT BY w.
SAVE OUTFILE='pspp-byte.sav' /COMPRESSED.
SAVE OUTFILE='pspp-none.sav' /UNCOMPRESSED.
SAVE OUTFILE='pspp-zlib.zsav' /ZCOMPRESSED.
S
pspp -o /dev/null pspp.sps
# Another encoding.
cat > latin.sps <<'S'
SET LOCALE='windows-1252'.
SET DECIMAL=DOT.
DATA LIST LIST /größe (F5.1) ort (A8) code (F4).
BEGIN DATA
180.5 "Köln" 1
. "Gräfling" 2
165 "" -7
171 "Süd" 3
END DATA.
VARIABLE LABELS größe 'Körpergröße'.
VALUE LABELS code 1 'für' -7 'weiß nicht'.
MISSING VALUES code (-7).
SAVE OUTFILE='pspp-latin.sav' /COMPRESSED.
S
iconv -f UTF-8 -t WINDOWS-1252 latin.sps > latin-1252.sps
pspp --syntax-encoding=windows-1252 -o /dev/null latin-1252.sps
rm -f pspp.sps latin.sps latin-1252.sps

# What haven reads: cells, with user-missing codes as they are, and the dictionary. Files of the same data are read the same.
Rscript --vanilla "$here/read-spss.R" ./*.sav ./*.zsav
for kind in cells.csv dictionary.txt; do
  cmp haven-byte.sav.$kind haven-zlib.zsav.$kind
  cmp pspp-byte.sav.$kind pspp-none.sav.$kind
  cmp pspp-byte.sav.$kind pspp-zlib.zsav.$kind
  mv haven-byte.sav.$kind haven.$kind
  mv pspp-byte.sav.$kind pspp.$kind
  mv pspp-latin.sav.$kind latin.$kind
  rm -f ./*sav.$kind
done
