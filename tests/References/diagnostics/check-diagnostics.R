# Computes what make-diagnostics.py makes once more with R's own functions; prints file, path and value, one line each.
# R 4.2.2: stats (t.test, glm, mahalanobis, p.adjust, quantile, cor), mice 3.15.0 (md.pairs, md.pattern, flux), mnormt 2.1.1.
# Called by check-diagnostics.py:  Rscript check-diagnostics.R CASES MU_SIGMA_FOLDER
suppressMessages({library(mice); library(mnormt)})
args <- commandArgs(TRUE)
out <- function(file, path, value) cat(file, "\t", paste(path, collapse = "/"), "\t", sprintf("%.17g", value), "\n", sep = "")
each <- function(file, path, values) for (i in seq_along(values)) out(file, c(path, i - 1), values[i])
matrixOut <- function(file, path, a) for (j in seq_len(nrow(a))) each(file, c(path, j - 1), a[j, ])
numeric <- c("airquality", "nhanes", "bfi25", "chile_num", "boys_num", "missvals", "sas_fitness1", "mammalsleep")
for (d in numeric) {
  x <- read.csv(file.path(args[1], "data", paste0(d, ".csv")))
  n <- nrow(x); p <- ncol(x)
  for (k in names(x)) {
    v <- x[[k]][!is.na(x[[k]])]; c0 <- v - mean(v); q <- quantile(v, c(.05, .25, .5, .75, .95), names = FALSE)
    got <- c(observed = length(v), missing = n - length(v), distinct = length(unique(v)), mean = mean(v), sd = sd(v), min = min(v),
             q05 = q[1], q25 = q[2], median = q[3], q75 = q[4], q95 = q[5], max = max(v),
             skewness = mean(c0^3) / mean(c0^2)^1.5, excess_kurtosis = mean(c0^4) / mean(c0^2)^2 - 3)
    for (s in names(got)) out("columns", c(d, k, s), got[s])
  }
  pat <- md.pairs(x)
  for (s in c("rr", "rm", "mr", "mm")) matrixOut("pairs", c(d, s), pat[[s]])
  matrixOut("pairs", c(d, "usable"), pat$mr / (pat$mr + pat$mm))
  matrixOut("pairs", c(d, "phi"), suppressWarnings(cor(is.na(x) + 0)))
  fl <- flux(x)
  for (k in names(x)) for (s in names(fl)) out("flux", c(d, k, s), fl[k, s])
  # Welch
  ps <- c(); tests <- list()
  for (j in names(x)) for (k in names(x)) if (j != k && anyNA(x[[k]])) {
    a <- x[[j]][!is.na(x[[j]]) & !is.na(x[[k]])]; b <- x[[j]][!is.na(x[[j]]) & is.na(x[[k]])]
    if (length(a) > 1 && length(b) > 1 && var(a) > 0 && var(b) > 0) {
      t <- t.test(a, b); id <- paste(j, k, sep = "~"); ps[id] <- t$p.value
      tests[[id]] <- c(n1 = length(a), n2 = length(b), mean1 = mean(a), mean2 = mean(b), t = unname(t$statistic), df = unname(t$parameter), p = t$p.value)
    }
  }
  bh <- p.adjust(ps, "BH")
  for (id in names(tests)) { for (s in names(tests[[id]])) out("welch", c(d, id, s), tests[[id]][s]); out("welch", c(d, id, "p_bh"), bh[id]) }
  if (d == "mammalsleep") next
  # with estimates
  mu <- as.numeric(scan(file.path(args[2], paste0(d, ".mu")), quiet = TRUE))
  sigma <- matrix(scan(file.path(args[2], paste0(d, ".sigma")), quiet = TRUE), p)
  r <- !is.na(x); key <- apply(r + 0, 1, paste, collapse = "")
  d2 <- numeric(n)
  for (g in unique(key)) { o <- r[match(g, key), ]; i <- key == g
    d2[i] <- mahalanobis(as.matrix(x)[i, o, drop = FALSE], mu[o], sigma[o, o, drop = FALSE]) }
  pi <- rowSums(r); lp <- pchisq(d2, pi, lower.tail = FALSE, log.p = TRUE)
  top <- order(lp, seq_len(n))[1:10]
  for (i in 1:10) { out("adequacy", c("distances", d, "top", i - 1, "row"), top[i]); out("adequacy", c("distances", d, "top", i - 1, "d2"), d2[top[i]])
    out("adequacy", c("distances", d, "top", i - 1, "log10_p"), lp[top[i]] / log(10)) }
  e <- sum(pi * (pi + 2)); z <- (sum(d2^2) - e) / sqrt(8 * e)
  out("adequacy", c("distances", d, "sum_d2"), sum(pi)) # identity at the maximum: sum d2 = number of observed cells
  out("adequacy", c("distances", d, "sum_d2_squared"), sum(d2^2))
  out("adequacy", c("distances", d, "kurtosis", "z"), z)
  out("adequacy", c("distances", d, "kurtosis", "log10_p_two_sided"), (log(2) + pnorm(-abs(z), log.p = TRUE)) / log(10))
  if (n < 200) { each("adequacy", c("distances", d, "rows", "d2"), d2); each("adequacy", c("distances", d, "rows", "p"), exp(lp)) }
  im <- read.csv(file.path(args[1], "mvn", paste0(d, ".imputed.csv"))); z <- x
  for (i in seq_len(nrow(im))) z[im$row[i], im$column[i]] <- im$value[i]
  for (k in names(x)) { m <- is.na(x[[k]])
    out("filled", c(d, "columns", k, "mean_completed"), mean(z[[k]])); out("filled", c(d, "columns", k, "sd_completed"), sd(z[[k]]))
    if (any(m)) { out("filled", c(d, "columns", k, "mean_filled"), mean(z[m, k])); if (sum(m) > 1) out("filled", c(d, "columns", k, "sd_filled"), sd(z[m, k]))
      out("filled", c(d, "columns", k, "standardised_difference"), (mean(z[m, k]) - mean(x[!m, k])) / sd(x[!m, k])) } }
  matrixOut("filled", c(d, "correlations_available"), cor(x, use = "pairwise.complete.obs"))
  matrixOut("filled", c(d, "correlations_completed"), cor(z))
  zs <- as.data.frame(scale(z))
  for (k in names(x)) if (anyNA(x[[k]])) {
    f <- suppressWarnings(glm(is.na(x[[k]]) ~ ., binomial, zs[setdiff(names(x), k)], epsilon = 1e-14, maxit = 100))
    out("logistic", c(d, k, "null_deviance"), f$null.deviance)
    out("logistic", c(d, k, "deviance"), deviance(f))
    lr <- f$null.deviance - deviance(f)
    out("logistic", c(d, k, "log10_p"), pchisq(lr, p - 1, lower.tail = FALSE, log.p = TRUE) / log(10))
    each("logistic", c(d, k, "coefficients"), unname(coef(f)))
    each("logistic", c(d, k, "standard_errors"), unname(summary(f)$coefficients[, 2]))
  }
  if (d %in% c("airquality", "sas_fitness1")) {
    s <- sample_Mardia_measures(as.matrix(x))
    out("adequacy", c("mardia_complete_rows", d, "b1p"), s["b1"]); out("adequacy", c("mardia_complete_rows", d, "b2p"), s["b2"])
    out("adequacy", c("mardia_complete_rows", d, "skewness_small_sample", "p"), s["p.b1"])
  }
  if (d %in% c("airquality", "nhanes", "boys_num")) {
    w <- na.omit(x)
    each("estimates", c(d, "listwise", "mean"), unname(colMeans(w))); each("estimates", c(d, "listwise", "sd"), unname(sapply(w, sd)))
    matrixOut("estimates", c(d, "listwise", "correlation"), cor(w))
    each("estimates", c(d, "available", "mean"), unname(colMeans(x, na.rm = TRUE)))
    each("estimates", c(d, "available", "sd"), unname(sapply(x, sd, na.rm = TRUE)))
    matrixOut("estimates", c(d, "available", "correlation"), cor(x, use = "pairwise.complete.obs"))
    each("estimates", c(d, "em", "sd"), sqrt(diag(sigma))); matrixOut("estimates", c(d, "em", "correlation"), cov2cor(sigma))
    mp <- md.pattern(x, plot = FALSE)
    for (i in seq_len(nrow(mp) - 1)) out("patterns", c(d, paste(mp[i, names(x)], collapse = ""), "n"), as.integer(rownames(mp)[i]))
    for (i in seq_len(nrow(mp) - 1)) { g <- paste(mp[i, names(x)], collapse = ""); h <- colMeans(x[key == g, , drop = FALSE]); 
      for (j in which(mp[i, names(x)] == 1)) out("patterns", c(d, g, "means", j - 1), h[j]) }
  }
}
