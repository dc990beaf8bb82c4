using System.Globalization;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Files;

/// <summary>Reads a table of statistics and refuses what no rows can have.</summary>
internal sealed class StatisticsReader
{
    private const string CountAgain = "Count the rows again with impute accumulate, or with the statement of impute sql statistics.";

    private readonly Table _table;
    private readonly string _file;
    private readonly string[] _columns;
    private readonly Column _patterns;
    private readonly Cells _counts;
    private readonly Cells[] _means;
    private readonly Cells[] _coMoments; // the lower triangle by rows

    /// <summary>A column and its numbers, NaN where empty.</summary>
    private sealed record Cells(Column Column, double[] Numbers)
    {
        public double this[int row] => Numbers[row];

        public string Name => Column.Name;
    }

    public StatisticsReader(Table table, string file)
    {
        (_table, _file) = (table, file);
        _columns = [.. table.Columns.Where(c => c.Name.StartsWith(StatisticsFile.MeanOf(""), StringComparison.Ordinal))
            .Select(c => c.Name[StatisticsFile.MeanOf("").Length..])];
        IReadOnlyList<string> headings = StatisticsFile.Headings(_columns);
        if (_columns.Length == 0)
            throw new ImputationDataException($"{file} has no column of means ('mean age'); expected pattern, n, means and co-moments. It "
                + $"has {TextFormat.Names(table.Columns.Select(c => c.Name))}. {CountAgain}");
        if (table.Columns.FirstOrDefault(c => !headings.Contains(c.Name)) is { } unknown)
            throw new ImputationDataException($"{file}: column '{unknown.Name}' is none of the statistics of "
                + $"{TextFormat.Names(_columns)}. Remove it, or count again: a co-moment without its mean is of no use.", unknown.Name);
        _patterns = Found(headings[0]);
        _counts = Numbers(headings[1]);
        int p = _columns.Length;
        _means = [.. headings.Skip(2).Take(p).Select(Numbers)];
        _coMoments = [.. headings.Skip(2 + p).Select(Numbers)];
    }

    public PatternStatistics Read()
    {
        var statistics = new PatternStatistics(_columns);
        for (int row = 0; row < _table.RowCount; row++) statistics.Merge(Row(row));
        return statistics;
    }

    private PatternMoments Row(int row)
    {
        string pattern = PatternAt(row);
        int[] observed = PatternStatistics.ObservedIn(pattern);
        var means = new double[observed.Length];
        var coMoments = new List<double>(observed.Length * (observed.Length + 1) / 2);
        for (int i = 0, a = 0, k = 0; i < _columns.Length; i++)
        {
            bool has = pattern[i] == '1';
            double mean = Cell(_means[i], row, pattern, has, _columns[i]);
            if (has) means[a++] = mean;
            for (int j = 0; j <= i; j++, k++)
            {
                bool both = has && pattern[j] == '1';
                double c = Cell(_coMoments[k], row, pattern, both, has ? _columns[j] : _columns[i]);
                if (both) coMoments.Add(c);
            }
        }
        PatternMoments moments = PatternStatistics.Make(observed, CountAt(row), means, coMoments);
        if (MomentFault.Of(moments) is not { } fault) return moments;
        string? heading = fault.First < 0 ? null : fault.Second < 0 ? StatisticsFile.MeanOf(_columns[fault.First])
            : StatisticsFile.CoMomentOf(_columns[fault.First], _columns[fault.Second]);
        throw Refused(heading, row, fault.First < 0 ? $"pattern {pattern}: {fault.Why}" : fault.Why);
    }

    private string PatternAt(int row)
    {
        object? value = _patterns.Value(row);
        // Digits without leading zeros are read as a number, which a double holds up to 16 digits.
        string text = value switch
        {
            null => throw Refused(_patterns.Name, row, $"the cell is missing; expected {_columns.Length} characters 1 or 0."),
            string given => given.Trim(),
            IFormattable number => number.ToString("0", CultureInfo.InvariantCulture).PadLeft(_columns.Length, '0'),
            _ => $"{value}",
        };
        return text.Length == _columns.Length && text.All(c => c is '0' or '1') ? text : throw Refused(_patterns.Name, row,
            $"'{TextFormat.Cut(text)}'; expected {_columns.Length} characters 1 or 0, one for each of {TextFormat.Names(_columns)}.");
    }

    private long CountAt(int row)
    {
        double n = _counts[row];
        if (double.IsNaN(n)) throw Refused(_counts.Name, row, "the cell is missing or NaN; expected a number of rows.");
        return n >= 1 && n <= NumericColumn.LargestInteger && Math.Floor(n) == n ? (long)n : throw Refused(_counts.Name, row,
            $"{StatisticsFile.Text(n)}; expected a whole number of rows, 1 or more. Weighted rows cannot be counted.");
    }

    /// <summary>A cell that the pattern says to be filled or empty.</summary>
    private double Cell(Cells cells, int row, string pattern, bool filled, string column)
    {
        double value = cells[row];
        MissingOrigin? origin = cells.Column.Mask.Origin(row);
        if (origin is { Kind: MissingKind.NotANumber })
            throw Refused(cells.Name, row, $"NaN; expected {(filled ? "a number" : "an empty cell")}. A missing value must be NULL before "
                + "it is counted.");
        if (filled && double.IsNaN(value))
            throw Refused(cells.Name, row, $"the cell is empty, but pattern {pattern} has 1 for '{column}'; expected a number.");
        if (!filled && !double.IsNaN(value))
            throw Refused(cells.Name, row, $"{StatisticsFile.Text(value)}, but pattern {pattern} has 0 for '{column}'; expected an empty "
                + "cell.");
        return value;
    }

    private Column Found(string heading) => _table.TryGetColumn(heading, out Column? column) ? column : throw new ImputationDataException(
        $"{_file} has no column '{heading}'; statistics of {TextFormat.Names(_columns)} need it. {CountAgain}", heading);

    /// <summary>The numbers of a column, which may have been read as text where it is empty, or has digits beyond 2⁵³.</summary>
    private Cells Numbers(string heading)
    {
        Column column = Found(heading);
        if (column is NumericColumn numeric) return new Cells(column, numeric.Array);
        var numbers = new double[column.Count];
        for (int row = 0; row < numbers.Length; row++)
        {
            if (column.Value(row) is not { } value) numbers[row] = double.NaN;
            else if (!double.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), NumberStyles.Float,
                CultureInfo.InvariantCulture, out numbers[row]) || !double.IsFinite(numbers[row]))
                throw Refused(heading, row, $"'{TextFormat.Cut($"{value}")}' is not a finite number.");
        }
        return new Cells(column, numbers);
    }

    private ImputationDataException Refused(string? heading, int row, string why) => new(
        $"{_file}, {(heading is null ? "" : $"column '{heading}', ")}row {row + 1}: {why} {CountAgain}", heading, row + 1);
}
