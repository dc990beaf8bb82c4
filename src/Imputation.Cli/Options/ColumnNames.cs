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
    public static IReadOnlyList<string> Resolve(string option, IEnumerable<string>? values, Table table) =>
        [.. Pieces(option, values, table).SelectMany(names => names).Distinct()];

    /// <summary>The names that each part of the values means.</summary>
    private static IEnumerable<IReadOnlyList<string>> Pieces(string option, IEnumerable<string>? values, Table table) =>
        (values ?? []).SelectMany(value => table.TryGetColumn(value, out _) ? [[value]]
            : TextFormat.OptionItems(value).Select(piece => Several(option, piece, table)));

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

    /// <summary>As <see cref="Resolve"/>, and each of them numeric; of a pattern, those that are.</summary>
    public static IReadOnlyList<string> ResolveNumeric(string option, IEnumerable<string>? values, Table table) =>
        Fitting(option, values, table, name => table[name] is NumericColumn, "only numeric columns can be rounded");

    /// <summary>As <see cref="Resolve"/>, and each of them a number or a category; of a pattern, those that are.</summary>
    /// <param name="option">The option.</param>
    /// <param name="values">Its values.</param>
    /// <param name="table">The table.</param>
    /// <param name="codebook">What is known of its columns.</param>
    public static IReadOnlyList<string> ResolveModelled(string option, IEnumerable<string>? values, Table table, Codebook? codebook)
    {
        // Which texts are categories is seen when the table is read as a survey, which takes time.
        var read = new Lazy<Table>(() => SurveyReading.Of(table, codebook).Table);
        return Fitting(option, values, table, name => table[name] is NumericColumn || read.Value[name].Categories is not null,
            "only numbers and categories can be modelled and filled");
    }

    private static IReadOnlyList<string> Fitting(string option, IEnumerable<string>? values, Table table, Predicate<string> fits,
        string need)
    {
        var names = new List<string>();
        foreach (IReadOnlyList<string> piece in Pieces(option, values, table))
        {
            string[] fitting = [.. piece.Where(name => fits(name))];
            if (fitting.Length == 0) throw NotFitting(option, piece[0], table, need);
            names.AddRange(fitting);
        }
        return [.. names.Distinct()];
    }

    /// <exception cref="UsageException">The column is not numeric.</exception>
    public static void RequireNumeric(string option, string name, Table table, string need)
    {
        if (table[name] is not NumericColumn) throw NotFitting(option, name, table, need);
    }

    private static UsageException NotFitting(string option, string name, Table table, string need) =>
        new($"{option}: column '{name}' is {table[name].Kind.ToString().ToLowerInvariant()}{Reason(name, table)}; {need}.");

    /// <summary>Those columns that have only digits and are text all the same: identifiers with leading zeros, perhaps in other rows of the
    /// file only.</summary>
    public static string[] Digits(IEnumerable<string> names, Table table) => [.. names.Where(name => table[name] is TextColumn column
        && column.MissingCount < column.Count && Enumerable.Range(0, column.Count).All(row => column.Value(row) is not string text
            || !text.AsSpan().Trim().TrimStart('-').ContainsAnyExceptInRange('0', '9')))];

    /// <summary>Why a column of digits is not one of numbers, in brackets.</summary>
    private static string Reason(string name, Table table) =>
        new DiagnosticContext(table).ColumnUses.First(d => d.Name == name).Note is var note && AreDigits(note) ? $" ({note})" : "";

    private static bool AreDigits(string note) => note.StartsWith("digits", StringComparison.Ordinal);

    /// <summary>'a', 'b', 'c' and 20 more.</summary>
    private static string List(IReadOnlyList<string> names)
    {
        const int most = 40;
        string shown = string.Join(", ", names.Take(most).Select(name => $"'{name}'"));
        return names.Count > most ? $"{shown} and {names.Count - most} more" : shown;
    }
}
