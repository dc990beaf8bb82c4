using System.Globalization;
using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;

namespace Imputation.Data.Adapters;

/// <summary>A property of <typeparamref name="T"/> with compiled accessors, as a column sees it.</summary>
internal sealed class ObjectProperty<T>
{
    private readonly Type _type; // without Nullable<>
    private readonly bool _acceptsNull;
    private readonly Func<T, double?>? _number;
    private readonly Func<T, decimal?>? _integer; // a decimal holds every long and ulong, so that 2⁵³ + 1 stays exact
    private readonly Func<T, object?> _value;
    private readonly Func<T, object?, T>? _set;

    public ObjectProperty(PropertyInfo property)
    {
        Name = property.Name;
        _type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        _acceptsNull = _type != property.PropertyType || !_type.IsValueType;

        ParameterExpression target = Expression.Parameter(typeof(T)), value = Expression.Parameter(typeof(object));
        MemberExpression member = Expression.Property(target, property);
        _value = Expression.Lambda<Func<T, object?>>(Expression.Convert(member, typeof(object)), target).Compile();
        if (_type == typeof(double) || _type == typeof(float) || _type == typeof(decimal))
            _number = Expression.Lambda<Func<T, double?>>(Expression.Convert(member, typeof(double?)), target).Compile();
        else if (_type == typeof(BigInteger))
        {
            Func<T, BigInteger?> whole = Expression.Lambda<Func<T, BigInteger?>>(Expression.Convert(member, typeof(BigInteger?)), target)
                .Compile();
            // Where a decimal may not hold it either, any number beyond 2⁵³ does.
            _integer = row => whole(row) is { } number ? BigInteger.Abs(number) <= NumericColumn.LargestInteger ? (decimal)number
                : decimal.MaxValue : null;
        }
        else if (NumericTypes.IsInteger(_type))
            _integer = Expression.Lambda<Func<T, decimal?>>(Expression.Convert(member, typeof(decimal?)), target).Compile();

        // Init accessors are ordinary setters to the runtime. A struct is set in the delegate's own copy, hence the return value.
        if (property.SetMethod is { IsPublic: true })
            _set = Expression.Lambda<Func<T, object?, T>>(
                Expression.Block(Expression.Assign(member, Expression.Convert(value, property.PropertyType)), target), target, value)
                    .Compile();
    }

    public string Name { get; }

    public bool CanSet => _set is not null;

    public object? Get(T target) => _value(target);

    public T Set(T target, object? value) => _set!(target, value);

    /// <summary>The property's values as a column.</summary>
    public Column ToColumn(T[] rows)
    {
        if (_number is not null) return NumberColumn(rows);
        if (_integer is not null && IntegerColumn(rows) is { } integers) return integers;
        object?[] values = [.. rows.Select(_value)];
        return _type == typeof(string) ? TextColumn.Create(Name, [.. values.Cast<string?>()]) : ObjectColumn.Create(Name, _type, values);
    }

    /// <summary>A cell of a column as a value of this property.</summary>
    public object? FromCell(Column column, int row)
    {
        object? cell = column is NumericColumn numeric && !column.IsMissing(row) ? numeric.Values[row] : column.Value(row);
        switch (cell)
        {
            case null when _acceptsNull:
                return null;
            case null:
                throw Refused("nothing", "a value", "Make the property nullable, or drop the row.");
            case double number:
                if (NumericTypes.IsInteger(_type))
                {
                    double whole = column.WasFilled(row) ? Math.Round(number) : number;
                    if (whole != Math.Floor(whole)) throw Refused(Text(number), "a whole number",
                        "Give the property a floating-point type.");
                    number = whole;
                }
                return Convert(number) ?? throw Refused(Text(number), $"a number that {_type.Name} can hold",
                    "Give the property a wider type, or the column bounds.");
            case var other when _type.IsInstanceOfType(other):
                return other;
            default:
                throw new ArgumentException($"Column '{column.Name}' holds {cell.GetType().Name}, the property of {typeof(T).Name} "
                    + $"{_type.Name}.");
        }

        ImputationDataException Refused(string what, string expected, string advice) =>
            new($"Column '{column.Name}', row {row + 1}: {what} cannot be put into the property {typeof(T).Name}.{Name}; expected "
                + $"{expected}. {advice}", column.Name, row + 1);
    }

    private NumericColumn NumberColumn(T[] rows)
    {
        var values = new double[rows.Length];
        var codes = new byte[rows.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            double? value = _number!(rows[row]);
            values[row] = value ?? double.NaN;
            codes[row] = value is null ? (byte)1 : double.IsNaN(value.Value) ? (byte)2 : (byte)0;
        }
        return NumericColumn.Create(Name, ColumnKind.Number, values,
            new MissingMask(codes, [MissingOrigin.Empty, MissingOrigin.NotANumber]));
    }

    private NumericColumn? IntegerColumn(T[] rows)
    {
        var values = new long?[rows.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            decimal? value = _integer!(rows[row]);
            if (value is > NumericColumn.LargestInteger or < -NumericColumn.LargestInteger) return null;
            values[row] = (long?)value;
        }
        return NumericColumn.Integer(Name, values);
    }

    /// <summary>A number in this property's type, boxed; null where the type cannot hold it.</summary>
    private object? Convert(double value) => NumericTypes.IsNumber(_type) ? NumericTypes.FromDouble(value, _type) : null;

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
