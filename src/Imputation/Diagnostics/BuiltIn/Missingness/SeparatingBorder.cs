using System.Globalization;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Missingness;

/// <summary>A border of one predictor beyond which a column is always, or never, missing: what a questionnaire's skip rule leaves
/// behind.</summary>
/// <param name="Predictor">Index of the predictor.</param>
/// <param name="Always">Whether the column is always missing there; otherwise never.</param>
/// <param name="IsHigh">Whether there means from the border on; otherwise up to it.</param>
/// <param name="Border">The value nearest to the others.</param>
/// <param name="Rows">Rows there.</param>
/// <param name="Share">Their share of the rows of their kind, missing or observed: 1 where the rule is exact.</param>
internal sealed record SeparatingBorder(int Predictor, bool Always, bool IsHigh, double Border, int Rows, double Share)
{
    /// <summary>The rule that explains the largest share of its kind, if one explains half of it.</summary>
    /// <param name="predictors">Indices of predictors.</param>
    /// <param name="value">The value of a predictor in a row.</param>
    /// <param name="missing">Whether the column is missing in a row.</param>
    public static SeparatingBorder? Find(int[] predictors, Func<int, int, double> value, bool[] missing)
    {
        SeparatingBorder? best = null;
        foreach (int j in predictors)
        {
            double[] there = [.. missing.Index().Where(r => r.Item).Select(r => value(j, r.Index))],
                here = [.. missing.Index().Where(r => !r.Item).Select(r => value(j, r.Index))];
            foreach (bool always in new[] { true, false })
            {
                (double[] own, double[] others) = always ? (there, here) : (here, there);
                if (own.Length == 0 || others.Length == 0) continue;
                double highest = others.Max(), lowest = others.Min();
                double[] above = Array.FindAll(own, x => x > highest), below = Array.FindAll(own, x => x < lowest);
                bool high = above.Length >= below.Length;
                double[] apart = high ? above : below;
                double share = (double)apart.Length / own.Length;
                if (share >= 0.5 && share > (best?.Share ?? 0))
                    best = new SeparatingBorder(j, always, high, high ? apart.Min() : apart.Max(), apart.Length, share);
            }
        }
        return best;
    }

    /// <summary>The rule as a sentence without its end.</summary>
    public string Says(string column, Contrast predictor)
    {
        string name = predictor.Number.Name, where = predictor.IsIndicator ? $"{(IsHigh ? "" : "not ")}{name}"
            : $"'{name}' is {(IsHigh ? "high" : "low")}", border = predictor.IsIndicator ? "" : string.Create(CultureInfo.InvariantCulture,
            $"{(IsHigh ? "from" : "up to")} {TextFormat.Number(Border, 3)}{(IsHigh ? " on" : "")}: ");
        return $"'{column}' is {(Always ? "always" : "never")} missing where {where} ({border}{TextFormat.Count(Rows, "row")}"
            + $"{(Share == 1 ? Always ? ", and in no other" : ", and always elsewhere" : "")})";
    }
}
