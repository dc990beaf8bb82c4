using Imputation.Parquet;
using Imputation.Text;

namespace Imputation.Cli.Output;

/// <summary>Summary of filled cells and written files.</summary>
internal static class FillSummary
{
    /// <summary>The input's name and size.</summary>
    public static void Input(Summary account, string name, Table table, string how = "") =>
        Input(account, name, table.RowCount, table.Columns.Count, how);

    /// <summary>The same of a table that is not in memory.</summary>
    /// <param name="account">The summary.</param>
    /// <param name="name">Name of the input.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="how">How it was read, with a comma before it; or nothing.</param>
    public static void Input(Summary account, string name, long rows, int columns, string how) =>
        account.Line("Input", $"{(name == "-" ? "standard input" : name)}: {TextFormat.Count(rows, "row")}, "
            + $"{TextFormat.Count(columns, "column")}{how}");

    /// <summary>Columns of the model that are not in the table, and columns of the table that are not in the model.</summary>
    public static void Matching(Summary account, IReadOnlyList<string> modelled, Table table)
    {
        string[] absent = [.. modelled.Where(name => !table.TryGetColumn(name, out _))];
        string[] extra = [.. table.Columns.Select(c => c.Name).Where(name => !modelled.Contains(name))];
        account.Line("Columns",
            $"{TextFormat.Count(modelled.Count - absent.Length)} of {TextFormat.Count(modelled.Count, "model column")} are in "
            + "this table");
        if (absent.Length > 0) account.Line("", $"absent: {TextFormat.NameList(absent)}");
        if (extra.Length > 0) account.Line("", $"not modelled (not in the model): {TextFormat.NameList(extra)}");
    }

    /// <summary>Filled cells by column, remarks on some of them, and the cells still missing, with the reason.</summary>
    public static void Fills(Summary account, FittedModel fit, ImputationTotals completion, FillMethod method)
    {
        if (completion.FilledCount == 0)
        {
            account.Line("Filled", "nothing: these columns have no missing cells");
        }
        else
        {
            string with = method switch
            {
                FillMethod.Auto or FillMethod.Mean => "conditional means",
                FillMethod.PredictiveMeanMatching => "observed values of rows with similar predictions",
                _ => "draws from their conditional distributions",
            };
            account.Line("Filled", $"{TextFormat.Count(completion.FilledCount, "cell")} with "
                + $"{with}\n{By(completion.Fills, f => f.FilledCount)}");
            Special(account, completion.Fills, method == FillMethod.Auto ? "set to the nearest possible value" : "clamped to bounds",
                f => f.ClampedCount);
            Special(account, completion.Fills, "drawn from distributions truncated to bounds", f => f.TruncatedCount);
            if (method != FillMethod.Auto) Special(account, completion.Fills, "rounded", f => f.RoundedCount);
            else if (completion.Fills.Sum(f => (long)f.RoundedCount) is > 0 and var rounded)
                account.Line("", $"of these {TextFormat.Count(rounded)} rounded to values that occur");
            Special(account, completion.Fills, "determined by an exact relation", f => f.DeterminedCount);
            Special(account, completion.Fills, "beyond the observed range", f => f.BeyondObservedCount);
            Special(account, completion.Fills, "computed from other columns", f => f.DerivedCount);
            Special(account, completion.Fills, "undecided between components, where hardly any value is", f => f.UndecidedCount,
                "; --method draw fills values of one or the other");
        }
        HashSet<string> notAsked = [.. fit.Report.Findings.Concat(completion.Findings).Where(f => f.Code == "not-asked")
            .Select(f => f.Columns[0])];
        string whose = completion.Findings.Any(f => f.Code == "not-asked-to-fill") ? "" : " of columns not modelled";
        foreach (bool asked in new[] { false, true })
        {
            (string Name, long Count)[] still = [.. completion.ColumnUses.Select((use, j) => (use.Name, completion.StillMissing[j]))
                .Where(c => c.Item2 > 0 && notAsked.Contains(c.Name) != asked)];
            if (still.Length == 0) continue;
            account.Line(asked ? "Still missing" : "Not asked", $"{TextFormat.Count(still.Sum(c => c.Count), "cell")}"
                + $"{(asked ? whose : " stay empty")}: "
                + TextFormat.List([.. still.Select(c => TextFormat.NameAndCount(c.Name, c.Count))]));
        }
    }

    /// <summary>Columns that are not read, and columns that change their type on the way out.</summary>
    public static void Types(Summary account, Table table, IReadOnlyList<string> widened)
    {
        if (ParquetTable.NestedColumns(table) is { Count: > 0 } nested)
            account.Line("Left out", $"{TextFormat.NameList(nested)}: nested columns (lists, maps or structs), neither read nor written");
        if (widened.Count > 0)
            account.Line("Types",
                $"{TextFormat.NameList(widened)}: whole numbers filled with fractions, written as DOUBLE; --integer fills whole "
                + "numbers and keeps the type");
    }

    /// <summary>Where the files are.</summary>
    public static void Files(Summary account, IEnumerable<OutputFile> files)
    {
        string label = "Files";
        foreach (OutputFile file in files)
        {
            account.Line(label, $"{file.Role}: {(file.Path == "-" ? "standard output" : file.Path)}");
            label = "";
        }
    }

    private static void Special(Summary account, IReadOnlyList<ColumnFill> fills, string what, Func<ColumnFill, int> count,
        string advice = "")
    {
        ColumnFill[] some = [.. fills.Where(f => count(f) > 0)];
        if (some.Length > 0)
            account.Line("", $"of these {TextFormat.Count(some.Sum(f => (long)count(f)))} {what}: "
                + $"{(some.Length == 1 ? TextFormat.Name(some[0].Column) : By(some, count))}{advice}");
    }

    private static string By(IReadOnlyList<ColumnFill> fills, Func<ColumnFill, int> count) =>
        TextFormat.List([.. fills.Select(f => TextFormat.NameAndCount(f.Column, count(f)))]);
}
