# Posterior means and standard deviations by norm2's mcmcNorm (2.0.4), with their Monte-Carlo errors:
#   R_LIBS=/path/to/norm2 Rscript make-references.R ../data > norm2.json      (some minutes)
# 200,000 iterations after 2,000 from the estimates of emNorm; errors by 100 batch means.
suppressPackageStartupMessages(library(norm2))
folder <- commandArgs(TRUE)[1]
iterations <- 200000
batches <- 100

runs <- list(
  list(data = "nhanes", prior = "jeffreys", df = NULL), list(data = "nhanes", prior = "ridge", df = 3), list(data = "nhanes", prior = "uniform", df = NULL),
  list(data = "sas_fitness1", prior = "jeffreys", df = NULL), list(data = "sas_fitness1", prior = "ridge", df = 2.5))

error <- function(x) sd(colMeans(matrix(x, ncol = batches))) / sqrt(batches)
number <- function(x) paste(sprintf("%.9g", x), collapse = ", ")

cat("[\n")
for (i in seq_along(runs)) {
  run <- runs[[i]]
  y <- as.matrix(read.csv(file.path(folder, paste0(run$data, ".csv"))))
  storage.mode(y) <- "double"
  invisible(capture.output(fit <- emNorm(y, iter.max = 10000, prior = run$prior, prior.df = run$df, estimate.worst = FALSE)))
  chain <- mcmcNorm(fit, iter = iterations + 2000, seeds = c(11, 17 + i))
  series <- cbind(chain$series.beta, chain$series.sigma)[-(1:2000), ]
  means <- colMeans(series)
  deviations <- apply(series, 2, sd)
  p <- ncol(y)
  pairs <- which(lower.tri(diag(p), diag = TRUE), arr.ind = TRUE) # the order of series.sigma
  cat(sprintf(' {"data": "%s", "prior": "%s", "df": %s, "iterations": %d,\n  "columns": [%s],\n  "row": [%s],\n  "column": [%s],\n  "mean": [%s],\n  "mean_error": [%s],\n  "sd": [%s],\n  "sd_error": [%s]}%s\n',
    run$data, run$prior, if (is.null(run$df)) "null" else format(run$df), iterations, paste0('"', colnames(y), '"', collapse = ", "),
    paste(c(rep(-1, p), pairs[, 1] - 1), collapse = ", "), paste(c(0:(p - 1), pairs[, 2] - 1), collapse = ", "),
    number(means), number(apply(series, 2, error)), number(deviations),
    # of the standard deviation by the delta method: se((x - mean)^2) / (2 sd)
    number(sapply(seq_len(ncol(series)), function(k) error((series[, k] - means[k])^2) / (2 * deviations[k]))), if (i < length(runs)) "," else ""))
}
cat("]\n")
