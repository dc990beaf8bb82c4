using System.Globalization;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Files;

/// <summary>Statistics of rows by pattern as a table, the interchange between machines and engines: a row for each pattern with columns
/// <c>pattern</c> (1 where a column is observed, 0 where missing, in their order), <c>n</c>, <c>mean A</c> for each column, and <c>co B
/// A</c> for each pair in the lower triangle, diagonal included. Cells of missing columns are empty.</summary>
/// <remarks>A pattern may have several rows, which are merged: tables of several parts may be put below each other. The order of rows and
/// columns is free; the columns of the data are in the order of their means.</remarks>
public static class StatisticsFile
{
    private const string Pattern = "pattern", Count = "n", Mean = "mean ", CoMoment = "co ";

    private static readonly string[] s_endings = [".stats.csv", ".stats.csv.gz", ".stats.tsv", ".stats.parquet"];

    /// <summary>How a file of statistics is read: a pattern is text, though it looks like a number; and a cell that is no number is refused
    /// by whoever makes statistics of the table, which says what it should be.</summary>
    public static TableReadOptions ReadOptions { get; } = new() { MixedColumns = [Pattern], OtherColumnsMayMix = true };

    /// <summary>How it is written: cells of missing columns are empty.</summary>
    public static TableWriteOptions WriteOptions { get; } = new() { MissingText = "" };

    /// <summary>Whether a file's name says that it has statistics: it ends in .stats.csv or .stats.parquet.</summary>
    public static bool IsNamed(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return s_endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a table has the columns of such a file.</summary>
    public static bool Is(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.TryGetColumn(Pattern, out _) && table.TryGetColumn(Count, out _)
            && table.Columns.FirstOrDefault(c => c.Name.StartsWith(Mean, StringComparison.Ordinal)) is { } mean
            && table.TryGetColumn(CoMomentOf(mean.Name[Mean.Length..], mean.Name[Mean.Length..]), out _);
    }

    /// <summary>The heading of a column's mean.</summary>
    internal static string MeanOf(string column) => Mean + column;

    /// <summary>The heading of a co-moment.</summary>
    internal static string CoMomentOf(string column, string before) => $"{CoMoment}{column} {before}";

    /// <summary>The headings for these columns of data, in the file's order.</summary>
    /// <exception cref="ImputationDataException">Two would be the same, such as those of the pairs of 'a b' and 'c', and of 'a' and 'b
    /// c'.</exception>
    public static IReadOnlyList<string> Headings(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var headings = new List<string> { Pattern, Count };
        headings.AddRange(columns.Select(MeanOf));
        for (int a = 0; a < columns.Count; a++)
            for (int b = 0; b <= a; b++) headings.Add(CoMomentOf(columns[a], columns[b]));
        if (headings.GroupBy(heading => heading, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ImputationDataException($"Two statistics would be headed '{twice.Key}': the columns {TextFormat.Names(columns)} "
                + "have blanks in their names that make pairs of them alike. Rename one of them.");
        return headings;
    }

    /// <summary>Statistics as such a table.</summary>
    /// <exception cref="ImputationDataException">Names that make two headings the same.</exception>
    public static Table ToTable(PatternStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        IReadOnlyList<string> headings = Headings(statistics.ColumnNames);
        IReadOnlyList<PatternMoments> patterns = statistics.Ordered();
        int p = statistics.ColumnNames.Count;
        var cells = new double[headings.Count - 1][];
        for (int k = 0; k < cells.Length; k++)
        {
            cells[k] = new double[patterns.Count];
            if (k > 0) Array.Fill(cells[k], double.NaN);
        }
        for (int row = 0; row < patterns.Count; row++)
        {
            PatternMoments pattern = patterns[row];
            cells[0][row] = pattern.Weight;
            for (int a = 0; a < pattern.Observed.Length; a++)
            {
                int i = pattern.Observed[a];
                cells[1 + i][row] = pattern.Mean[a];
                for (int b = 0; b <= a; b++) cells[1 + p + i * (i + 1) / 2 + pattern.Observed[b]][row] = pattern.CoMoment(a, b);
            }
        }
        return new Table([TextColumn.Create(Pattern, [.. patterns.Select(statistics.Key)]), .. cells.Select((column, k) =>
            NumericColumn.Create(headings[k + 1], k == 0 ? ColumnKind.Integer : ColumnKind.Number, column,
                MissingMask.Of(column.Length, row => double.IsNaN(column[row]), MissingOrigin.Empty)))]);
    }

    /// <summary>The statistics that a table has.</summary>
    /// <param name="table">The table, read with <see cref="ReadOptions"/> where its source is a file.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <exception cref="ImputationDataException">Not such a table, or numbers that no rows can have; the message gives the file, the row,
    /// the column, the value and a remedy.</exception>
    public static PatternStatistics Of(Table table, string name = "the statistics")
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(name);
        return new StatisticsReader(table, name).Read();
    }

    /// <summary>The statistics of several files, merged.</summary>
    /// <param name="files">Statistics, and the name of the file that they are from.</param>
    /// <exception cref="ImputationDataException">Files of other columns, or in another order; the message names the file.</exception>
    public static PatternStatistics Merge(IReadOnlyList<(string Name, PatternStatistics Statistics)> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (files.Count == 0) throw new ArgumentException("There are no statistics to merge.", nameof(files));
        (string first, PatternStatistics of) = files[0];
        var merged = new PatternStatistics(of.ColumnNames);
        foreach ((string name, PatternStatistics statistics) in files)
        {
            if (!statistics.ColumnNames.SequenceEqual(of.ColumnNames, StringComparer.Ordinal))
                throw new ImputationDataException($"{name} has statistics of {TextFormat.Names(statistics.ColumnNames)}, and {first} of "
                    + $"{TextFormat.Names(of.ColumnNames)}; expected the same columns in the same order. Count the parts again with the "
                    + $"same columns, such as: impute accumulate part.csv --columns {TextFormat.Cut(string.Join(',', of.ColumnNames), 60)} "
                    + "--out part.stats.csv.");
            merged.Merge(statistics);
        }
        return merged;
    }

    /// <summary>Text of a number in messages.</summary>
    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
