namespace Imputation.Models.LatentNormal;

/// <summary>Margins as parameters of a model file: for column j the members <c>margin-j</c> (its kind) and <c>margin-j-NAME</c>.</summary>
internal static class MarginFile
{
    /// <summary>The parameters of all margins.</summary>
    public static IEnumerable<ModelParameter> Write(IReadOnlyList<Margin> margins)
    {
        for (int j = 0; j < margins.Count; j++)
        {
            yield return new ModelParameter($"margin-{j}", margins[j].Kind);
            foreach ((string name, object value) in margins[j].Parameters) yield return new ModelParameter($"margin-{j}-{name}", value);
        }
    }

    /// <summary>The margins from them.</summary>
    /// <exception cref="ImputationDataException">A member that is not as it should be.</exception>
    public static Margin[] Read(IParameterReader file) => [.. Enumerable.Range(0, file.Columns.Count).Select(j => Read(file, j))];

    private static Margin Read(IParameterReader file, int j)
    {
        string Name(string part) => $"margin-{j}-{part}";
        double[] Vector(string part, int length) => file.Vector(Name(part), length);
        switch (file.Text($"margin-{j}"))
        {
            case IdentityMargin.Name:
                double[] location = Vector("location", 2);
                Require(location[1] > 0, Name("location"), "has a scale that is not greater than 0");
                return new IdentityMargin(location[0], location[1]);
            case NumberMargin.Name:
                double[] values = file.Vector(Name("values")), lower = Vector("lower", values.Length),
                    upper = Vector("upper", values.Length);
                Require(values.Length > 1 && IsAscending(values), Name("values"), "does not ascend");
                for (int k = 0; k < values.Length; k++)
                    Require(lower[k] <= upper[k] && (k == 0 || upper[k - 1] <= lower[k]), Name("lower"),
                        "and the upper ends do not ascend");
                return new NumberMargin(values, LevelMath.Read(lower), LevelMath.Read(upper));
            case OrderedMargin.Name:
                string[] levels = Levels(Name("levels"));
                double[] thresholds = Vector("thresholds", levels.Length - 1);
                Require(IsAscending(thresholds), Name("thresholds"), "does not ascend");
                return new OrderedMargin(levels, thresholds, file.Text(Name("order")) == "ordered");
            case NominalMargin.Name:
                string[] names = Levels(Name("levels"));
                int[] latents = Array.ConvertAll(Vector("latents", names.Length), x => (int)x);
                Require(Array.TrueForAll(latents, k => k >= -1 && k < names.Length), Name("latents"), "has a number out of range");
                return new NominalMargin(names, latents, Vector("shares", names.Length), Vector("thresholds", latents.Max() + 1));
            case var kind:
                throw new ImputationDataException($"The model file's 'margin-{j}' is '{kind}', expected {IdentityMargin.Name}, "
                    + $"{NumberMargin.Name}, {OrderedMargin.Name} or {NominalMargin.Name}.");
        }

        string[] Levels(string name)
        {
            string[] levels = file.Texts(name);
            Require(levels.Length > 1 && levels.Distinct().Count() == levels.Length, name, "must have two or more different levels");
            return levels;
        }
    }

    private static bool IsAscending(double[] x)
    {
        for (int k = 1; k < x.Length; k++)
            if (!(x[k] > x[k - 1])) return false;
        return true;
    }

    private static void Require(bool holds, string name, string what)
    {
        if (!holds) throw new ImputationDataException($"The model file's '{name}' {what}.");
    }
}
