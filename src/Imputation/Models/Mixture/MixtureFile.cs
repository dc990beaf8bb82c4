namespace Imputation.Models.Mixture;

/// <summary>The parameters of a mixture in a model file: weights (k), means (k × p) and covariances (k × p × p) of the numeric columns,
/// and for each category its levels and their probabilities (k × levels); in the units of the data.</summary>
internal static class MixtureFile
{
    public static IReadOnlyList<ModelParameter> Write(NormalMixtureFit fit, double[] weights, double[][] means, double[][,] covariances,
        double[][] levels)
    {
        MixtureLayout layout = fit.Layout;
        int k = weights.Length;
        var parameters = new List<ModelParameter> { new("weights", weights) };
        if (layout.NumberCount > 0)
            parameters.AddRange(
            [
                new("shape", fit.Shape.ToString().ToLowerInvariant()), new("numbers", fit.Numbers.ToArray()), new("means", Rows(means)),
                new("covariances", covariances),
            ]);
        if (layout.CategoryCount > 0)
        {
            var texts = new List<ModelParameter>();
            var probabilities = new List<ModelParameter>();
            for (int j = 0; j < fit.Columns.Count; j++)
            {
                if (layout.Levels[j] is not { } own) continue;
                int start = layout.Starts[layout.Place[j]], count = own.Levels.Count;
                texts.Add(new ModelParameter(fit.Columns[j], own.Levels.ToArray()));
                probabilities.Add(new ModelParameter(fit.Columns[j], Rows([.. levels.Select(l => l[start..(start + count)])])));
            }
            parameters.AddRange([new("levels", texts), new("probabilities", probabilities)]);
        }
        if (fit.Report.ParameterCount > 0) parameters.AddRange([new("icl", fit.Icl), new("entropy", fit.Entropy)]);
        return parameters;
    }

    /// <summary>Makes a fit from the parameters of a model file.</summary>
    /// <exception cref="ImputationDataException">A member that is not as it should be.</exception>
    public static NormalMixtureFit Read(IParameterReader file, FitReport report, bool classes)
    {
        IParameterReader? texts = file.Has("levels") ? file.Part("levels") : null;
        var layout = new MixtureLayout([.. file.Columns.Select(name => texts?.Has(name) == true
            ? new MixtureLevels(Levels(texts, name), false) : null)]);
        double[] weights = file.Vector("weights");
        int k = weights.Length, p = layout.NumberCount;
        Require(k > 0 && Array.TrueForAll(weights, w => w >= 0) && Math.Abs(weights.Sum() - 1) < 1e-6, "weights",
            "must be shares that add up to 1");
        Require(!classes || p == 0, "levels", "has not all columns, and latent classes are of categories only");
        double[,] means = p == 0 ? new double[k, 0] : file.Matrix("means", k, p);
        double[][,] covariances = p == 0 ? [.. weights.Select(_ => new double[0, 0])] : file.Symmetric("covariances", k, p);
        double[][] levels = [.. weights.Select(_ => new double[layout.SlotCount])];
        for (int j = 0; j < file.Columns.Count; j++)
        {
            if (layout.Levels[j] is not { } own) continue;
            double[,] given = file.Part("probabilities").Matrix(file.Columns[j], k, own.Levels.Count);
            int start = layout.Starts[layout.Place[j]];
            for (int c = 0; c < k; c++)
            {
                double sum = 0;
                for (int l = 0; l < own.Levels.Count; l++)
                {
                    sum += levels[c][start + l] = given[c, l];
                    Require(given[c, l] >= 0, "probabilities", $"has one below 0 for '{file.Columns[j]}'");
                }
                Require(Math.Abs(sum - 1) < 1e-6, "probabilities", $"of '{file.Columns[j]}' do not add up to 1");
                levels[c][start + own.Levels.Count] = 1;
            }
        }
        return new NormalMixtureFit(layout, weights, [.. Enumerable.Range(0, k).Select(c => Row(means, c))], covariances, levels)
        {
            Columns = file.Columns,
            Report = report,
            Shape = file.Has("shape") && Enum.TryParse(file.Text("shape"), ignoreCase: true, out MixtureShape shape) ? shape
                : MixtureShape.Full,
            Entropy = file.Has("entropy") ? file.Number("entropy") : double.NaN,
            IsClasses = classes,
        };
    }

    private static string[] Levels(IParameterReader texts, string column)
    {
        string[] levels = texts.Texts(column);
        Require(levels.Length > 0 && levels.Distinct().Count() == levels.Length, "levels", $"of '{column}' are not different");
        return levels;
    }

    private static double[,] Rows(double[][] rows)
    {
        var matrix = new double[rows.Length, rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < rows[i].Length; j++) matrix[i, j] = rows[i][j];
        return matrix;
    }

    private static double[] Row(double[,] matrix, int i) => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(j => matrix[i, j])];

    private static void Require(bool holds, string name, string what)
    {
        if (!holds) throw new ImputationDataException($"The model file's '{name}' {what}.");
    }
}
