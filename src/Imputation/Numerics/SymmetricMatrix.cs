using System.Diagnostics;
using System.Globalization;
using System.Text;
using MathNet.Numerics.LinearAlgebra;

namespace Imputation;

/// <summary>A symmetric matrix whose rows and columns have names, such as a covariance. Read-only; reading an element copies
/// nothing.</summary>
/// <example><code>
/// double covariance = fit.Covariance["age", "income"];
/// Matrix&lt;double&gt; inverse = fit.Covariance.ToMathNet().Inverse();
/// </code></example>
[DebuggerDisplay("{Summary,nq}")]
public sealed class SymmetricMatrix : IEquatable<SymmetricMatrix>
{
    /// <summary>Rows and columns that <see cref="ToString"/> shows of a larger matrix.</summary>
    private const int MostShown = 12;

    private readonly double[,]? _values;
    private readonly Func<int, int, double>? _element;

    /// <summary>A matrix over values that nobody changes any more. Not copied.</summary>
    /// <param name="names">p names; by default x1 to xp.</param>
    /// <param name="values">p × p, symmetric.</param>
    internal SymmetricMatrix(IReadOnlyList<string>? names, double[,] values)
    {
        _values = values;
        Names = names ?? [.. Enumerable.Range(1, values.GetLength(0)).Select(j => $"x{j}")];
    }

    /// <summary>A matrix whose elements are computed when they are asked for.</summary>
    /// <param name="names">p names.</param>
    /// <param name="element">The element of a row and a column not after it.</param>
    internal SymmetricMatrix(IReadOnlyList<string> names, Func<int, int, double> element)
    {
        _element = element;
        Names = names;
    }

    /// <summary>Names of the rows, and of the columns, in their order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Number of rows, and of columns, p.</summary>
    public int Size => Names.Count;

    /// <summary>An element by its place.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0, or not less than <see cref="Size"/>.</exception>
    public double this[int row, int column]
    {
        get
        {
            if (row < 0 || row >= Size) throw Outside(nameof(row), row);
            if (column < 0 || column >= Size) throw Outside(nameof(column), column);
            return _values is not null ? _values[row, column] : _element!(Math.Max(row, column), Math.Min(row, column));
        }
    }

    /// <summary>An element by names (exact, case-sensitive).</summary>
    /// <exception cref="KeyNotFoundException">No such name; the message lists those there are.</exception>
    public double this[string row, string column] => this[IndexOf(row), IndexOf(column)];

    /// <summary>The elements as an array.</summary>
    /// <returns>p × p. A copy.</returns>
    public double[,] ToArray()
    {
        if (_values is not null) return (double[,])_values.Clone();
        var values = new double[Size, Size];
        for (int i = 0; i < Size; i++)
            for (int j = 0; j <= i; j++) values[i, j] = values[j, i] = _element!(i, j);
        return values;
    }

    /// <summary>The elements as a matrix of MathNet.Numerics, for linear algebra.</summary>
    /// <returns>p × p, dense. A copy.</returns>
    public Matrix<double> ToMathNet() => Matrix<double>.Build.DenseOfArray(Values);

    /// <summary>Whether names and elements are the same, to the last bit.</summary>
    public bool Equals(SymmetricMatrix? other) => other is not null && Names.SequenceEqual(other.Names)
        && Enumerable.Range(0, Size).All(i => Enumerable.Range(0, i + 1).All(j => this[i, j].Equals(other[i, j])));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SymmetricMatrix);

    /// <inheritdoc/>
    public override int GetHashCode() => Size == 0 ? 0 : HashCode.Combine(Size, Names[0], this[0, 0], this[Size - 1, Size - 1]);

    /// <summary>A small aligned table: the first 12 rows and columns, numbers with 5 significant digits.</summary>
    public override string ToString()
    {
        int shown = Math.Min(Size, MostShown);
        string[] names = [.. Names.Take(shown).Select(name => name.Length > 12 ? string.Concat(name.AsSpan(0, 11), "…") : name)];
        string[][] rows = [.. Enumerable.Range(0, shown).Select(i => Enumerable.Range(0, shown).Select(j => Text(this[i, j])).ToArray())];
        int first = names.Select(name => name.Length).DefaultIfEmpty(0).Max();
        var text = new StringBuilder().Append(' ', first);
        int[] widths = [.. Enumerable.Range(0, shown).Select(j => rows.Select(row => row[j].Length).Append(names[j].Length).Max())];
        for (int j = 0; j < shown; j++) text.Append("  ").Append(names[j].PadLeft(widths[j]));
        for (int i = 0; i < shown; i++)
        {
            text.Append('\n').Append(names[i].PadRight(first));
            for (int j = 0; j < shown; j++) text.Append("  ").Append(rows[i][j].PadLeft(widths[j]));
        }
        if (shown < Size) text.Append(CultureInfo.InvariantCulture, $"\n… {Size - shown} more rows and columns");
        return text.ToString();
    }

    /// <summary>The elements; shared where they are kept. For reading only.</summary>
    internal double[,] Values => _values ?? ToArray();

    private string Summary => string.Create(CultureInfo.InvariantCulture, $"{Size} × {Size}: {string.Join(", ", Names.Take(5))}"
        + $"{(Size > 5 ? ", …" : "")}");

    private static string Text(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    private int IndexOf(string name)
    {
        for (int j = 0; j < Size; j++)
            if (Names[j] == name) return j;
        throw new KeyNotFoundException($"No row '{name}'; the matrix has {string.Join(", ", Names.Take(20).Select(n => $"'{n}'"))}"
            + $"{(Size > 20 ? ", …" : "")}.");
    }

    private ArgumentOutOfRangeException Outside(string parameter, int index) => new(parameter, index, string.Create(
        CultureInfo.InvariantCulture, $"The matrix has {Size} rows and columns, counted from 0."));
}
