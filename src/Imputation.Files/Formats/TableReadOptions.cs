using System.Text;
using Imputation.Data;
using Imputation.Files.Formats;
using Imputation.Text;

namespace Imputation.Files;

/// <summary>How a table is read from a file.</summary>
public sealed record TableReadOptions
{
    /// <summary>The default options.</summary>
    public static TableReadOptions Default { get; } = new();

    /// <summary>Default missing marks, case-insensitive; an empty cell is missing too.</summary>
    /// <remarks>A quoted one of these is missing in a numeric column and text in a text column.</remarks>
    public static IReadOnlyList<string> DefaultMissingMarkers { get; } = ["NA", "N/A", "#N/A", "<NA>", "NaN", "null", ".", "?"];

    /// <summary>Additional missing marks for all columns: a number is compared by value (−99 equals −99.0);
    /// any other text is compared case-insensitively, quoted or not. Default none.</summary>
    public IReadOnlyList<string> MissingMarkers { get; init; } = [];

    /// <summary>Additional missing marks by column name; each column must be in the file. A name may be a pattern (<c>q*</c>) or a range
    /// (<c>A1-A5</c>) of columns. Default none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> MissingByColumn { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What the columns mean: their missing codes are missing marks. Columns that are not in the file are ignored. Default
    /// none.</summary>
    public Codebook? Codebook { get; init; }

    /// <summary>Those of <see cref="DefaultMissingMarkers"/> that are ordinary values, such as NA for North America; default
    /// none.</summary>
    public IReadOnlyList<string> NotMissing { get; init; } = [];

    /// <summary>The same by column name, pattern or range; each column must be in the file. Default none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> NotMissingByColumn { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Columns that are numeric even if they look like identifiers: leading zeros in whole numbers of one length or in at least
    /// half of them (01234, 007), or whole numbers of 2⁵³ and beyond. Names that are not in the file are ignored. Default none.</summary>
    public IReadOnlyCollection<string> NumericColumns { get; init; } = [];

    /// <summary>Columns that may mix numbers with text, such as house numbers: they become text columns; in other columns this is an error.
    /// A name may be a pattern or a range. Names that are not in the file are ignored. Default none.</summary>
    public IReadOnlyCollection<string> MixedColumns { get; init; } = [];

    /// <summary>Whether all columns but <see cref="NumericColumns"/> may mix numbers with text, for a file in which only some columns
    /// are used. Default false.</summary>
    public bool OtherColumnsMayMix { get; init; }

    /// <summary>Field delimiter, an ASCII character; null, the default, detects comma, semicolon, tab or pipe.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether numbers have a decimal comma instead of a decimal point. Default false.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>The thousands separator of numbers, such as a comma in 1,822; null, the default, detects one in columns in which every
    /// separator is followed by three digits and every number from 1000 on has it.</summary>
    public char? Thousands { get; init; }

    /// <summary>Number of lines above the column names that are no part of the table; null, the default, detects titles and
    /// comments.</summary>
    public int? SkipLines { get; init; }

    /// <summary>Number of header lines: 1 is the names alone, 2 or more has question texts or the like below them, and 0 means no names;
    /// the columns are then called column1, column2 and so on. Null, the default, detects lines below the names.</summary>
    public int? HeaderLines { get; init; }

    /// <summary>The sheet of a workbook; null, the default, is the first that is visible.</summary>
    public string? Sheet { get; init; }

    /// <summary>Whether columns that mix numbers with text, and columns of the same name, become findings (<see cref="Table.Findings"/>)
    /// instead of exceptions, for a program that describes a file. Default false.</summary>
    public bool Lenient { get; init; }

    /// <summary>The encoding of a file without byte order mark; null, the default, is UTF-8, or Latin-1 if the bytes are not valid
    /// UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Whether a column that mixes numbers with text becomes text.</summary>
    internal bool MayMix(string column) => MixedColumns.Contains(column)
        || (Codebook?[column]?.Categories is { } levels && levels.Levels.Any(level => level.Value is string))
        || Codebook?[column]?.Measure is Measure.PassThrough or Measure.Identifier or Measure.Group
        || (OtherColumnsMayMix && !NumericColumns.Contains(column));

    /// <summary>These options with patterns and ranges replaced by the columns of a file.</summary>
    /// <exception cref="ArgumentException">Marks for a column that is not in the file; the message proposes the nearest.</exception>
    internal TableReadOptions ForColumns(IReadOnlyList<string> names, string file)
    {
        bool mixed = MixedColumns.Any(name => ColumnPattern.Is(name) && !names.Contains(name));
        if (!mixed && MissingByColumn.Count == 0 && NotMissingByColumn.Count == 0) return this;
        return this with
        {
            MissingByColumn = Resolved(MissingByColumn, names, file),
            NotMissingByColumn = Resolved(NotMissingByColumn, names, file),
            MixedColumns = mixed ? [.. MixedColumns, .. MixedColumns.SelectMany(name => ColumnPattern.Match(name, names))] : MixedColumns,
        };
    }

    private static Dictionary<string, IReadOnlyList<string>> Resolved(IReadOnlyDictionary<string, IReadOnlyList<string>> marks,
        IReadOnlyList<string> names, string file)
    {
        var resolved = new Dictionary<string, IReadOnlyList<string>>();
        foreach ((string name, IReadOnlyList<string> own) in marks)
        {
            IReadOnlyList<string> columns = ColumnPattern.Match(name, names);
            if (columns.Count == 0)
                throw new ArgumentException($"No column '{name}' in {file}; it has "
                    + $"{TextFormat.List([.. names.Select(known => $"'{known}'")], most: 12)}.{TextFormat.Hint(name, names)}",
                    nameof(marks));
            foreach (string column in columns) resolved[column] = [.. resolved.GetValueOrDefault(column, []), .. own];
        }
        return resolved;
    }

    /// <summary>A table whose columns of the same names decide which are numbers and which are text, where a file has some of the rows of a
    /// table; null to find out.</summary>
    internal Table? Like { get; init; }

    /// <summary>Whether <see cref="NumericColumns"/> hold numbers only, since other rows of the table do: a text is an error then, however
    /// many there are.</summary>
    internal bool NumbersAreGiven { get; init; }

    /// <summary>Size of the pieces that are read, and number of threads.</summary>
    internal CsvStorage Storage { get; init; } = CsvStorage.Default;
}
