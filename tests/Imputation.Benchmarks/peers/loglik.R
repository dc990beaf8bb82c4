# Observed-data log-likelihood of a multivariate normal, all constants included, pattern by pattern: for packages that report none.
loglik_normal <- function(y, mean, covariance) {
  hole <- is.na(y)
  pattern <- as.vector(hole %*% 2^(seq_len(ncol(y)) - 1)) # exact up to 53 columns
  total <- 0
  for (rows in split(seq_len(nrow(y)), pattern)) {
    o <- which(!hole[rows[1], ])
    if (length(o) == 0) next
    # covariance = R'R; the quadratic forms are the squared lengths of R^-T d
    root <- chol(covariance[o, o, drop = FALSE])
    z <- backsolve(root, t(y[rows, o, drop = FALSE]) - mean[o], transpose = TRUE)
    total <- total - sum(z^2) / 2 - length(rows) * (sum(log(diag(root))) + length(o) * log(2 * pi) / 2)
  }
  total
}
