# Compares an SPSS file with the one that was made of it by filling, as haven and as PSPP read them: dictionaries must be equal, and cells,
# except that a missing one may have a value that is not missing. Needs R with haven, and PSPP.
# Run: Rscript --vanilla check-spss.R ORIGINAL WRITTEN
suppressMessages(library(haven))
files <- commandArgs(TRUE)
read <- function(file) as.list(read_sav(file, user_na = TRUE))
plain <- function(x) if (is.character(unclass(x))) as.vector(unclass(x)) else as.numeric(unclass(x))
before <- read(files[1])
after <- read(files[2])
stopifnot(identical(names(before), names(after)))
filled <- list()
for (name in names(before)) {
  x <- before[[name]]
  y <- after[[name]]
  if (!identical(attributes(x), attributes(y))) stop(name, ": haven reads other attributes")
  same <- (is.na(plain(x)) & is.na(plain(y))) | (!is.na(plain(x)) & !is.na(plain(y)) & plain(x) == plain(y))
  missing <- is.na(x) | (is.character(plain(x)) & plain(x) == "")
  if (any(!same & !(missing & !is.na(y)))) stop(name, ": haven reads another value in row ", which(!same & !(missing & !is.na(y)))[1])
  filled[[name]] <- !same
}
pspp <- function(file) {
  folder <- tempfile("pspp")
  dir.create(folder)
  # Under one name, which PSPP prints.
  file.copy(file, file.path(folder, "in.sav"))
  home <- setwd(folder)
  on.exit(setwd(home))
  syntax <- "in.sps"
  writeLines(c("GET FILE='in.sav'.", "DISPLAY DICTIONARY.", "DISPLAY ATTRIBUTES.", "DISPLAY DOCUMENTS.",
    "DISPLAY FILE LABEL.", "SHOW WEIGHT.", "SHOW N.",
    "SAVE TRANSLATE /OUTFILE='cells.csv' /TYPE=CSV /MISSING=IGNORE /CELLS=VALUES /TEXTOPTIONS QUALIFIER='\"' FORMAT=PLAIN."), syntax)
  said <- system2("pspp", c("-o", "out.txt", syntax), stdout = TRUE, stderr = TRUE)
  said <- said[!grepl("locale", said)]
  out <- readLines("out.txt", encoding = "UTF-8")
  if (any(grepl("error|warning|corrupt", c(said, out), ignore.case = TRUE))) stop("PSPP: ", paste(said, collapse = "\n"))
  list(dictionary = out, cells = read.csv("cells.csv", header = FALSE, colClasses = "character", na.strings = character(0)))
}
a <- pspp(files[1])
b <- pspp(files[2])
if (!identical(a$dictionary, b$dictionary)) stop("PSPP reads another dictionary")
stopifnot(identical(dim(a$cells), dim(b$cells)), ncol(a$cells) == length(before), nrow(a$cells) == length(before[[1]]))
for (j in seq_along(before)) {
  other <- a$cells[[j]] != b$cells[[j]] & !filled[[j]]
  if (any(other)) stop(names(before)[j], ": PSPP reads another value in row ", which(other)[1])
}
cat(sprintf("%s: %d cells, %d filled, the others equal; dictionaries equal (haven, and %d lines of PSPP)\n", basename(files[2]),
  length(before) * length(before[[1]]), sum(unlist(filled)), length(a$dictionary)))
