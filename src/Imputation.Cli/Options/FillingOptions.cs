using System.CommandLine;
using Imputation.Cli.Exits;

namespace Imputation.Cli.Options;

/// <summary>How missing cells are filled: the same for <c>fill</c> and <c>apply</c>.</summary>
internal sealed class FillingOptions
{
    private readonly Option<FillMethod> _method = new("--method")
    {
        Description = "Filled values: auto (the default) is the conditional mean, in scales and counts as a value that occurs, in amounts "
            + "not below 0; mean is the conditional mean as it is; draw a random draw from the conditional distribution; pmm an observed "
            + "value of a row with a similar prediction (predictive mean matching).",
        HelpName = "auto|mean|draw|pmm",
        CustomParser = Values.Method,
    };

    private readonly Option<string[]> _fill = new("--fill")
    {
        Description = "Fill only these columns; all are used for it. May repeat.",
        HelpName = "a,b",
    };

    private readonly Option<string[]> _bounds = new("--bounds")
    {
        Description = "Bounds of a column's filled values, such as age=0..110, income=0.. or z=..5; several columns: q*=1..5, A1-A5=1..6. "
            + "May repeat.",
        HelpName = "COLUMN=LOW..HIGH",
    };

    private readonly Option<string[]> _round = new("--round")
    {
        Description = "Columns whose filled values are rounded to as many decimals as the observed ones have. May repeat.",
        HelpName = "a,b",
    };

    private readonly Option<string[]> _integer = new("--integer")
    {
        Description = "Columns whose filled values are rounded to whole numbers. May repeat.",
        HelpName = "a,b",
    };

    private readonly Option<bool> _fillNotAsked = new("--fill-not-asked")
    {
        Description = "Fill the cells of questions that were not asked too; by default they stay empty.",
    };

    private readonly Option<string?> _ledger = new("--ledger")
    {
        Description = "Write one CSV line per filled cell: value, standard deviation, 95 % limits, notes.",
        HelpName = "FILE",
    };

    private Option[] All => [_method, _fill, _bounds, _round, _integer, _fillNotAsked, _ledger];

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="once">Whether the command fills once, by the chosen method; multiple imputation has methods of its own.</param>
    public void AddTo(Command command, bool once = true)
    {
        foreach (Option option in All.Where(option => once || option != _method)) command.Options.Add(option);
    }

    /// <summary>Only the options that restrict the possible values, for a command that chooses the method itself.</summary>
    public void AddRangesTo(Command command)
    {
        foreach (Option option in (Option[])[_bounds, _round, _integer, _fillNotAsked]) command.Options.Add(option);
    }

    /// <summary>Takes the same options on a command that fills nothing, so that one set of options serves them all; they are not in its
    /// help.</summary>
    public void AddUnusedTo(Command command)
    {
        AddTo(command);
        foreach (Option option in All) option.Hidden = true;
    }

    /// <summary>The names of those given.</summary>
    public IEnumerable<string> Given(ParseResult parsed) => All.Where(option => parsed.GetResult(option) is { Implicit: false })
        .Select(option => option.Name);

    public FillMethod Method(ParseResult parsed) => parsed.GetValue(_method);

    public string? Ledger(ParseResult parsed) => parsed.GetValue(_ledger);

    public FillOptions Read(ParseResult parsed, Table table, Codebook? codebook) => new()
    {
        Method = parsed.GetValue(_method),
        FillNotAsked = parsed.GetValue(_fillNotAsked),
        Fill = ColumnNames.ResolveModelled(_fill.Name, parsed.GetValue(_fill), table, codebook),
        Bounds = Bounds(parsed.GetValue(_bounds) ?? [], table),
        Round = ColumnNames.ResolveNumeric(_round.Name, parsed.GetValue(_round), table),
        Integer = ColumnNames.ResolveNumeric(_integer.Name, parsed.GetValue(_integer), table),
    };

    private static Dictionary<string, Bounds> Bounds(IEnumerable<string> values, Table table)
    {
        var bounds = new Dictionary<string, Bounds>();
        var byPattern = new Dictionary<string, Bounds>();
        foreach (string value in values)
        {
            int equals = value.LastIndexOf('=');
            if (equals < 1 || Values.Bounds(value[(equals + 1)..]) is not { } range)
                throw new UsageException($"--bounds {value}: expected COLUMN=LOW..HIGH with LOW at most HIGH; either may be "
                    + "omitted: age=0..110, income=0.., z=..5.");
            IReadOnlyList<string> names = ColumnNames.Resolve("--bounds", [value[..equals]], table);
            bool exact = names.Count == 1 && names[0] == value[..equals].Trim();
            foreach (string name in names)
            {
                // Of a pattern, the bounds are those of the columns that can have some.
                if (exact || table[name] is NumericColumn) ColumnNames.RequireNumeric("--bounds", name, table, "bounds are of numbers");
                else continue;
                if (!(exact ? bounds : byPattern).TryAdd(name, range))
                    throw new UsageException($"--bounds: two bounds for column '{name}'; expected one.");
            }
        }
        foreach ((string name, Bounds range) in byPattern) bounds.TryAdd(name, range);      // an exact name wins
        return bounds;
    }
}
