using System.Data.Common;
using System.Globalization;
using Imputation.Data.Adapters;

namespace Imputation.Sql;

/// <summary>The cells of one column of the batch that is being read.</summary>
internal abstract class BatchColumn(string name)
{
    /// <summary>The column's name.</summary>
    public string Name => name;

    /// <summary>Whether it can hold whole numbers only.</summary>
    public virtual bool IsInteger => false;

    /// <summary>Takes the reader's current cell. Each cell is read once, and columns in their order.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="j">The column's index.</param>
    /// <param name="row">The row, counted from 1 over all batches, for messages.</param>
    public abstract void Add(DbDataReader reader, int j, long row);

    /// <summary>The column of the cells since the last call, and what its values were.</summary>
    public abstract (Column Column, TypedColumn Origin, string?[]? Texts) Build();

    /// <summary>A column for a way of reading.</summary>
    public static BatchColumn Of(string name, CellReading reading, Type type) => reading switch
    {
        CellReading.Int32 or CellReading.Single or CellReading.Double => new Numbers(name, reading, type),
        CellReading.DecimalText => new DecimalTexts(name),
        CellReading.Text => new Texts(name),
        _ => new Values(name, reading, type),
    };

    /// <summary>Numbers that a double holds exactly, not boxed.</summary>
    private sealed class Numbers(string name, CellReading reading, Type type) : BatchColumn(name)
    {
        private readonly List<double> _cells = [];
        private readonly List<byte> _codes = [];

        public override bool IsInteger => reading == CellReading.Int32;

        public override void Add(DbDataReader reader, int j, long row)
        {
            bool isNull = reader.IsDBNull(j);
            double value = isNull ? double.NaN : reading switch
            {
                CellReading.Single => reader.GetFloat(j),
                CellReading.Double => reader.GetDouble(j),
                _ => Type.GetTypeCode(type) switch
                {
                    TypeCode.Int16 => reader.GetInt16(j),
                    TypeCode.Byte => reader.GetByte(j),
                    _ => reader.GetInt32(j),
                },
            };
            AddNumber(_cells, _codes, value, isNull, Name, row);
        }

        public override (Column, TypedColumn, string?[]?) Build()
        {
            NumericColumn column = Made(Name, IsInteger ? ColumnKind.Integer : ColumnKind.Number, _cells, _codes);
            return (column, new TypedColumn(Name, type, AllowsNull: true), null);
        }
    }

    /// <summary>Decimal numbers as text.</summary>
    private sealed class DecimalTexts(string name) : BatchColumn(name)
    {
        private readonly List<double> _cells = [];
        private readonly List<byte> _codes = [];
        private readonly List<string?> _texts = [];
        private int _scale;

        public override void Add(DbDataReader reader, int j, long row)
        {
            string? text = reader.IsDBNull(j) ? null : reader.GetString(j);
            double value = text is null ? double.NaN : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            AddNumber(_cells, _codes, value, text is null, Name, row);
            _texts.Add(text);
            if (text?.IndexOf('.') is >= 0 and var point) _scale = Math.Max(_scale, text.Length - point - 1);
        }

        public override (Column, TypedColumn, string?[]?) Build()
        {
            NumericColumn column = Made(Name, ColumnKind.Number, _cells, _codes, _scale);
            string?[] texts = [.. _texts];
            _texts.Clear();
            return (column, new TypedColumn(Name, typeof(double), AllowsNull: true), texts);
        }
    }

    /// <summary>Text.</summary>
    private sealed class Texts(string name) : BatchColumn(name)
    {
        private readonly List<string?> _texts = [];

        public override void Add(DbDataReader reader, int j, long row) => _texts.Add(reader.IsDBNull(j) ? null : reader.GetString(j));

        public override (Column, TypedColumn, string?[]?) Build()
        {
            Column column = TextColumn.Create(Name, _texts);
            _texts.Clear();
            return (column, new TypedColumn(Name, typeof(string), AllowsNull: true), null);
        }
    }

    /// <summary>Values of any type, boxed. Whole numbers beyond 2⁵³ in the first batch make a column that is kept as it is; afterwards they
    /// are an error, since rows before were counted without.</summary>
    private sealed class Values(string name, CellReading reading, Type type) : BatchColumn(name)
    {
        private ColumnBuilder _cells = new(name, type, allowsNull: true);
        private bool? _isNumeric;

        public override bool IsInteger => _isNumeric != false && NumericTypes.IsInteger(type);

        public override void Add(DbDataReader reader, int j, long row)
        {
            object value;
            try
            {
                value = reading == CellReading.Int64 && !reader.IsDBNull(j) ? reader.GetInt64(j) : reader.GetValue(j);
            }
            // A decimal or a date that .NET cannot hold: which cell it is, no provider says.
            catch (Exception e) when (e is OverflowException or InvalidCastException or FormatException or ArgumentOutOfRangeException)
            {
                throw new ImputationDataException($"Column '{Name}', row {row}: the value cannot be read as {type.Name} ({e.Message}). "
                    + "Cast the column in the query, to double precision or to text.", Name, row, e);
            }
            if (value is double or float && double.IsInfinity(NumericTypes.ToDouble(value)))
                throw Infinite(Name, row, NumericTypes.ToDouble(value));
            if (_isNumeric == true && value is not DBNull && !NumericTypes.IsExactAsDouble(value))
                throw new ImputationDataException(string.Create(CultureInfo.InvariantCulture, $"Column '{Name}', row {row}: {value} is "
                    + $"beyond ±2^53, where a double no longer represents every whole number exactly. Cast the column in the query: to "
                    + $"text where it identifies the row, otherwise to double precision."), Name, row);
            _cells.Add(value);
        }

        public override (Column, TypedColumn, string?[]?) Build()
        {
            (Column column, TypedColumn origin) = _cells.Build();
            _isNumeric ??= column is NumericColumn;
            _cells = new ColumnBuilder(Name, _isNumeric == false && column is ObjectColumn ? typeof(object) : type, allowsNull: true);
            return (column, origin, null);
        }
    }

    private static void AddNumber(List<double> cells, List<byte> codes, double value, bool isNull, string name, long row)
    {
        if (double.IsInfinity(value)) throw Infinite(name, row, value);
        cells.Add(value);
        codes.Add(!double.IsNaN(value) ? (byte)0 : isNull ? (byte)1 : (byte)2);
    }

    private static NumericColumn Made(string name, ColumnKind kind, List<double> cells, List<byte> codes, int? decimals = null)
    {
        var column = NumericColumn.Create(name, kind, [.. cells], new MissingMask([.. codes], [MissingOrigin.Empty,
            MissingOrigin.NotANumber]), decimals);
        cells.Clear();
        codes.Clear();
        return column;
    }

    private static ImputationDataException Infinite(string name, long row, double value) => new(
        $"Column '{name}', row {row} of the result: {(value > 0 ? "+" : "-")}Infinity is not a measurement; expected a finite number or "
            + "NULL. Exclude the column, or make it NULL in the query (NULLIF).", name, row);
}
