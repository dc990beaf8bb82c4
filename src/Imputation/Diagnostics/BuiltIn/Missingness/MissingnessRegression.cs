using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Statistics;

namespace Imputation.Diagnostics.BuiltIn.Missingness;

/// <summary>The missingness of one column regressed on other columns.</summary>
/// <param name="Missing">Rows looked at in which the column is missing.</param>
/// <param name="Observed">Those in which it is observed.</param>
/// <param name="Predictors">Indices of the predictors that took part.</param>
/// <param name="Collinear">Indices of predictors left out because others determine them.</param>
/// <param name="Unseen">Indices of predictors left out because they are themselves filled in most rows in which the column is
/// missing.</param>
/// <param name="Fit">The regression; null where there is none.</param>
internal sealed record MissingnessRegression(int Missing, int Observed, int[] Predictors, int[] Collinear, int[] Unseen,
    LogisticRegression? Fit)
{
    /// <summary>Smallest variance of a predictor given those before it that still counts.</summary>
    private const double Independent = 1e-8;

    /// <summary>Rows of the rarer outcome for each predictor below which the likelihood-ratio test finds too much (Peduzzi et al.
    /// 1996).</summary>
    public const int EventsPerPredictor = 10;

    /// <summary>Rows of the rarer outcome from which on a partial separation is evidence. With fewer, a rare category is told apart
    /// by chance too often; a complete one hardly ever is: of all ways to choose m of n rows a single predictor separates
    /// two.</summary>
    private const int ClearlySeparated = 50;

    /// <summary>Deviance of the intercept alone.</summary>
    public double NullDeviance => LogisticRegression.NullDeviance(Missing, Observed);

    /// <summary>Likelihood-ratio statistic against the intercept alone.</summary>
    public double Statistic => Fit is null ? double.NaN : Math.Max(0, NullDeviance - Fit.Deviance);

    /// <summary>log of its p-value.</summary>
    public double LogP => Fit is null ? double.NaN : TailProbability.LogChiSquared(Statistic, Predictors.Length);

    /// <summary>Whether there is quasi-complete separation with too few rows to be evidence.</summary>
    public bool MayBeChance => Fit is { Separation: Separation.Quasi } && Math.Min(Missing, Observed) < ClearlySeparated;

    /// <summary>log of the p-value that goes into the adjustment: that of a separation that may be chance counts as 1.</summary>
    public double ClaimedLogP => MayBeChance ? 0 : LogP;

    /// <summary>Fits.</summary>
    /// <param name="columns">Predictors, each its value in each row, standardised.</param>
    /// <param name="filled">For each predictor, whether it is filled in a row.</param>
    /// <param name="candidates">Indices of the predictors to use, those to prefer first.</param>
    /// <param name="missing">Whether the column is missing in a row.</param>
    /// <param name="most">Predictors used at most.</param>
    /// <param name="cancellation">Cancels.</param>
    public static MissingnessRegression Of(double[][] columns, Func<int, int, bool> filled, int[] candidates, bool[] missing, int most,
        CancellationToken cancellation)
    {
        int n = missing.Length, ones = missing.Count(m => m);
        if (ones == 0 || ones == n) return new MissingnessRegression(ones, n - ones, [], [], [], null);
        int[] unseen = 2 * ones <= n ? [] : Array.FindAll(candidates, c =>
        {
            int count = 0;
            for (int i = 0; i < n; i++)
                if (missing[i] && filled(c, i)) count++;
            return 2 * count > ones;
        });
        int[] seen = [.. candidates.Except(unseen)];
        (int[] predictors, int[] collinear) = Select(columns, seen, most);
        if (predictors.Length == 0) return new MissingnessRegression(ones, n - ones, [], collinear, unseen, null);
        int stride = CrossProduct.Stride(predictors.Length + 1);
        var rows = new double[n * stride];
        for (int i = 0; i < n; i++)
        {
            rows[i * stride] = 1;
            for (int a = 0; a < predictors.Length; a++) rows[i * stride + a + 1] = columns[predictors[a]][i];
        }
        return new MissingnessRegression(ones, n - ones, predictors, collinear, unseen, LogisticRegression.Fit(rows, predictors.Length + 1,
            missing, cancellation));
    }

    /// <summary>Takes the predictors in turn and leaves out those that the ones before them determine: the rows of a Cholesky factor
    /// of their correlations, without those whose pivot is nothing; until there are enough.</summary>
    private static (int[] Independent, int[] Collinear) Select(double[][] columns, int[] candidates, int most)
    {
        var kept = new List<int>();
        var left = new List<int>();
        int stride = Math.Min(most, candidates.Length) + 1;
        var factor = new double[stride * stride];
        foreach (int c in candidates)
        {
            int k = kept.Count;
            if (k >= most) break;
            double total = Dot.Product(columns[c], columns[c]);
            Span<double> row = factor.AsSpan(k * stride, k + 1);
            for (int a = 0; a < k; a++)
                row[a] = (Dot.Product(columns[kept[a]], columns[c]) - Dot.Product(factor.AsSpan(a * stride, a),
                    row[..a])) / factor[a * stride + a];
            double pivot = total - Dot.Product(row[..k], row[..k]);
            if (total > 0 && pivot > Independent * total)
            {
                row[k] = Math.Sqrt(pivot);
                kept.Add(c);
            }
            else left.Add(c);
        }
        return ([.. kept.Order()], [.. left]);
    }
}
