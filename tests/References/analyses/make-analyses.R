# Re-creates analyses.json: least squares by R's lm, pooling by mice.
#   Rscript make-analyses.R        in this folder; needs mice
suppressMessages(library(mice))

json <- function(x) {
  if (is.list(x)) {
    items <- vapply(x, json, "")
    if (is.null(names(x))) paste0("[", paste(items, collapse = ",\n "), "]")
    else paste0("{", paste0("\"", names(x), "\": ", items, collapse = ", "), "}")
  }
  else if (is.matrix(x)) paste0("[", paste(apply(x, 1, function(r) json(unname(r))), collapse = ", "), "]")
  else if (is.character(x)) paste0("\"", x, "\"")
  else if (length(x) == 1) sub("^Inf$", "null", format(x, digits = 15))
  else paste0("[", paste(format(x, digits = 15, trim = TRUE), collapse = ", "), "]")
}
fitted_lm <- function(formula, data) {
  fit <- lm(formula, data)
  s <- summary(fit)
  list(formula = deparse(formula), n = nobs(fit), coefficients = as.list(coef(fit)), vcov = unname(vcov(fit)),
       sigma = s$sigma, df = df.residual(fit), r_squared = s$r.squared, loglik = as.numeric(logLik(fit)))
}

air <- read.csv("../data/airquality.csv")
nh <- read.csv("../data/nhanes.csv")
imps <- lapply(1:5, function(k) read.csv(sprintf("../pool/nhanes_imputed_%d.csv", k)))
n <- nrow(nh)
long <- do.call(rbind, c(list(cbind(.imp = 0, .id = 1:n, nh[names(imps[[1]])])), lapply(1:5, function(k) cbind(.imp = k, .id = 1:n, imps[[k]]))))
fits <- with(as.mids(long), lm(chl ~ age + bmi + hyp))
r2 <- pool.r.squared(fits)

write(json(list(
  computed_by = sprintf("R %s: lm, logLik; mice %s: pool, pool.r.squared, pool.scalar", getRversion(), packageVersion("mice")),
  regressions = list(
    c(data = "data/airquality.csv", fitted_lm(Ozone ~ Solar.R + Wind + Temp + Month, air)),
    c(data = "data/airquality.csv", fitted_lm(Wind ~ 1, air)),
    c(data = "data/nhanes.csv", fitted_lm(chl ~ age + bmi + hyp, nh)),
    c(data = "data/bfi25.csv", fitted_lm(A1 ~ C1 + E1 + N1 + O1, read.csv("../data/bfi25.csv"))),
    c(data = "pool/nhanes_imputed_1.csv", fitted_lm(chl ~ age + bmi + hyp, imps[[1]])),
    c(data = "pool/nhanes_imputed_5.csv", fitted_lm(chl ~ age + bmi + hyp, imps[[5]]))),
  r_squared = list(est = r2[1, "est"], fmi = r2[1, "fmi"]),
  means = lapply(names(imps[[1]]), function(v) {
    p <- pool.scalar(sapply(imps, function(x) mean(x[[v]])), sapply(imps, function(x) var(x[[v]]) / n), n = n, k = 1)
    list(column = v, estimate = p$qbar, std_error = sqrt(p$t), df = p$df, fmi = p$fmi)
  }),
  correlations = lapply(combn(names(imps[[1]]), 2, simplify = FALSE), function(v) {
    p <- pool.scalar(sapply(imps, function(x) atanh(cor(x[[v[1]]], x[[v[2]]]))), rep(1 / (n - 3), 5), n = Inf)
    list(first = v[1], second = v[2], correlation = tanh(p$qbar), z_std_error = sqrt(p$t), df = p$df)
  }))), "analyses.json")
