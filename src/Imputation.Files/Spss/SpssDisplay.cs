namespace Imputation.Files.Spss;

/// <summary>How the values of a variable are displayed, such as F8.2 or DATE11.</summary>
/// <param name="Type">SPSS's number of the format type.</param>
/// <param name="Width">Characters.</param>
/// <param name="Decimals">Decimals.</param>
internal readonly record struct SpssDisplay(int Type, int Width, int Decimals)
{
    private static readonly string[] s_names = ["", "A", "AHEX", "COMMA", "DOLLAR", "F", "IB", "PIBHEX", "P", "PIB", "PK", "RB", "RBHEX",
        "", "", "Z", "N", "E", "", "", "DATE", "TIME", "DATETIME", "ADATE", "JDATE", "DTIME", "WKDAY", "MONTH", "MOYR", "QYR", "WKYR",
        "PCT", "DOT", "CCA", "CCB", "CCC", "CCD", "CCE", "EDATE", "SDATE", "MTIME", "YMDHMS"];

    /// <summary>The format that a word of a variable record packs: decimals, width, type, from the lowest byte.</summary>
    public static SpssDisplay Unpack(int word) => new((word >> 16) & 0xFF, (word >> 8) & 0xFF, word & 0xFF);

    /// <summary>The name of the type; the number where it has none.</summary>
    public string Name => Type < s_names.Length && s_names[Type].Length > 0 ? s_names[Type] : $"format {Type}";

    /// <summary>Kind of time that a number in this format is.</summary>
    public SpssTimeKind Time => Name switch
    {
        "DATE" or "ADATE" or "EDATE" or "SDATE" or "JDATE" or "QYR" or "MOYR" or "WKYR" => SpssTimeKind.Date,
        "DATETIME" or "YMDHMS" => SpssTimeKind.DateTime,
        "TIME" or "DTIME" or "MTIME" => SpssTimeKind.Duration,
        _ => SpssTimeKind.None,
    };

    /// <summary>As in SPSS's syntax, such as F8.2.</summary>
    public override string ToString() => Decimals > 0 ? $"{Name}{Width}.{Decimals}" : $"{Name}{Width}";
}

/// <summary>Kind of time.</summary>
internal enum SpssTimeKind
{
    /// <summary>A number.</summary>
    None,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A day and a time of day.</summary>
    DateTime,

    /// <summary>A number of seconds.</summary>
    Duration,
}
