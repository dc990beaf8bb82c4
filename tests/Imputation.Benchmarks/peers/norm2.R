# norm2's emNorm on one work file: Rscript norm2.R FOLDER ROW
# Prints one line of JSON. Only emNorm itself is timed, not R's start and not the reading.
folder <- commandArgs(TRUE)[1]
row <- commandArgs(TRUE)[2]
suppressPackageStartupMessages({ library(data.table); library(norm2) })

y <- as.matrix(fread(file.path(folder, paste0(row, ".csv"))))

# The criterion is norm2's default, a largest relative change of any parameter of 1e-5; its final log-likelihood then agrees
# with a fit to the last digits within 1e-8 (the table says how well). The estimate of the worst fraction of missing information
# would come on top and is left out.
time <- system.time(fit <- emNorm(y, iter.max = 10000, estimate.worst = FALSE))

# norm2 leaves out the constant -log(2 pi)/2 of every observed value. Its trace has the log-likelihood at the start of each
# iteration; loglikNorm gives that of the final estimates.
loglik <- loglikNorm(fit) - sum(!is.na(y)) * log(2 * pi) / 2
cat(sprintf('{"row":"%s","who":"norm2","seconds":%.6f,"processorSeconds":%.6f,"iterations":%d,"evaluations":%d,"logLikelihood":%.17g,"meanSum":%.17g,"covarianceSum":%.17g,"patterns":%d%s}\n',
  row, time[["elapsed"]], time[["user.self"]] + time[["sys.self"]], fit$iter, fit$iter, loglik, sum(fit$param$beta), sum(fit$param$sigma), nrow(fit$miss.patt),
  if (fit$converged) "" else ',"trouble":"not converged"'))
