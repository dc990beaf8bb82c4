using System.Text;

namespace Imputation.Files.Spss;

/// <summary>The dictionary of an SPSS system file: the variables and what is known about them, and how the data are stored.</summary>
internal sealed record SpssDictionary
{
    /// <summary>The variables in the order of the file; the segments of a very long string are one variable.</summary>
    public required IReadOnlyList<SpssVariable> Variables { get; init; }

    /// <summary>Name of the variable whose values are the weights of the cases; null where cases are not weighted.</summary>
    public string? Weight { get; init; }

    /// <summary>The file's label; empty where there is none.</summary>
    public string Label { get; init; } = "";

    /// <summary>Lines of the documents, without trailing blanks.</summary>
    public IReadOnlyList<string> Documents { get; init; } = [];

    /// <summary>Encoding of all text in the file.</summary>
    public required Encoding Encoding { get; init; }

    /// <summary>Number of cases as the file states it; −1 where it does not.</summary>
    public long CaseCount { get; init; } = -1;

    /// <summary>Whether integers and numbers are stored with the most significant byte first.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>How the data are stored.</summary>
    public SpssCompression Compression { get; init; }

    /// <summary>A compressed whole number x is stored as x + bias.</summary>
    public double Bias { get; init; } = 100;

    /// <summary>The number that means system-missing.</summary>
    public double SystemMissing { get; init; } = -double.MaxValue;

    /// <summary>Number of 8-byte elements of a case.</summary>
    public required int ElementCount { get; init; }

    /// <summary>Position of the first byte after the dictionary.</summary>
    public required int DataStart { get; init; }
}

/// <summary>How the data of a system file are stored.</summary>
internal enum SpssCompression
{
    /// <summary>Eight bytes for each element.</summary>
    None,

    /// <summary>A byte for each small whole number, run of blanks and system-missing value; eight more for each other element.</summary>
    Bytecode,

    /// <summary>Bytecode in blocks that are compressed with zlib.</summary>
    Zlib,
}
