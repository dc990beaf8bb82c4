using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Imputation.Data.Adapters;

/// <summary>A column's cells in the type in which they came in, or, where that is not known or does not fit any more, in the nearest
/// one.</summary>
internal sealed class TypedCells
{
    /// <summary>Requirements of a <see cref="System.Data.DataColumn"/> on the type of its values.</summary>
    public const DynamicallyAccessedMemberTypes MembersOfDataColumns =
        DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties;

    private readonly TypedColumn? _origin;
    private readonly NumericColumn? _numbers;

    [UnconditionalSuppressMessage("Trimming", "IL2074", Justification = "A DataColumn looks up members of the types of "
        + "System.Data.SqlTypes only, and a reader none.")]
    private TypedCells(Column column, TypedColumn? origin)
    {
        Column = column;
        _origin = origin;
        _numbers = column as NumericColumn;
        Type = column switch
        {
            NumericColumn numbers => TypeOf(numbers, origin?.Type),
            ObjectColumn objects => objects.Type,
            _ => typeof(string),
        };
    }

    /// <summary>The cells of every column of a table.</summary>
    public static TypedCells[] Of(Table table)
    {
        var source = table.Source as TypedSource;
        return [.. table.Columns.Select(c => new TypedCells(c, source?.Find(c.Name)))];
    }

    /// <summary>The column.</summary>
    public Column Column { get; }

    /// <summary>Type of the cells. A column of whole numbers that fractions were filled into has become one of doubles.</summary>
    [DynamicallyAccessedMembers(MembersOfDataColumns)]
    public Type Type { get; }

    /// <summary>Whether the column could hold null where it came from, or has missing cells now. False only where the source said
    /// so.</summary>
    public bool AllowsNull => _origin is not { AllowsNull: false }
        || (Column.MissingCount > 0 && Enumerable.Range(0, Column.Count).Any(IsNull));

    /// <summary>Type of an array of the cells: nullable where the source's was, or where there is no other way to say that a cell is
    /// missing.</summary>
    public Type ElementType
    {
        [RequiresDynamicCode("A nullable type that the program may not contain.")]
        get => Type.IsValueType && AllowsNull && (_origin is not null || (Type != typeof(double) && Column.MissingCount > 0))
            ? typeof(Nullable<>).MakeGenericType(Type) : Type;
    }

    /// <summary>Whether the cell is empty. A NaN from typed values is still a NaN, not an empty cell.</summary>
    public bool IsNull(int row) => Column.IsMissing(row) && !IsNaN(row);

    /// <summary>The cell at <paramref name="row"/> (from 0), of type <see cref="Type"/>; null where missing.</summary>
    /// <exception cref="ImputationDataException">A filled value that the type cannot hold.</exception>
    public object? Value(int row)
    {
        if (_numbers is null) return Column.Value(row);
        if (Column.IsMissing(row)) return IsNaN(row) ? NumericTypes.FromDouble(double.NaN, Type) : null;
        double value = _numbers.Values[row];
        if (Type == typeof(decimal) && ObservedDecimal(row, value) is { } exact) return exact;
        return NumericTypes.FromDouble(value, Type) ?? throw Refused(row, value, Type);
    }

    /// <summary>A filled value that a column's type cannot hold.</summary>
    public ImputationDataException Refused(int row, double value, Type type) => new(
        $"Column '{Column.Name}', row {row + 1}: {value.ToString("R", CultureInfo.InvariantCulture)} was filled in but does not fit "
            + $"a column of {type.Name}. Give the column bounds, or a wider type.",
        Column.Name, row + 1);

    /// <summary>The cell at <paramref name="row"/> (from 0) of a column of decimals, whose value as a double is <paramref name="value"/>.
    /// Not boxed.</summary>
    /// <exception cref="ImputationDataException">A filled value that a decimal cannot hold.</exception>
    public decimal Decimal(int row, double value) => ObservedDecimal(row, value) ?? (decimal)Value(row)!;

    /// <summary>The decimal that an observed cell's double was made from; a filled cell has none.</summary>
    private decimal? ObservedDecimal(int row, double value) =>
        _origin?.Decimals is { } decimals && row < decimals.Length && (double)decimals[row] == value ? decimals[row] : null;

    private bool IsNaN(int row) => _origin is not null && NumericTypes.IsFloating(Type)
        && Column.Mask.Origin(row) is { Kind: MissingKind.NotANumber };

    private static Type TypeOf(NumericColumn column, Type? before)
    {
        if (before is null || !NumericTypes.IsNumber(before)) return column.Kind == ColumnKind.Integer ? typeof(long) : typeof(double);
        return NumericTypes.IsInteger(before) && column.Kind == ColumnKind.Number ? typeof(double) : before;
    }
}
