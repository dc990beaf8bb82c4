# Amelia with its bootstrap, 20 imputations of one work file: Rscript amelia_mi.R FOLDER FILE ROW
# Prints one line of JSON. Timed is amelia() as a user calls it, on as many processors as there are, not R's start and not the reading.
folder <- commandArgs(TRUE)[1]
file <- commandArgs(TRUE)[2]
row <- commandArgs(TRUE)[3]
suppressPackageStartupMessages({ library(data.table); library(Amelia) })

y <- as.matrix(fread(file.path(folder, file)))
set.seed(1)
cores <- parallel::detectCores()
time <- system.time(fit <- amelia(y, m = 20, p2s = 0, parallel = if (cores > 1) "multicore" else "no", ncpus = cores))

# Of each completed table the column means, their sum, and over the tables the mean of it.
mean_sum <- mean(sapply(fit$imputations, function(x) sum(colMeans(x))))
cat(sprintf('{"row":"%s","who":"Amelia","seconds":%.6f,"processorSeconds":%.6f,"meanSum":%.17g%s}\n',
  row, time[["elapsed"]], sum(time[-3]), mean_sum,
  if (fit$code == 1) "" else sprintf(',"trouble":"code %s: %s"', fit$code, fit$message)))
