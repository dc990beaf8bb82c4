# Amelia without bootstrap on one work file: Rscript amelia.R FOLDER ROW
# Prints one line of JSON. Timed is amelia() as a user calls it, not R's start and not the reading; its EM alone, without checks
# and the filling of cells, is told besides.
arguments <- commandArgs(FALSE)
here <- dirname(sub("--file=", "", grep("--file=", arguments, value = TRUE)))
folder <- commandArgs(TRUE)[1]
row <- commandArgs(TRUE)[2]
suppressPackageStartupMessages({ library(data.table); library(Amelia) })
source(file.path(here, "loglik.R"))

y <- as.matrix(fread(file.path(folder, paste0(row, ".csv"))))

em_seconds <- 0
em <- getFromNamespace("emarch", "Amelia")
assignInNamespace("emarch", function(...) {
  em_seconds <<- em_seconds + system.time(result <- em(...))[["elapsed"]]
  result
}, "Amelia")

# Amelia's tolerance is an absolute change of any parameter, on standardised columns.
time <- system.time(fit <- amelia(y, m = 1, boot.type = "none", p2s = 0, tolerance = 1e-4))

# Its estimates are on a scale of its own, centred and divided by the standard deviations (divisor n - 1) of the observed values,
# and in an order of its own, by the number of missing values (whatever the names on them say).
place <- order(colSums(is.na(y)))
center <- colMeans(y, na.rm = TRUE)[place]
scale <- apply(y, 2, sd, na.rm = TRUE)[place]
mean <- center + scale * fit$mu[, 1]
covariance <- fit$covMatrices[, , 1] * outer(scale, scale)
iterations <- nrow(fit$iterHist[[1]])
cat(sprintf('{"row":"%s","who":"Amelia","seconds":%.6f,"processorSeconds":%.6f,"partSeconds":%.6f,"part":"its EM alone","iterations":%d,"evaluations":%d,"logLikelihood":%.17g,"meanSum":%.17g,"covarianceSum":%.17g%s}\n',
  row, time[["elapsed"]], time[["user.self"]] + time[["sys.self"]], em_seconds, iterations, iterations, loglik_normal(y[, place], mean, covariance), sum(mean), sum(covariance),
  if (fit$code == 1) "" else sprintf(',"trouble":"code %s: %s"', fit$code, fit$message)))
