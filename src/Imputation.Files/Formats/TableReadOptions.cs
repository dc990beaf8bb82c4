using System.Text;
using Imputation.Files.Formats;

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

    /// <summary>Additional missing marks by column name; each column must be in the file. Default none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> MissingByColumn { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What the columns mean: their missing codes are missing marks. Columns that are not in the file are ignored. Default
    /// none.</summary>
    public Codebook? Codebook { get; init; }

    /// <summary>Columns that are numeric even if they look like identifiers: leading zeros in whole numbers of one length or in at least
    /// half of them (01234, 007), or whole numbers of 2⁵³ and beyond. Names that are not in the file are ignored. Default none.</summary>
    public IReadOnlyCollection<string> NumericColumns { get; init; } = [];

    /// <summary>Columns that may mix numbers with text, such as house numbers: they become text columns; in other columns this is an error.
    /// Names that are not in the file are ignored. Default none.</summary>
    public IReadOnlyCollection<string> MixedColumns { get; init; } = [];

    /// <summary>Whether all columns but <see cref="NumericColumns"/> may mix numbers with text, for a file in which only some columns
    /// are used. Default false.</summary>
    public bool OtherColumnsMayMix { get; init; }

    /// <summary>Field delimiter, an ASCII character; null, the default, detects comma, semicolon, tab or pipe.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether numbers have a decimal comma instead of a decimal point. Default false.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>The encoding of a file without byte order mark; null, the default, is UTF-8, or Latin-1 if the bytes are not valid
    /// UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Whether a column that mixes numbers with text becomes text.</summary>
    internal bool MayMix(string column) => MixedColumns.Contains(column)
        || (Codebook?[column]?.Categories is { } levels && levels.Levels.Any(level => level.Value is string)) || (OtherColumnsMayMix && !NumericColumns.Contains(column));

    /// <summary>Size of the pieces that are read, and number of threads.</summary>
    internal CsvStorage Storage { get; init; } = CsvStorage.Default;
}
