using System.Globalization;

namespace Imputation.Tests.Shared;

/// <summary>The claim about EM above all others: no iteration lowers the objective.</summary>
public static class Monotonicity
{
    /// <summary>The first decrease beyond rounding, in words; null where there is none. A decrease by 1e-10 of the objective's size is
    /// rounding.</summary>
    public static string? FirstDecrease(IReadOnlyList<double> objectives)
    {
        for (int k = 1; k < objectives.Count; k++)
        {
            double before = objectives[k - 1], after = objectives[k];
            if (!(after >= before - 1e-10 * Math.Max(1, Math.Abs(before))))
                return string.Create(CultureInfo.InvariantCulture,
                    $"iteration {k}: {before:R}, iteration {k + 1}: {after:R}, lower by {before - after:R}");
        }
        return null;
    }
}
