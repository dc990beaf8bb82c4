using System.Data.SqlTypes;

namespace Imputation.Data.Adapters;

/// <summary>Collects typed values, one after another, into the column that fits them, and keeps their original type.</summary>
/// <remarks>Null, <see cref="DBNull"/> and the nulls of <see cref="System.Data.SqlTypes"/> are missing; so is NaN, counted
/// separately.</remarks>
internal sealed class ColumnBuilder
{
    private readonly bool _allowsNull;
    private readonly List<byte> _codes = [];
    private readonly List<double> _numbers = [];   // while the values are numbers that a double tells apart
    private readonly List<decimal> _decimals = []; // beside them in a column of decimals, which have more digits
    private readonly List<object?> _objects = [];  // once they are anything else
    private bool _isNumeric;

    /// <param name="name">The column's name.</param>
    /// <param name="type">Type of the values that the source announces, never a <see cref="Nullable{T}"/>.</param>
    /// <param name="allowsNull">Whether the source's column can hold null.</param>
    public ColumnBuilder(string name, Type type, bool allowsNull)
    {
        Name = name;
        _allowsNull = allowsNull;
        Type = type;
        _isNumeric = NumericTypes.IsNumber(type);
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>Type of the values so far.</summary>
    public Type Type { get; private set; }

    /// <summary>Adds the next row's value.</summary>
    public void Add(object? value)
    {
        if (value is null or DBNull or INullable { IsNull: true })
        {
            AddMissing();
            return;
        }
        if (_isNumeric && !Admits(value)) BecomeObjects();
        if (_isNumeric)
        {
            AddNumber(value);
            return;
        }
        if (!Type.IsInstanceOfType(value)) Type = typeof(object);
        _objects.Add(value);
    }

    /// <summary>The column, and its original type, needed to return its cells.</summary>
    public (Column Column, TypedColumn Origin) Build()
    {
        var origin = new TypedColumn(Name, Type, _allowsNull);
        if (!_isNumeric)
            return (Type == typeof(string) ? TextColumn.Create(Name, [.. _objects.Cast<string?>()]) : ObjectColumn.Create(Name, Type,
                _objects), origin);
        ColumnKind kind = NumericTypes.IsInteger(Type) ? ColumnKind.Integer : ColumnKind.Number;
        var marks = new MissingMask([.. _codes], [MissingOrigin.Empty, MissingOrigin.NotANumber]);
        if (Type != typeof(decimal)) return (NumericColumn.Create(Name, kind, [.. _numbers], marks), origin);
        int scale = _decimals.Select(d => (int)d.Scale).DefaultIfEmpty().Max();
        return (NumericColumn.Create(Name, kind, [.. _numbers], marks, scale), origin with { Decimals = [.. _decimals] });
    }

    private void AddMissing()
    {
        if (!_isNumeric)
        {
            _objects.Add(null);
            return;
        }
        _codes.Add(1);
        _numbers.Add(double.NaN);
        if (Type == typeof(decimal)) _decimals.Add(0);
    }

    private void AddNumber(object value)
    {
        double number = NumericTypes.ToDouble(value);
        _codes.Add(double.IsNaN(number) ? (byte)2 : (byte)0);
        _numbers.Add(number);
        if (Type == typeof(decimal)) _decimals.Add(NumericTypes.ToDecimal(value));
    }

    /// <summary>Whether the value can be stored as a number. Databases with loose typing return other types than they declare:
    /// numbers remain numbers, of the wider type.</summary>
    private bool Admits(object value)
    {
        if (!NumericTypes.IsExactAsDouble(value)) return false;
        if (value.GetType() == Type) return true;
        if (NumericTypes.Wider(Type, value.GetType()) is not { } wider) return false;
        if (wider == typeof(decimal) && Type != typeof(decimal))
            _decimals.AddRange(_numbers.Select(x => double.IsNaN(x) ? 0 : (decimal)x)); // whole numbers until now
        Type = wider;
        return true;
    }

    private void BecomeObjects()
    {
        for (int row = 0; row < _codes.Count; row++)
        {
            _objects.Add(_codes[row] switch
            {
                1 => null,
                _ when Type == typeof(decimal) => _decimals[row],
                _ => NumericTypes.FromDouble(_numbers[row], Type),
            });
        }
        _isNumeric = false;
        _codes.Clear();
        _numbers.Clear();
        _decimals.Clear();
    }
}
