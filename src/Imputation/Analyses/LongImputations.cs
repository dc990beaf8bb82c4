using System.Diagnostics;
using System.Globalization;
using Imputation.Text;

namespace Imputation;

/// <summary>Imputations stacked in one table, as mice's <c>complete(imp, "long", include = TRUE)</c> lays them out.
/// Immutable.</summary>
/// <remarks>The column <c>.imp</c> numbers the imputations, 0 being the table before imputation, which may be left out; <c>.id</c>
/// identifies the rows within an imputation.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class LongImputations
{
    internal const string Imp = ".imp", Id = ".id";

    private readonly Table _table;
    private readonly int[][] _rows;

    private LongImputations(Table table, int[][] rows, int[]? incomplete)
    {
        _table = table;
        _rows = rows;
        Incomplete = incomplete is null ? null : Part(incomplete);
    }

    /// <summary>Whether a table has the columns <c>.imp</c> and <c>.id</c>.</summary>
    public static bool Is(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.TryGetColumn(Imp, out _) && table.TryGetColumn(Id, out _);
    }

    /// <summary>Splits a long table into its imputations; nothing is copied until an imputation is requested.</summary>
    /// <exception cref="ImputationDataException">No column <c>.imp</c> or <c>.id</c>, cells of them that are no numbers or missing,
    /// or imputations that do not have the same rows; the message says where.</exception>
    public static LongImputations Of(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (Required(table, Imp) is not NumericColumn numbers)
            throw new ImputationDataException($"Column '{Imp}' is {table[Imp].Kind.ToString().ToLowerInvariant()}; expected the number "
                + "of the imputation: 0 for the data before imputation, then 1, 2 ...", Imp);
        Column ids = Required(table, Id);
        var rows = new SortedDictionary<double, List<int>>();
        for (int row = 0; row < table.RowCount; row++)
        {
            double number = numbers[row];
            if (!(number >= 0) || number != Math.Floor(number))
                throw new ImputationDataException(
                    $"Column '{Imp}', row {row + 1}: {(double.IsNaN(number) ? "the cell is missing" : TextFormat.Exact(number))}; "
                        + "expected the number of the imputation: 0 for the data before imputation, then 1, 2 ...", Imp, row + 1);
            if (ids.IsMissing(row))
                throw new ImputationDataException($"Column '{Id}', row {row + 1}: the cell is missing; expected an identifier of the "
                    + $"row.", Id, row + 1);
            if (!rows.TryGetValue(number, out List<int>? some)) rows.Add(number, some = []);
            some.Add(row);
        }
        HashSet<object>? first = null;
        foreach ((double number, List<int> some) in rows) Check(number, some, ids, first ??= [.. some.Select(row => ids.Value(row)!)]);
        return new LongImputations(table, [.. rows.Where(r => r.Key > 0).Select(r => r.Value.ToArray())],
            rows.TryGetValue(0, out List<int>? zero) ? [.. zero] : null);
    }

    /// <summary>Number of imputations, that of number 0 not counted.</summary>
    public int Count => _rows.Length;

    /// <summary>The table before imputation, <c>.imp</c> = 0; null where it was left out.</summary>
    public Table? Incomplete { get; }

    /// <summary>The k-th imputation, k from 0, in the order of their numbers: its numeric and text columns without <c>.imp</c> and
    /// <c>.id</c>. A copy, made anew each time.</summary>
    public Table this[int k] => Part(_rows[k]);

    private Table Part(int[] rows)
    {
        Column[] columns = [.. _table.Columns.Where(c => c.Name is not (Imp or Id)).Select(c => Part(c, rows)).OfType<Column>()];
        return columns.Length > 0 ? new Table(columns) : throw new ImputationDataException($"The table has only the columns '{Imp}' "
            + $"and '{Id}'; expected data columns too.");
    }

    private static Column? Part(Column column, int[] rows) => column switch
    {
        NumericColumn numeric => NumericColumn.Create(column.Name, column.Kind, Array.ConvertAll(rows, row => numeric[row])),
        TextColumn text => TextColumn.Create(column.Name, Array.ConvertAll(rows, row => text[row])),
        _ => null,
    };

    /// <summary>Each row once, and the same as in the imputation with the lowest number.</summary>
    private static void Check(double number, List<int> rows, Column ids, HashSet<object> expected)
    {
        var seen = new HashSet<object>();
        foreach (int row in rows)
        {
            object id = ids.Value(row)!;
            if (!seen.Add(id))
                throw new ImputationDataException($"Column '{Id}', row {row + 1}: {Text(id)} occurs twice in imputation {Text(number)}; "
                    + "expected each row once.", Id, row + 1);
            if (!expected.Contains(id))
                throw new ImputationDataException($"Column '{Id}', row {row + 1}: {Text(id)} is a row of imputation {Text(number)}, but "
                    + "not of the first; expected the same rows in all.", Id, row + 1);
        }
        if (expected.FirstOrDefault(id => !seen.Contains(id)) is { } lacking)
            throw new ImputationDataException($"Imputation {Text(number)} has no row with '{Id}' {Text(lacking)}; expected the same rows "
                + "in all imputations.", Id);
    }

    private static Column Required(Table table, string name) => table.TryGetColumn(name, out Column? column) ? column
        : throw new ImputationDataException(
        $"There is no column '{name}'; a long table has '{Imp}' for the number of the imputation and '{Id}' for the row, as mice's "
            + $"complete(\"long\", include = TRUE) writes them. The table has {TextFormat.Names(table.Columns.Select(c => c.Name))}.");

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count} imputations{(Incomplete is null ? "" : " and the table before them")}");
}
