using Imputation.Cli.Exits;
using Imputation.Data;
using Imputation.Diagnostics;
using Imputation.Parquet;
using Imputation.Text;

namespace Imputation.Cli.Options;

/// <summary>Column names as they come from the command line, checked against a table.</summary>
internal static class ColumnNames
{
    /// <summary>The names in values such as <c>a,b</c>, <c>q*</c> and <c>A1-A5</c>. A value that is itself a column's name is that column,
    /// commas and all.</summary>
    public static IReadOnlyList<string> Resolve(string option, IEnumerable<string>? values, Table table)
    {
        var names = new List<string>();
        foreach (string value in values ?? [])
        {
            if (table.TryGetColumn(value, out _)) names.Add(value);
            else names.AddRange(TextFormat.OptionItems(value).SelectMany(piece => Several(option, piece, table)));
        }
        return [.. names.Distinct()];
    }

    /// <summary>The columns that a name, a pattern or a range means; an exact name always wins.</summary>
    /// <exception cref="UsageException">No such column; the message proposes the nearest and lists those there are.</exception>
    public static IReadOnlyList<string> Several(string option, string name, Table table)
    {
        if (table.TryGetColumn(name, out _)) return [name];
        IReadOnlyList<string> found = ColumnPattern.Match(name, [.. table.Columns.Select(column => column.Name)]);
        if (found.Count > 0) return found;
        if (name.AsSpan().ContainsAny('*', '?'))
        {
            string[] known = [.. table.Columns.Select(column => column.Name)];
            string plain = name.Replace("*", "", StringComparison.Ordinal).Replace("?", "", StringComparison.Ordinal);
            throw new UsageException($"{option}: no column fits '{name}'.{TextFormat.Hint(plain, known)} The columns are {List(known)}.");
        }
        return [One(option, name, table)];
    }

    /// <summary>The column of that name, blanks around it forgiven.</summary>
    /// <exception cref="UsageException">No such column; the message proposes the nearest and lists those there are.</exception>
    public static string One(string option, string name, Table table)
    {
        if (table.TryGetColumn(name, out _)) return name;
        name = name.Trim();
        if (table.TryGetColumn(name, out _)) return name;
        if (ParquetTable.NestedColumns(table).Contains(name))
            throw new UsageException($"{option}: column '{name}' is nested (a list, map or struct); only flat columns can be read, so it "
                + "is left out. Flatten it first.");
        string[] known = [.. table.Columns.Select(column => column.Name)];
        throw new UsageException($"{option}: there is no column '{name}'.{TextFormat.Hint(name, known)} The columns are {List(known)}.");
    }

    /// <summary>As <see cref="Resolve"/>, and each of them numeric.</summary>
    public static IReadOnlyList<string> ResolveNumeric(string option, IEnumerable<string>? values, Table table)
    {
        IReadOnlyList<string> names = Resolve(option, values, table);
        foreach (string name in names) RequireNumeric(option, name, table);
        return names;
    }

    /// <exception cref="UsageException">The column is not numeric.</exception>
    public static void RequireNumeric(string option, string name, Table table,
        string need = "only numeric columns can be modelled and filled")
    {
        if (table[name] is not NumericColumn)
            throw new UsageException(
                $"{option}: column '{name}' is {table[name].Kind.ToString().ToLowerInvariant()}{Reason(name, table)}; {need}.");
    }

    /// <summary>Why a column of digits is not one of numbers, in brackets.</summary>
    private static string Reason(string name, Table table) =>
        new DiagnosticContext(table).ColumnUses.First(d => d.Name == name).Note is var note
            && note.StartsWith("digits", StringComparison.Ordinal) ? $" ({note})" : "";

    /// <summary>'a', 'b', 'c' and 20 more.</summary>
    private static string List(IReadOnlyList<string> names)
    {
        const int most = 40;
        string shown = string.Join(", ", names.Take(most).Select(name => $"'{name}'"));
        return names.Count > most ? $"{shown} and {names.Count - most} more" : shown;
    }
}
