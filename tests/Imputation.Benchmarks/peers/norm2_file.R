# From file to file with data.table and norm2: Rscript norm2_file.R FOLDER FILE ROW
# Prints one line of JSON. Timed is all that the script does but R's start and the loading of packages:
# reading, EM, conditional means for the missing cells, writing.
folder <- commandArgs(TRUE)[1]
file <- commandArgs(TRUE)[2]
row <- commandArgs(TRUE)[3]
suppressPackageStartupMessages({ library(data.table); library(norm2) })
setDTthreads(0) # all processors

output <- tempfile(fileext = ".csv")
time <- system.time({
  y <- as.matrix(fread(file.path(folder, file)))
  fit <- emNorm(y, iter.max = 10000, estimate.worst = FALSE)
  fwrite(as.data.table(impNorm(fit, method = "predict")), output)
})
invisible(file.remove(output))
cat(sprintf('{"row":"%s","who":"R and norm2","seconds":%.6f,"processorSeconds":%.6f,"iterations":%d,"evaluations":%d%s}\n',
  row, time[["elapsed"]], time[["user.self"]] + time[["sys.self"]], fit$iter, fit$iter, if (fit$converged) "" else ',"trouble":"not converged"'))
