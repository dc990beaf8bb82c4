using System.Diagnostics;
using System.Globalization;
using Imputation.Data;

namespace Imputation;

/// <summary>Use of a column.</summary>
public enum ColumnRole
{
    /// <summary>Part of the model; its missing cells are filled from it.</summary>
    Modelled,

    /// <summary>Part of the model, and an exact linear combination of other columns wherever all of them are observed.</summary>
    Collinear,

    /// <summary>One distinct value: left out of the model, its missing cells filled with that value.</summary>
    Constant,

    /// <summary>Nothing observed: nothing can be estimated, its cells stay missing.</summary>
    NothingObserved,

    /// <summary>A number that only identifies the row; not modelled.</summary>
    Identifier,

    /// <summary>Not numeric; not modelled.</summary>
    PassThrough,

    /// <summary>Excluded by the caller; not modelled.</summary>
    Excluded,

    /// <summary>A survey weight: not modelled, and not a predictor.</summary>
    Weight,

    /// <summary>A key of groups of rows, such as a household; not modelled as a number.</summary>
    Group,
}

/// <summary>Kind and use of a column, with the reason.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record ColumnUse
{
    internal ColumnUse(string name, ColumnKind kind, ColumnRole role, int observedCount, int missingCount, string note = "")
    {
        Name = name;
        Kind = kind;
        Role = role;
        ObservedCount = observedCount;
        MissingCount = missingCount;
        Note = note;
    }

    /// <summary>The column's name.</summary>
    public string Name { get; internal init; }

    /// <summary>Kind of its cells.</summary>
    public ColumnKind Kind { get; internal init; }

    /// <summary>Its use.</summary>
    public ColumnRole Role { get; internal init; }

    /// <summary>Number of observed cells.</summary>
    public int ObservedCount { get; internal init; }

    /// <summary>Number of missing cells.</summary>
    public int MissingCount { get; internal init; }

    /// <summary>Why, in words; empty where the role says it all.</summary>
    public string Note { get; internal init; }

    /// <summary>The value of a <see cref="ColumnRole.Constant"/> column; NaN for any other.</summary>
    public double Constant { get; init; } = double.NaN;

    /// <summary>What the observed values of a modelled column of numbers are like; null where it is not known.</summary>
    internal ObservedValues? Values { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name} ({Kind}): {Role}, {ObservedCount} observed, {MissingCount} missing")
        + (Note.Length == 0 ? "" : "; " + Note);
}
