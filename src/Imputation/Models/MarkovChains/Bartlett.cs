using Imputation.Numerics.Kernels;
using Imputation.Numerics.Random;

namespace Imputation.Models.MarkovChains;

/// <summary>Wishart and inverse-Wishart matrices by Bartlett's decomposition.</summary>
/// <remarks>Bartlett (1933); Schafer (1997), §5.4.2. TTᵀ is Wishart with ν degrees of freedom and unit scale where T is lower triangular,
/// T_jj² being χ² with ν − j degrees of freedom (j from 0) and the elements below standard normal.</remarks>
internal static class Bartlett
{
    /// <summary>Writes T, column by column, zeros above the diagonal.</summary>
    /// <param name="stream">Random numbers.</param>
    /// <param name="degreesOfFreedom">ν, above <paramref name="order"/> − 1.</param>
    /// <param name="order">Order.</param>
    /// <param name="columns">Receives order × order numbers.</param>
    public static void Draw(ref RandomStream stream, double degreesOfFreedom, int order, Span<double> columns)
    {
        for (int j = 0; j < order; j++)
        {
            Span<double> column = columns.Slice(j * order, order);
            column[..j].Clear();
            column[j] = Math.Sqrt(stream.ChiSquared(degreesOfFreedom - j));
            stream.Normals(column[(j + 1)..]);
        }
    }

    /// <summary>The lower-triangular factor of an inverse-Wishart matrix.</summary>
    /// <remarks>With S = FFᵀ, Σ⁻¹ = F⁻ᵀ UᵀU F⁻¹ is Wishart with scale S⁻¹ where UᵀU is one with unit scale; with U lower triangular,
    /// U_ii² being χ² with ν − (p − 1 − i) degrees of freedom (Bartlett's factor, rows and columns in reverse), Σ has the factor FU⁻¹,
    /// triangular too.</remarks>
    /// <param name="stream">Random numbers.</param>
    /// <param name="degreesOfFreedom">ν, above <paramref name="order"/> − 1.</param>
    /// <param name="order">p.</param>
    /// <param name="factor">F, lower triangle; overwritten with the factor of Σ.</param>
    /// <param name="scratch">Order × order numbers.</param>
    public static void DrawInverse(ref RandomStream stream, double degreesOfFreedom, int order, Span<double> factor, Span<double> scratch)
    {
        for (int i = 0; i < order; i++)
        {
            Span<double> row = scratch.Slice(i * order, order);
            stream.Normals(row[..i]);
            row[i] = Math.Sqrt(stream.ChiSquared(degreesOfFreedom - (order - 1 - i)));
        }

        // X U = F, a row of X from its last element on.
        for (int i = 0; i < order; i++)
        {
            Span<double> x = factor.Slice(i * order, i + 1);
            for (int j = i; j >= 0; j--)
            {
                ReadOnlySpan<double> u = scratch.Slice(j * order, j + 1);
                x[j] /= u[j];
                AddScaled.To(x[..j], -x[j], u[..j]);
            }
        }
    }
}
