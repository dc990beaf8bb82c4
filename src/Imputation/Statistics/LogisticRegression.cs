using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Statistics;

/// <summary>Whether a combination of predictors separates the two outcomes without error, so that coefficients have no maximum-likelihood
/// estimate.</summary>
internal enum Separation
{
    /// <summary>The outcomes overlap: there is a maximum.</summary>
    None,

    /// <summary>Quasi-complete separation: the outcomes are separated except for rows on the boundary, and the likelihood has a
    /// supremum below 1.</summary>
    Quasi,

    /// <summary>Complete separation: the predictors separate the two outcomes, and the likelihood has the supremum 1.</summary>
    Complete,
}

/// <summary>Logistic regression by maximum likelihood.</summary>
/// <remarks>Newton's method, which is iteratively reweighted least squares (McCullagh and Nelder 1989, §4.4), halving a step that
/// lowers the likelihood. Under separation (Albert and Anderson 1984) some coefficients go to infinity, each step moving them by
/// about 1 while the deviance converges, which is how separation is detected. The deviance is then its infimum, to 1e-8.</remarks>
/// <param name="Coefficients">The intercept's, then each predictor's; without meaning under separation.</param>
/// <param name="StandardErrors">From the inverse information; NaN under separation.</param>
/// <param name="Deviance">−2 log-likelihood.</param>
/// <param name="Separation">Whether there is a maximum.</param>
/// <param name="Converged">Whether the iteration came to an end.</param>
internal sealed record LogisticRegression(double[] Coefficients, double[] StandardErrors, double Deviance, Separation Separation,
    bool Converged)
{
    private const int BatchRows = 64, MostSteps = 100;

    /// <summary>Fits.</summary>
    /// <param name="rows">The predictors with a leading column of ones, rows a <see cref="CrossProduct.Stride"/> apart, zero beyond the
    /// columns.</param>
    /// <param name="columns">Number of columns, that of the ones included.</param>
    /// <param name="outcome">One for each row.</param>
    /// <param name="cancellation">Cancels.</param>
    public static LogisticRegression Fit(double[] rows, int columns, bool[] outcome, CancellationToken cancellation)
    {
        int stride = CrossProduct.Stride(columns);
        double[] beta = new double[columns], trial = new double[columns], step = new double[columns], score = new double[stride],
            information = new double[stride * stride], batch = new double[BatchRows * stride];
        double deviance = Deviance2(rows, stride, beta, outcome);
        for (int k = 1; k <= MostSteps; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            Derivatives(rows, stride, beta, outcome, score, information, batch);
            score.AsSpan(0, columns).CopyTo(step);
            // weights vanish where the outcomes are separated
            if (!Cholesky.Factor(information, columns, stride, 1e-14)) return Separated(beta, deviance);
            Cholesky.SolveLower(information, columns, stride, step, 1, 1);
            Cholesky.SolveUpper(information, columns, stride, step, 1, 1);
            double size = step.Max(Math.Abs), factor = 1, next;
            do
            {
                for (int j = 0; j < columns; j++) trial[j] = beta[j] + factor * step[j];
                next = Deviance2(rows, stride, trial, outcome);
            }
            while (!(next <= deviance * (1 + 1e-14) + 1e-300) && (factor /= 2) > 1e-8);
            double gain = deviance - next;
            if (next <= deviance)
            {
                (beta, trial) = (trial, beta);
                deviance = next;
            }
            if (size < 1e-8 || (size < 1e-4 && gain <= 0))
            {
                Derivatives(rows, stride, beta, outcome, score, information, batch);
                if (!Cholesky.Factor(information, columns, stride, 1e-14)) return Separated(beta, deviance);
                var inverse = new double[stride * stride];
                Cholesky.Invert(information, columns, stride, inverse);
                return new LogisticRegression(beta, [.. Enumerable.Range(0, columns).Select(j => Math.Sqrt(inverse[j * stride + j]))],
                    deviance, Separation.None, true);
            }
            if (size > 0.05 && Math.Abs(gain) < 1e-9 * (0.1 + deviance)) return Separated(beta, deviance);
        }
        return new LogisticRegression(beta, NotANumber(columns), deviance, Separation.None, false);
    }

    /// <summary>The deviance of the intercept alone.</summary>
    public static double NullDeviance(int ones, int zeros)
    {
        double n = ones + zeros;
        return -2 * ((ones == 0 ? 0 : ones * Math.Log(ones / n)) + (zeros == 0 ? 0 : zeros * Math.Log(zeros / n)));
    }

    private static LogisticRegression Separated(double[] beta, double deviance) =>
        new(beta, NotANumber(beta.Length), deviance, deviance < 1e-6 ? Separation.Complete : Separation.Quasi, true);

    private static double[] NotANumber(int count) => [.. Enumerable.Repeat(double.NaN, count)];

    private static double Deviance2(ReadOnlySpan<double> rows, int stride, double[] beta, bool[] outcome)
    {
        double sum = 0;
        for (int i = 0; i < outcome.Length; i++)
        {
            double eta = Dot.Product(beta, rows.Slice(i * stride, beta.Length)), against = outcome[i] ? -eta : eta;
            sum += against > 35 ? against : Log1pExp(against); // log(1 + e^x)
        }
        return 2 * sum;
    }

    private static double Log1pExp(double x)
    {
        double e = Math.Exp(x);
        return e < 1e-5 ? e - 0.5 * e * e : Math.Log(1 + e);
    }

    /// <summary>Score Σ (y − π) x and information Σ π(1 − π) x xᵀ.</summary>
    private static void Derivatives(double[] rows, int stride, double[] beta, bool[] outcome, double[] score, double[] information,
        double[] batch)
    {
        Array.Clear(score);
        Array.Clear(information);
        int batched = 0;
        for (int i = 0; i < outcome.Length; i++)
        {
            ReadOnlySpan<double> x = rows.AsSpan(i * stride, stride);
            // 1 − probability of the observed outcome
            double against = Dot.Product(beta, x[..beta.Length]) * (outcome[i] ? 1 : -1), wrong = 1 / (1 + Math.Exp(against));
            AddScaled.To(score, outcome[i] ? wrong : -wrong, x);
            Span<double> weighted = batch.AsSpan(batched * stride, stride);
            weighted.Clear();
            AddScaled.To(weighted, Math.Sqrt(wrong * (1 - wrong)), x);
            if (++batched < BatchRows && i + 1 < outcome.Length) continue;
            CrossProduct.Add(batch, batched, stride, information);
            batched = 0;
        }
    }
}
