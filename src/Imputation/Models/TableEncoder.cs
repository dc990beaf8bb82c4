using System.Globalization;
using Imputation.Data;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Models;

/// <summary>Turns a table into the numeric matrix that models see, and records the use of every column.</summary>
internal static class TableEncoder
{
    /// <summary>The note on a column without an observed value.</summary>
    public const string NothingObserved = "no observed value; its cells stay missing";

    /// <summary>A table as models see it.</summary>
    /// <param name="Matrix">The modelled columns, or null where none is left. Shares the table's memory.</param>
    /// <param name="ColumnUses">One for each column of the table, in its order.</param>
    public sealed record Encoding(IncompleteMatrix? Matrix, IReadOnlyList<ColumnUse> ColumnUses);

    /// <summary>Selects the columns to model: numeric, with at least two distinct observed values, not identifiers, not excluded.</summary>
    /// <param name="table">The table.</param>
    /// <param name="selection">Columns asked for.</param>
    /// <param name="beside">Whether others than numbers may be asked for too; they are not modelled.</param>
    /// <exception cref="ArgumentException">The selection names a column that the table does not have, or includes one that is not
    /// numeric.</exception>
    public static Encoding Encode(Table table, ColumnSelection? selection = null, bool beside = false)
    {
        ArgumentNullException.ThrowIfNull(table);
        IReadOnlyList<ColumnUse> dispositions = Uses(table, selection, categories: false, beside);
        NumericColumn[] modelled = [.. dispositions.Where(d => d.Role == ColumnRole.Modelled).Select(d => (NumericColumn)table[d.Name])];
        return new Encoding(modelled.Length == 0 ? null : IncompleteMatrix.FromColumns([.. modelled, .. table.Beside]), dispositions);
    }

    /// <summary>The use of each column of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="selection">Columns asked for.</param>
    /// <param name="categories">Whether the model takes categories.</param>
    /// <param name="beside">Whether columns that the model does not take may be asked for too; they are not modelled.</param>
    /// <exception cref="ArgumentException">As for <see cref="Encode"/>.</exception>
    public static IReadOnlyList<ColumnUse> Uses(Table table, ColumnSelection? selection, bool categories, bool beside = false)
    {
        selection ??= ColumnSelection.Default;
        if (beside) CheckNames(table, selection);
        else Check(table, selection, categories);
        return [.. table.Columns.Select(c => Dispose(c, selection, table, categories))];
    }

    /// <summary>Checks that a table has the columns asked for, and that a model can take them.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Encode"/>.</exception>
    private static void Check(Table table, ColumnSelection selection, bool categories)
    {
        CheckNames(table, selection);
        foreach (string name in selection.Include)
            if (table[name] is not NumericColumn && !(categories && table[name].Categories is not null))
                throw new ArgumentException(
                    $"Column '{name}' is {table[name].Kind.ToString().ToLowerInvariant()}, and only numeric columns can be modelled.",
                    nameof(selection));
    }

    /// <exception cref="ArgumentException">The selection names a column that the table does not have.</exception>
    public static void CheckNames(Table table, ColumnSelection selection)
    {
        foreach (string name in selection.Include.Concat(selection.Exclude))
            if (!table.TryGetColumn(name, out _))
                throw new ArgumentException($"No column '{name}'; the table has {TextFormat.Names(table.Columns.Select(c => c.Name))}.",
                    nameof(selection));
    }

    /// <exception cref="ImputationDataException">The table has no rows.</exception>
    public static void RequireRows(Table table)
    {
        if (table.RowCount == 0) throw new ImputationDataException("The table has no rows; there is nothing to fit.");
    }

    /// <summary>The refusal of a table without a column for the model.</summary>
    /// <param name="uses">What became of the columns.</param>
    /// <param name="expected">What the model takes: a number, a category.</param>
    public static ImputationDataException NothingToModel(IReadOnlyList<ColumnUse> uses, string expected) => new(
        "No column can be modelled: " + TextFormat.Names(uses.Select(u => u.Name + (u.Note.Length > 0 ? $" ({u.Note})" : $" ({u.Role})")))
        + $". Expected at least one {expected} with two different values.");

    /// <summary>The note on a column that the selection leaves out; null where it does not.</summary>
    public static string? WhyExcluded(ColumnSelection selection, string name) => selection.Uses(name) ? null
        : selection.Exclude.Contains(name) ? "excluded" : "not among the requested columns";

    /// <summary>The note on a column that always has the same value.</summary>
    public static string Always(string value, bool isFilled) =>
        $"always {value}{(isFilled ? $"; missing cells filled with {value}" : "")}";

    private static ColumnUse Dispose(Column column, ColumnSelection selection, Table table, bool categories)
    {
        ColumnUse As(ColumnRole role, string note = "") =>
            new(column.Name, column.Kind, role, column.Count - column.MissingCount, column.MissingCount, note);

        string stays = column.MissingCount == 0 ? ""
            : $"; {TextFormat.Count(column.MissingCount, "missing cell")} {(column.MissingCount == 1 ? "stays" : "stay")} missing";
        if (WhyExcluded(selection, column.Name) is { } reason) return As(ColumnRole.Excluded, reason);
        if (!selection.Include.Contains(column.Name) && table.Roles.TryGetValue(column.Name, out (ColumnRole Role, string Note) read))
            return As(read.Role, read.Note);
        if (categories && OfCategory(column) is var (role, level, note)) return As(role, note) with { Constant = level };
        if (column.Categories is not null && column is NumericColumn)
            return As(ColumnRole.PassThrough, "a category" + stays);
        if (column is not NumericColumn numeric)
        {
            string why = Digits(column) ?? (DateText.AreDates(column) ? "dates are not modelled or filled" : "not numeric");
            return As(ColumnRole.PassThrough, why + stays);
        }
        if (column.MissingCount == column.Count) return As(ColumnRole.NothingObserved, NothingObserved);
        if (numeric.IsConstant(out double value))
        {
            string text = value.ToString("R", CultureInfo.InvariantCulture);
            return As(ColumnRole.Constant, Always(text, column.MissingCount > 0)) with { Constant = value };
        }
        if (!selection.Include.Contains(column.Name) && LooksLikeIdentifier(numeric))
            return As(ColumnRole.Identifier, "named as an identifier and unique in every row; name it among the columns to "
                + "model it");
        return As(ColumnRole.Modelled) with { Values = ObservedValues.Of(numeric) };
    }

    /// <summary>The use of a category, or of a text that is always the same, in a model that takes categories, with the index of the level
    /// of a constant one; null for any other column.</summary>
    private static (ColumnRole Role, double Level, string Note)? OfCategory(Column column)
    {
        if (column is NumericColumn { Categories: null } || column.MissingCount == column.Count && column.Categories is null) return null;
        object? first = null;
        bool differ = false;
        for (int row = 0; row < column.Count && !differ; row++)
            if (column.Value(row) is { } value) differ = !Equals(first ??= value, value);
        if (first is null) return (ColumnRole.NothingObserved, double.NaN, NothingObserved);
        if (differ) return column.Categories is null ? null : (ColumnRole.Modelled, double.NaN, "");
        string text = Convert.ToString(first, CultureInfo.InvariantCulture) ?? "";
        return (ColumnRole.Constant, column.Levels.IndexOf(first), Always(text, column.MissingCount > 0));
    }

    /// <summary>Why a column of nothing but whole numbers is not numeric: they would not come through a double as they are. Null for any
    /// other column.</summary>
    private static string? Digits(Column column)
    {
        bool zeros = false, beyond = false, any = false;
        for (int row = 0; row < column.Count; row++)
        {
            ReadOnlySpan<char> digits;
            switch (column.Value(row))
            {
                case null:
                    continue;
                case long or ulong or string when string.Create(CultureInfo.InvariantCulture, $"{column.Value(row)}") is var text:
                    digits = text.AsSpan().Trim().TrimStart('-');
                    break;
                default:
                    return null;
            }
            if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9')) return null;
            any = true;
            zeros |= digits.Length > 1 && digits[0] == '0';
            beyond |= digits.Length > 16 || double.Parse(digits, CultureInfo.InvariantCulture) >= NumericColumn.LargestInteger;
        }
        return !any ? null
            : beyond ? "digits beyond 2^53, which a double does not distinguish: treated as identifiers"
            : zeros ? "digits with leading zeros: treated as identifiers"
            : null;
    }

    /// <summary>Whole numbers, complete, all different, and a name that says so: id, ID, person_id, PersonId, row, rownames.</summary>
    private static bool LooksLikeIdentifier(NumericColumn column)
    {
        string name = column.Name;
        bool named = name.Equals("id", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("_id", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".id", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("-id", StringComparison.OrdinalIgnoreCase) || name.EndsWith(" id", StringComparison.OrdinalIgnoreCase)
            || (name.Length > 2 && (name.EndsWith("Id", StringComparison.Ordinal) || name.EndsWith("ID", StringComparison.Ordinal))
                && char.IsLower(name[^3]))
            || name.Equals("row", StringComparison.OrdinalIgnoreCase) || name.Equals("rownames", StringComparison.OrdinalIgnoreCase);
        if (!named || column.Kind != ColumnKind.Integer || column.MissingCount > 0) return false;
        double[] sorted = column.Values.ToArray();
        Array.Sort(sorted);
        for (int i = 1; i < sorted.Length; i++)
            if (sorted[i] == sorted[i - 1]) return false;
        return true;
    }
}
