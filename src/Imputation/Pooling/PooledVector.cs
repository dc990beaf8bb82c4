using System.Diagnostics;
using System.Globalization;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Pooling;

namespace Imputation;

/// <summary>Several quantities estimated together from m completed tables, pooled by Rubin's rules. Immutable; made by
/// <see cref="Pool.Vectors"/>.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PooledVector
{
    /// <summary>The variance of a coefficient given those before it, relative to its own, below which it counts as a combination of
    /// them.</summary>
    private const double Singular = 1e-13;

    private readonly PooledEstimate[] _coefficients;
    private readonly string[] _names;
    private readonly double[,] _within;
    private readonly double[,] _between;

    internal PooledVector(string[] names, PooledEstimate[] coefficients, double[,] within, double[,] between)
    {
        _names = names;
        _coefficients = coefficients;
        _within = within;
        _between = between;
        Estimates = Array.AsReadOnly(Array.ConvertAll(coefficients, c => c.Estimate));
        Within = new SymmetricMatrix(names, within);
        Between = new SymmetricMatrix(names, between);
        Total = new SymmetricMatrix(names, (j, l) => within[j, l] + (between[j, l] + between[j, l] / ImputationCount));
    }

    /// <summary>Names of the k quantities.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Number of imputations, m.</summary>
    public int ImputationCount => _coefficients[0].ImputationCount;

    /// <summary>Each quantity by itself, in the order of <see cref="Names"/>.</summary>
    public IReadOnlyList<PooledEstimate> Coefficients => _coefficients;

    /// <summary>The quantity of that name (exact, case-sensitive).</summary>
    /// <exception cref="ArgumentException">No such quantity; the message lists those there are.</exception>
    public PooledEstimate this[string name] => _coefficients[IndexOf(name)];

    /// <summary>Means of the estimates.</summary>
    /// <value>k numbers.</value>
    public IReadOnlyList<double> Estimates { get; }

    /// <summary>Covariance within imputations, Ū.</summary>
    /// <value>k × k.</value>
    public SymmetricMatrix Within { get; }

    /// <summary>Covariance between imputations, B, divisor m − 1. Of rank m − 1 at most.</summary>
    /// <value>k × k.</value>
    public SymmetricMatrix Between { get; }

    /// <summary>T = Ū + (1 + 1/m)B.</summary>
    /// <value>k × k.</value>
    public SymmetricMatrix Total { get; }

    /// <summary>D₁: test that all quantities equal their null values, 0 by default.</summary>
    /// <param name="nullValues">k values to test against; by default zeros.</param>
    /// <remarks>
    /// <para>Li, Raghunathan and Rubin (1991): r₁ = (1 + 1/m) tr(B Ū⁻¹) / k, D₁ = (q̄ − q₀)ᵀ Ū⁻¹ (q̄ − q₀) / (k (1 + r₁)) on k and,
    /// with t = k(m − 1) above 4, 4 + (t − 4)(1 + (1 − 2/t) / r₁)² degrees of freedom, otherwise t (1 + 1/k)(1 + 1/r₁)² / 2; with
    /// finite complete-data degrees of freedom those of Reiter (2007).</para>
    /// <para>It takes the fractions of missing information of all quantities for about the same. Reiter's approximation needs t above
    /// 4 and complete-data degrees of freedom above about 4(1 + r₁); without, (k + 1)/2 times Barnard and Rubin's (1999) degrees of
    /// freedom at the average r₁ take their place.</para></remarks>
    /// <exception cref="ArgumentException">A null value that is not a number, or a singular Ū; the message names the quantity.</exception>
    public PooledTest D1(IReadOnlyList<double>? nullValues = null) => D1(_names, nullValues);

    /// <summary>D₁ for some of the quantities.</summary>
    /// <param name="names">Names of k estimates, all different.</param>
    /// <param name="nullValues">k values to test against; by default zeros.</param>
    /// <exception cref="ArgumentException">A name that there is not or twice, a null value that is not a number, or a singular Ū; the
    /// message names the quantity.</exception>
    public PooledTest D1(IReadOnlyList<string> names, IReadOnlyList<double>? nullValues = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        int k = names.Count, m = ImputationCount;
        if (k == 0) throw new ArgumentException("No quantity to test was named.", nameof(names));
        int[] indices = [.. names.Select(IndexOf)];
        if (indices.Distinct().Count() < k) throw new ArgumentException($"A quantity is named twice: {string.Join(", ", names)}.",
            nameof(names));
        if (nullValues is not null && nullValues.Count != k)
            throw new ArgumentException($"There are {nullValues.Count} null values for {k} quantities.", nameof(nullValues));

        var deviations = new double[k];
        for (int j = 0; j < k; j++)
        {
            double expected = nullValues?[j] ?? 0;
            if (!double.IsFinite(expected))
                throw new ArgumentException($"The null value of '{names[j]}' is {Guard.Text(expected)}; expected a finite number.",
                    nameof(nullValues));
            deviations[j] = _coefficients[indices[j]].Estimate - expected;
        }

        // L: Cholesky factor of Ū. tr(B Ū⁻¹) is the trace of L⁻¹ B L⁻ᵀ, and the quadratic form the length of L⁻¹(q̄ − q₀).
        double[] factor = Factored(indices);
        Cholesky.SolveLower(factor, k, k, deviations, 1, 1);
        double[] half = Part(_between, indices);
        Cholesky.SolveLower(factor, k, k, half, k, k);
        double[] turned = new double[k * k];
        for (int j = 0; j < k; j++)
            for (int l = 0; l < k; l++) turned[j * k + l] = half[l * k + j];
        Cholesky.SolveLower(factor, k, k, turned, k, k);
        double trace = 0;
        for (int j = 0; j < k; j++) trace += Math.Max(0, turned[j * k + j]);

        double r = (1 + 1.0 / m) * trace / k;
        double statistic = Dot.Product(deviations, deviations) / (k * (1 + r));
        return new PooledTest(statistic, k, DegreesOfFreedom.SmallSample(m, k, r, _coefficients[0].CompleteDegreesOfFreedom), r);
    }

    private int IndexOf(string name)
    {
        int index = Array.IndexOf(_names, name);
        return index >= 0 ? index : throw new ArgumentException($"There is no quantity '{name}'; there are "
            + $"{string.Join(", ", _names.Select(n => $"'{n}'"))}.", nameof(name));
    }

    /// <summary>The Cholesky factor of Ū of these quantities.</summary>
    /// <exception cref="ArgumentException">It has none; the message names the first quantity that is a combination of those before
    /// it.</exception>
    private double[] Factored(int[] indices)
    {
        int k = indices.Length;
        double[] factor = Part(_within, indices);
        if (Cholesky.Factor(factor, k, k, Singular)) return factor;
        int at = Enumerable.Range(1, k).First(order => !Cholesky.Factor(Part(_within, indices[..order]), order, order, Singular)) - 1;
        string name = _names[indices[at]];
        throw new ArgumentException(_within[indices[at], indices[at]] > 0
            ? $"The average covariance of the estimates is singular: '{name}' is a combination of "
                + $"{string.Join(", ", indices[..at].Select(j => $"'{_names[j]}'"))}. Leave it out of the test."
            : $"The average covariance of the estimates is singular: '{name}' has the variance 0 in every imputation. Leave it out "
                + "of the test.");
    }

    /// <summary>Rows and columns of a matrix, row after row.</summary>
    private static double[] Part(double[,] matrix, int[] indices)
    {
        var part = new double[indices.Length * indices.Length];
        for (int j = 0; j < indices.Length; j++)
            for (int l = 0; l < indices.Length; l++) part[j * indices.Length + l] = matrix[indices[j], indices[l]];
        return part;
    }

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Join(", ", _names.Zip(_coefficients,
        (name, c) => string.Create(CultureInfo.InvariantCulture, $"{name} {c.Estimate:G6} ({c.StandardError:G4})")));
}
