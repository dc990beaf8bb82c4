# norm2's mcmcNorm, 1,000 iterations on one work file: Rscript norm2_mcmc.R FOLDER FILE ROW
# Prints one line of JSON. Only mcmcNorm itself is timed, from the estimates of emNorm; not R's start, the reading and EM.
folder <- commandArgs(TRUE)[1]
file <- commandArgs(TRUE)[2]
row <- commandArgs(TRUE)[3]
suppressPackageStartupMessages({ library(data.table); library(norm2) })

y <- as.matrix(fread(file.path(folder, file)))
fit <- emNorm(y, iter.max = 10000, prior = "jeffreys", estimate.worst = FALSE)
time <- system.time(chain <- mcmcNorm(fit, iter = 1000, seeds = c(1, 2)))

# Its series have the lower triangle of the covariance, the parameters' names as they are indexed there.
names <- strsplit(colnames(chain$series.sigma), ",")
times <- ifelse(sapply(names, function(n) n[1] == n[2]), 1, 2)
cat(sprintf('{"row":"%s","who":"norm2","seconds":%.6f,"processorSeconds":%.6f,"iterations":%d,"meanSum":%.17g,"covarianceSum":%.17g,"patterns":%d}\n',
  row, time[["elapsed"]], time[["user.self"]] + time[["sys.self"]], chain$iter, sum(colMeans(chain$series.beta)), sum(colMeans(chain$series.sigma) * times),
  nrow(chain$miss.patt)))
