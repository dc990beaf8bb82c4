# Writes what haven reads in SPSS files as text beside them, FILE.cells.csv and FILE.dictionary.txt: numbers with 17 digits, NA for
# system-missing, codes of user-missing cells as they are; names, labels, formats, missing values, value labels.
# Run: Rscript --vanilla read-spss.R FILE ...
suppressMessages(library(haven))
number <- function(x) ifelse(is.na(x), "NA", formatC(x, digits = 17, format = "g", width = 1))
seconds <- function(x) {
  if (inherits(x, "Date")) return(as.numeric(x) * 86400 + 12219379200)
  if (inherits(x, "POSIXct")) return(as.numeric(x) + 12219379200)
  if (inherits(x, "difftime")) return(as.numeric(x, units = "secs"))
  as.numeric(unclass(x))
}
cell <- function(x) if (is.character(unclass(x))) paste0('"', gsub('"', '""', unclass(x)), '"') else number(seconds(x))
quoted <- function(x) paste0("'", x, "'")
for (file in commandArgs(TRUE)) {
  d <- read_sav(file, user_na = TRUE)
  con <- file(paste0(file, ".cells.csv"), "w", encoding = "UTF-8")
  writeLines(paste(names(d), collapse = ","), con)
  rows <- do.call(paste, c(unname(lapply(d, function(x) enc2utf8(cell(x)))), sep = ","))
  writeLines(rows, con)
  close(con)
  con <- file(paste0(file, ".dictionary.txt"), "w", encoding = "UTF-8")
  for (name in names(d)) {
    x <- d[[name]]
    labels <- attr(x, "labels", exact = TRUE)
    parts <- c(name, attr(x, "format.spss", exact = TRUE),
      if (!is.null(attr(x, "label", exact = TRUE))) paste0("label ", quoted(attr(x, "label", exact = TRUE))),
      if (!is.null(attr(x, "na_values", exact = TRUE))) paste0("missing ", paste(trimws(attr(x, "na_values", exact = TRUE), "right"), collapse = " ")),
      if (!is.null(attr(x, "na_range", exact = TRUE))) paste0("range ", paste(attr(x, "na_range", exact = TRUE), collapse = " ")),
      if (length(labels) > 0) paste0("values ", paste0(trimws(unname(labels), "right"), "=", quoted(names(labels)), collapse = " ")))
    writeLines(enc2utf8(paste(parts, collapse = "; ")), con)
  }
  close(con)
}
