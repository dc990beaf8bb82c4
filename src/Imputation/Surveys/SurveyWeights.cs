using System.Globalization;
using Imputation.Text;

namespace Imputation.Surveys;

/// <summary>The weights of a survey's rows, as its codebook declares them.</summary>
internal static class SurveyWeights
{
    /// <summary>The table with the weights of its rows, their sum scaled to the number of rows; the same where no weight is
    /// declared.</summary>
    /// <exception cref="ImputationDataException">Two weights are declared, or one that weighs nothing.</exception>
    public static Table Apply(Table table, Codebook codebook, List<Finding> findings)
    {
        string[] declared = [.. codebook.Fields.Where(f => f.Measure == Measure.Weight && table.TryGetColumn(f.Name, out _))
            .Select(f => f.Name)];
        if (declared.Length == 0) return table;
        if (declared.Length > 1)
            throw new ImputationDataException($"{TextFormat.Names(declared)} are all declared to be weights, and rows have one weight: "
                + "declare one, and the others as passThrough.", declared[1]);
        string name = declared[0];
        if (table[name] is not NumericColumn column)
            throw new ImputationDataException($"Column '{name}' is declared to be the weight of rows, and is "
                + $"{table[name].Kind.ToString().ToLowerInvariant()}; expected numbers.", name);

        var weights = new double[column.Count];
        double sum = 0, squares = 0;
        int without = 0, first = -1;
        for (int row = 0; row < weights.Length; row++)
        {
            double weight = column[row];
            if (!(weight >= 0))
            {
                if (without++ == 0) first = row;
                continue;
            }
            weights[row] = weight;
            sum += weight;
            squares += weight * weight;
        }
        if (!(sum > 0) || !double.IsFinite(squares))
            throw new ImputationDataException($"The weights in '{name}' {(sum > 0 ? "are too large" : "are all 0 or missing")}: "
                + "expected positive numbers.", name);
        for (int row = 0; row < weights.Length; row++) weights[row] *= weights.Length / sum;

        findings.Add(new Finding(FindingSeverity.Note, "weighted", string.Create(CultureInfo.InvariantCulture,
            $"Rows are weighted by '{name}': the estimates maximise a weighted log-likelihood, with weights scaled to a sum of "
                + $"{weights.Length:N0}; they say as much as {sum * sum / squares:N0} rows of equal weight would (Kish)."), [name],
            "Strata and clusters are not taken into account: for standard errors that allow for them, take completed tables to a program "
            + "for surveys."));
        if (without > 0)
            findings.Add(new Finding(FindingSeverity.Warning, "weights-missing",
                $"{TextFormat.Count(without, "row has", "rows have")} no weight, or a negative one, in '{name}'; the first is row "
                    + $"{first + 1}. {(without == 1 ? "It does" : "They do")} not count in the estimates; "
                    + $"{(without == 1 ? "its" : "their")} missing cells are filled all the same.", [name], "Give these rows a weight."));
        return table.Weighted(weights);
    }
}
