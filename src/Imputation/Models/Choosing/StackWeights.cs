using Imputation.Models.Stack;

namespace Imputation.Models.Choosing;

/// <summary>By what weights the predictions of several models are combined, column by column, and how far off such combinations
/// are.</summary>
/// <remarks>Stacking (Wolpert 1992; Breiman 1996): weights of at least 0 that add up to 1, with the least squared error on hidden cells.
/// Few cells cannot tell models that are close: the weights of a column are drawn towards those of all columns together, and these towards
/// a half for the simplest model and the other half in equal parts for all, as by normal priors whose standard deviations are 1/(2M) and
/// 1/M for each of M weights. Of 300 masked tables of numbers 22 were more than 1 % further off than with the simplest model, where equal
/// weights in its place left 37, for 0.5 % of the mean error.</remarks>
internal sealed class StackWeights
{
    /// <summary>A weight below which a model is not worth a fit.</summary>
    private const double Least = 0.02;

    /// <summary>Inverse variances of the priors, in units of M².</summary>
    private const double Overall = 1, InColumns = 4;

    /// <summary>Parts of the rows of which each is predicted by the weights of the others.</summary>
    private const int Folds = 5;

    private readonly IReadOnlyList<CellLosses> _models;
    private readonly string[] _columns;

    private StackWeights(IReadOnlyList<CellLosses> models, string[] columns) => (_models, _columns) = (models, columns);

    /// <summary>Of what the models lost on the same cells; null where they have none in common.</summary>
    public static StackWeights? Of(IReadOnlyList<CellLosses> models)
    {
        string[] columns = [.. models[0].Columns.Where(c => models.All(m => m.Columns.TryGetValue(c.Key, out ColumnLosses? other)
            && other.Width == c.Value.Width && other.Keys.SequenceEqual(c.Value.Keys))).Select(c => c.Key)];
        return columns.Length == 0 ? null : new StackWeights(models, columns);
    }

    /// <summary>The weights, from all hidden cells, of the models that are worth a fit.</summary>
    /// <param name="models">Which these are.</param>
    public ColumnWeights Fit(out int[] models)
    {
        ColumnWeights all = Fit(_ => true);
        models = [.. Enumerable.Range(0, _models.Count).Where(m => all.Overall[m] >= Least
            || all.Columns.Values.Any(w => w[m] >= Least))];
        return all.Only(models);
    }

    /// <summary>The candidate with its errors on cells that the weights were not fitted to.</summary>
    public ModelCandidate Describe(ModelCandidate candidate)
    {
        var squares = new Dictionary<string, double>();
        for (int fold = 0; fold < Folds; fold++)
        {
            ColumnWeights others = Fit(row => row % Folds != fold);
            foreach (string column in _columns)
            {
                double[,] products = Products(column, row => row % Folds == fold, out _);
                squares[column] = squares.GetValueOrDefault(column) + Form(products, others.Of(column));
            }
        }
        IReadOnlyDictionary<string, ColumnLosses> first = _models[0].Columns;
        double Mean(bool category) => _columns.Where(c => first[c].IsCategory == category)
            .Select(c => squares[c] / first[c].Keys.Count).DefaultIfEmpty(double.NaN).Average();
        return candidate with
        {
            NumberError = Math.Sqrt(Mean(category: false)),
            BrierScore = Mean(category: true),
            SquaredError = _columns.Average(c => squares[c] / first[c].SquaredBaseline),
        };
    }

    private ColumnWeights Fit(Func<int, bool> rows)
    {
        int m = _models.Count;
        double[] center = [.. Enumerable.Range(0, m).Select(i => (i == 0 ? 0.5 : 0) + 0.5 / m)];
        var together = new double[m, m];
        int all = 0;
        var own = new Dictionary<string, (double[,] Products, int Count)>();
        foreach (string column in _columns)
        {
            double[,] products = Products(column, rows, out int count);
            if (count == 0) continue;
            own[column] = (products, count);
            all += count;
            // Every column counts by its cells, and not by how well it can be predicted.
            double unit = LeastError(products, count);
            for (int i = 0; i < m; i++)
                for (int j = 0; j < m; j++) together[i, j] += unit > 0 ? products[i, j] / unit : 0;
        }
        double[] overall = LeastSquares(together, all, center, Overall);
        return new ColumnWeights(overall,
            own.ToDictionary(c => c.Key, c => LeastSquares(c.Value.Products, c.Value.Count, overall, InColumns)));
    }

    /// <summary>Sums over cells of products of two models' residuals.</summary>
    private double[,] Products(string column, Func<int, bool> rows, out int count)
    {
        ColumnLosses[] cells = [.. _models.Select(m => m.Columns[column])];
        int m = cells.Length, width = cells[0].Width;
        var products = new double[m, m];
        count = 0;
        for (int c = 0; c < cells[0].Keys.Count; c++)
        {
            if (!rows(cells[0].Keys[c].Row)) continue;
            count++;
            for (int i = 0; i < m; i++)
                for (int j = 0; j <= i; j++)
                    for (int k = c * width; k < (c + 1) * width; k++) products[i, j] += cells[i].Residuals[k] * cells[j].Residuals[k];
        }
        for (int i = 0; i < m; i++)
            for (int j = 0; j < i; j++) products[j, i] = products[i, j];
        return products;
    }

    /// <summary>Minimises wᵀRw + ρ|w − c|² over weights w of at least 0 that add up to 1, ρ = σ²M² times the prior's, by moving
    /// weight between two of them at a time.</summary>
    /// <param name="products">R.</param>
    /// <param name="count">Number of cells.</param>
    /// <param name="center">c.</param>
    /// <param name="prior">Inverse variance of each weight about c, in units of M².</param>
    private static double[] LeastSquares(double[,] products, int count, double[] center, double prior)
    {
        int m = center.Length;
        double ridge = prior * LeastError(products, count) * m * m;
        double[] w = (double[])center.Clone();
        double most = 1;
        for (int sweep = 0; sweep < 1000 && most > 1e-12; sweep++)
        {
            most = 0;
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    double slope = ridge * (w[i] - center[i] - w[j] + center[j]);
                    for (int k = 0; k < m; k++) slope += (products[i, k] - products[j, k]) * w[k];
                    double curvature = products[i, i] - 2 * products[i, j] + products[j, j] + 2 * ridge;
                    if (!(curvature > 0)) continue;
                    double move = Math.Clamp(-slope / curvature, -w[i], w[j]);
                    w[i] += move;
                    w[j] -= move;
                    most = Math.Max(most, Math.Abs(move));
                }
            }
        }
        return w;
    }

    /// <summary>The mean squared residual of the best model.</summary>
    private static double LeastError(double[,] products, int count) => count == 0 ? 0
        : Enumerable.Range(0, products.GetLength(0)).Min(m => products[m, m]) / count;

    private static double Form(double[,] products, double[] w)
    {
        double sum = 0;
        for (int i = 0; i < w.Length; i++)
            for (int j = 0; j < w.Length; j++) sum += w[i] * products[i, j] * w[j];
        return sum;
    }
}
