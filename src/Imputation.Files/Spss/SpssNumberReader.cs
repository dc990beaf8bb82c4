using Imputation.Files.Csv;

namespace Imputation.Files.Spss;

/// <summary>Collects the cells of a numeric variable. In a date or time format they become dates and times, which are not modelled, unless
/// the caller named the column as numeric.</summary>
internal sealed class SpssNumberReader(SpssVariable variable, MissingMatcher missing, SpssDictionary dictionary, SpssNumbers numbers,
    string file, TableReadOptions options) : SpssColumnReader(variable)
{
    private const byte SystemMissing = 1, NotANumber = 2;

    private readonly SpssTimeKind _time = options.NumericColumns.Contains(variable.Name) ? SpssTimeKind.None : variable.Display.Time;
    private readonly bool _declares = variable.MissingRanges.Count > 0;
    private readonly List<double> _values = [];
    private readonly List<byte> _codes = [];
    private readonly List<MissingOrigin> _origins = [MissingOrigin.Empty, MissingOrigin.NotANumber];
    private readonly Dictionary<double, byte> _codeOf = [];
    private bool _isWhole = true, _hasInfinity;

    public override void Add(byte command, ulong word)
    {
        double value = numbers.Number(command, word);
        byte code = 0;
        if (command == SpssCommands.SystemMissing || value.Equals(dictionary.SystemMissing)) code = SystemMissing;
        else if (double.IsNaN(value)) code = NotANumber;
        else if ((_declares && Variable.IsMissing(value)) || missing.IsCode(value)) code = Code(value);
        else if (double.IsInfinity(value))
        {
            if (!options.MayMix(Variable.Name))
                throw new ImputationDataException($"{file}: column '{Variable.Name}', row {_values.Count + 1}: "
                    + $"{(value > 0 ? "+" : "-")}Infinity "
                    + "is not a measurement; expected a finite number or a missing value. Correct it, or leave the column out (--exclude).",
                    Variable.Name, _values.Count + 1);
            _hasInfinity = true;
        }
        else _isWhole &= value == Math.Floor(value) && Math.Abs(value) <= NumericColumn.LargestInteger;
        _values.Add(code == 0 ? value : double.NaN);
        _codes.Add(code);
    }

    public override Column Finish() => _time switch
    {
        SpssTimeKind.Date => Objects(SpssTime.Date) ?? Objects(SpssTime.Moment) ?? Seconds(),
        SpssTimeKind.DateTime => Objects(SpssTime.Moment) ?? Seconds(),
        SpssTimeKind.Duration => Objects(SpssTime.Duration) ?? Seconds(),
        _ when _hasInfinity => Seconds(),
        _ => NumericColumn.Create(Variable.Name, _isWhole ? ColumnKind.Integer : ColumnKind.Number, [.. _values],
            new MissingMask([.. _codes], _origins)),
    };

    /// <summary>The numbers as they are, in a column that is not modelled.</summary>
    private ObjectColumn Seconds() => Objects(value => value)!;

    /// <summary>The cells as values of another type; null where one does not fit.</summary>
    private ObjectColumn? Objects(Func<double, object?> make)
    {
        var cells = new object?[_values.Count];
        Type? type = null;
        for (int row = 0; row < cells.Length; row++)
        {
            if (_codes[row] != 0) continue;
            if (make(_values[row]) is not { } cell) return null;
            cells[row] = cell;
            type = cell.GetType();
        }
        return ObjectColumn.Create(Variable.Name, type ?? make(0)!.GetType(), cells);
    }

    private byte Code(double value)
    {
        if (_codeOf.TryGetValue(value, out byte code)) return code;
        if (_origins.Count == byte.MaxValue) return byte.MaxValue; // of a range: the last code is that of all others
        _origins.Add(new MissingOrigin(MissingKind.Code, CsvText.Of(value)));
        return _codeOf[value] = (byte)_origins.Count;
    }
}
