namespace Imputation.Files.Spss;

/// <summary>Makes the variables of a dictionary from their records and what the extensions say about them.</summary>
internal sealed class SpssVariableMaker(SpssExtensions extensions, string file)
{
    private readonly Dictionary<string, string> _names = extensions.Names();
    private readonly Dictionary<string, int> _widths = extensions.Widths();
    private readonly Dictionary<string, SpssRole> _roles = extensions.Roles();
    private readonly Dictionary<string, List<SpssValueLabel>> _labels = extensions.ValueLabels();
    private readonly Dictionary<string, List<string>> _missing = extensions.MissingTexts();
    private readonly Dictionary<(object Set, bool IsText), SpssValueLabel[]> _sets = []; // many variables may share one

    /// <exception cref="ImputationDataException">Two variables have one name, or one has none; or a string's segments are not
    /// there.</exception>
    public SpssVariable[] Make(IReadOnlyList<VariableRecord> records)
    {
        SpssMeasure[] measures = extensions.Measures(records.Count);
        var variables = new List<SpssVariable>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < records.Count;)
        {
            SpssVariable variable = Variable(records[i], i < measures.Length ? measures[i] : SpssMeasure.Unknown);
            if (variable.Name.Length == 0)
                throw new ImputationDataException($"{file}: variable {variables.Count + 1} has no name: the file is damaged.");
            if (!seen.Add(variable.Name))
                throw new ImputationDataException($"{file}: two variables are named '{variable.Name}'; rename one of them.", variable.Name);
            int segments = SpssWidths.SegmentCount(variable.Width);
            for (int k = 0; k < segments; k++)
                if (i + k >= records.Count
                    || (variable.IsText && !IsSegment(records[i + k].Width, SpssWidths.SegmentWidth(variable.Width, k))))
                    throw new ImputationDataException($"{file}: '{variable.Name}' is a string of {variable.Width} bytes, and its segment "
                        + $"{k + 1} of {segments} is missing or of another width: the file is damaged.", variable.Name);
            variables.Add(variable);
            i += segments;
        }
        return [.. variables];
    }

    private static bool IsSegment(int width, int stated) => width > 0 && SpssWidths.ElementCount(width) == SpssWidths.ElementCount(stated);

    private SpssVariable Variable(VariableRecord record, SpssMeasure measure)
    {
        string shortName = extensions.Text(record.Name), name = _names.GetValueOrDefault(shortName, shortName);
        int width = record.Width > 0 && _widths.TryGetValue(shortName, out int wide) ? wide : record.Width;
        if (width > SpssWidths.Longest)
            throw new ImputationDataException($"{file}: '{name}' is a string of {width} bytes, more than {SpssWidths.Longest}: the file is "
                + "damaged.", name);
        var variable = new SpssVariable
        {
            Name = name,
            ShortName = shortName,
            Label = extensions.Text(record.Label),
            Width = width,
            Display = record.Display,
            Measure = measure,
            Role = _roles.TryGetValue(name, out SpssRole role) ? role : null,
            FirstElement = record.FirstElement,
        };
        return width > 8
            ? variable with { ValueLabels = _labels.GetValueOrDefault(name, []), MissingTexts = _missing.GetValueOrDefault(name, []) }
            : variable.IsText
            ? variable with
            {
                ValueLabels = Labels(record, value => extensions.Text(value)),
                MissingTexts = [.. Eights(record).Select(extensions.Text)],
            }
            : variable with
            {
                ValueLabels = Labels(record, value => extensions.Number(value.Span)),
                MissingRanges = Ranges(record),
            };
    }

    private SpssValueLabel[] Labels(VariableRecord record, Func<ReadOnlyMemory<byte>, object> value)
    {
        if (_sets.TryGetValue((record.Labels, record.Width > 0), out SpssValueLabel[]? made)) return made;
        made = [.. record.Labels.Select(label => new SpssValueLabel(value(label.Value), extensions.Text(label.Label)))];
        _sets.Add((record.Labels, record.Width > 0), made);
        return made;
    }

    private List<SpssRange> Ranges(VariableRecord record)
    {
        double[] values = [.. Eights(record).Select(value => extensions.Number(value.Span))];
        var ranges = new List<SpssRange>();
        if (record.MissingCount < 0)
            ranges.Add(new SpssRange(values[0] <= extensions.Lowest ? double.NegativeInfinity : values[0],
                values[1] >= extensions.Highest ? double.PositiveInfinity : values[1]));
        foreach (double code in values.AsSpan(record.MissingCount < 0 ? 2 : 0)) ranges.Add(new SpssRange(code, code));
        return ranges;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Eights(VariableRecord record) =>
        Enumerable.Range(0, Math.Abs(record.MissingCount)).Select(i => record.Missing.Slice(8 * i, 8));
}
