# Makes regressions.json: linear regressions by full-information maximum likelihood with lavaan, all columns of each data set jointly normal.
#
#     Rscript regressions.R ../data > regressions.json
#
# Columns are scaled before the fit, so that lavaan's optimizer gets close to the maximum; coefficients and standard errors are carried back.
suppressMessages(library(lavaan))
folder <- commandArgs(trailingOnly = TRUE)[1]

regression <- function(id, formula) {
  data <- read.csv(file.path(folder, paste0(id, ".csv")), na.strings = c("NA", ""))
  sides <- trimws(strsplit(formula, "~")[[1]])
  y <- sides[1]
  x <- trimws(strsplit(sides[2], "+", fixed = TRUE)[[1]])
  others <- setdiff(names(data), c(y, x))
  model <- paste(y, "~", paste(x, collapse = " + "))
  for (i in seq_along(x)) for (j in seq_len(i)) model <- paste0(model, "\n", x[i], " ~~ ", x[j])
  for (o in others) for (v in c(x, y)) model <- paste0(model, "\n", o, " ~~ ", v)
  for (i in seq_along(others)) for (j in seq_len(i)) model <- paste0(model, "\n", others[i], " ~~ ", others[j])

  s <- sapply(data, sd, na.rm = TRUE)
  m <- colMeans(data, na.rm = TRUE)
  fit <- suppressWarnings(lavaan(model, as.data.frame(scale(data)), missing = "fiml", information = "observed", observed.information = "hessian",
    int.ov.free = TRUE, auto.var = TRUE, fixed.x = FALSE, meanstructure = TRUE, control = list(iter.max = 20000, eval.max = 20000, rel.tol = 1e-12)))
  stopifnot(lavInspect(fit, "converged"), max(abs(lavInspect(fit, "gradient"))) < 1e-5)
  names <- c(paste0(y, "~1"), paste0(y, "~", x))
  scaled <- coef(fit)[names]
  back <- matrix(0, length(names), length(names))
  back[1, 1] <- s[y]
  for (k in seq_along(x)) {
    back[k + 1, k + 1] <- s[y] / s[x[k]]
    back[1, k + 1] <- -s[y] / s[x[k]] * m[x[k]]
  }
  estimate <- as.numeric(back %*% scaled)
  estimate[1] <- estimate[1] + m[y]
  residual <- coef(fit)[paste0(y, "~~", y)]
  b <- scaled[-1]
  list(id = id, formula = formula, estimate = estimate, covariance = back %*% vcov(fit)[names, names] %*% t(back),
    residual_sd = sqrt(residual) * s[y], residual_sd_se = sqrt(vcov(fit)[paste0(y, "~~", y), paste0(y, "~~", y)] / residual) / 2 * s[y],
    r_squared = 1 - residual / (residual + b %*% lavInspect(fit, "cov.ov")[x, x] %*% b))
}

number <- function(x) paste(sprintf("%.12g", x), collapse = ", ")
text <- function(r) paste0(' {"id": "', r$id, '", "formula": "', r$formula, '",\n  "estimate": [', number(r$estimate), '],\n  "covariance": [\n   ',
  paste(apply(r$covariance, 1, function(row) paste0("[", number(row), "]")), collapse = ",\n   "), '],\n  "residual_sd": ', number(r$residual_sd),
  ', "residual_sd_se": ', number(r$residual_sd_se), ', "r_squared": ', number(r$r_squared), "}")
cases <- list(
  c("airquality", "Ozone ~ Solar.R + Wind + Temp"), c("nhanes", "chl ~ age + bmi"), c("nhanes", "bmi ~ age + hyp + chl"),
  c("cholesterol", "Y3 ~ Y1 + Y2"), c("sas_fitness1", "Oxygen ~ RunTime + RunPulse"))
cat(paste0('{"computed_by": "lavaan ', packageVersion("lavaan"), ", R ", getRversion(), ', missing = fiml, observed information (Hessian)",\n"regressions": [\n',
  paste(sapply(cases, function(case) text(regression(case[1], case[2]))), collapse = ",\n"), "\n]}\n"))
