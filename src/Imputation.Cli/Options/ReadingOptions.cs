using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Imputation.Cli.Exits;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Files.Parts;
using Imputation.Text;

namespace Imputation.Cli.Options;

/// <summary>How a file is read, and which of its columns are used: the same for every command.</summary>
internal sealed class ReadingOptions
{
    /// <summary>Name of the argument for more files.</summary>
    public const string MoreName = "MORE";

    private const string Argument = "IN", FromName = "--from";

    private readonly Argument<string> _input = new(Argument)
    {
        Description = "Input table; - is standard input. A folder, or a name with * and ?, is all its files as one table; folders such as "
            + "date=2026-01-01 are a column.",
    };

    private readonly Argument<string[]> _more = new(MoreName)
    {
        Description = "More files with rows of the same table.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _from = new(FromName)
    {
        Description = "Format of the input; by default from its file extension, otherwise CSV.",
        HelpName = "FORMAT",
    };

    private readonly Option<string> _engine = Formats.Engine();

    private readonly Option<string[]> _missing = new("--missing")
    {
        Description = "Additional marks for missing; empty cells, NA, NaN, N/A, null, . and ? count anyway (see --no-missing). May repeat.",
        HelpName = "NA,-99",
    };

    private readonly Option<string[]> _missingIn = new("--missing-in")
    {
        Description = "Additional marks for missing in one column, such as age=-99,-98. May repeat.",
        HelpName = "COLUMN=A,B",
    };

    private readonly Option<string?> _codebook = new("--codebook")
    {
        Description = "What the columns mean: a codebook as Table Schema (JSON; 'impute codebook' proposes one), REDCap data dictionary "
            + "(CSV) or DDI codebook (XML).",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _noMissing = new("--no-missing")
    {
        Description = "Usual marks that are ordinary values here, such as NA for North America; for one column: region=NA. May repeat.",
        HelpName = "NA",
    };

    private readonly Option<char?> _thousands = new("--thousands")
    {
        Description = "Thousands separator of numbers, such as , in 1,822; detected where all numbers of a column have it.",
        HelpName = "C",
        CustomParser = Values.Thousands,
    };

    private readonly Option<int?> _skipLines = new("--skip-lines")
    {
        Description = "Number of lines above the column names; titles and comments are detected by default.",
        HelpName = "N",
        CustomParser = result => Values.Whole(0, "a number of lines")(result),
    };

    private readonly Option<int?> _headerLines = new("--header-lines")
    {
        Description = "Number of header lines: 1 is the column names alone, 2 or more has question texts or the like below them; "
            + "detected by default.",
        HelpName = "N",
        CustomParser = result => Values.Whole(0, "a number of lines")(result),
    };

    private readonly Option<bool> _noHeader = new("--no-header")
    {
        Description = "The first line is a row; the columns are called column1, column2 and so on.",
    };

    private readonly Option<string?> _sheet = new("--sheet")
    {
        Description = "Sheet of a workbook (.xlsx); by default the first that is visible.",
        HelpName = "NAME",
    };

    private readonly Option<char?> _delimiter = new("--delimiter")
    {
        Description = "Field delimiter: one character, or comma, semicolon, tab, pipe; detected by default.",
        HelpName = "C",
        CustomParser = Values.Delimiter,
    };

    private readonly Option<bool> _decimalComma = new("--decimal-comma") { Description = "Numbers have a decimal comma (1,5)." };

    private readonly Option<string[]> _columns = new("--columns")
    {
        Description = "Model only these columns; q* and A1-A5 name several, here and in other options. May repeat; give a name that "
            + "contains a comma in a separate option.",
        HelpName = "a,b",
    };

    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "Do not model these columns. May repeat.",
        HelpName = "id"
    };

    private Codebook? _readCodebook;
    private IReadOnlyList<TablePart>? _parts;

    /// <summary>Adds how a file is read and, with <paramref name="selects"/>, which of its columns are taken.</summary>
    /// <param name="command">The command.</param>
    /// <param name="selects">Whether columns are chosen.</param>
    /// <param name="several">Whether it takes several files by name.</param>
    public void AddTo(Command command, bool selects = true, bool several = false)
    {
        command.Arguments.Add(_input);
        if (several)
        {
            command.Arguments.Add(_more);
            command.Validators.Add(result =>
            {
                if (Strays(result.GetResult(_more)).Any()) result.AddError("unexpected values"); // CommandTree says which
            });
        }
        foreach (Option option in OfFiles) command.Options.Add(option);
        if (!selects) return;
        command.Options.Add(_columns);
        command.Options.Add(_exclude);
    }

    private Option[] OfFiles => [_from, _engine, _missing, _missingIn, _noMissing, _codebook, _delimiter, _decimalComma, _thousands,
        _noHeader, _headerLines, _skipLines, _sheet];

    /// <summary>Lets the input be omitted where rows come from elsewhere.</summary>
    /// <param name="command">The command.</param>
    /// <param name="other">The option that says where from.</param>
    public void MayOmitInput(Command command, Option other)
    {
        _input.Arity = ArgumentArity.ZeroOrOne;
        command.Validators.Add(result =>
        {
            if (result.GetResult(_input) is not { Tokens.Count: > 0 } && result.GetResult(other) is null)
                result.AddError(Missing);
        });
    }

    private const string Missing = "IN is missing.";

    /// <summary>Whether an argument is the input, which is missing.</summary>
    public static bool IsMissing(ParseResult parsed, Argument argument) =>
        argument.Name == "IN" && parsed.Errors.Any(error => error.Message == Missing);

    /// <summary>The input as given by the user.</summary>
    public string Input(ParseResult parsed) => parsed.GetRequiredValue(_input);

    /// <exception cref="UsageException">An input file, or an option of files, is given to a run that reads a database.</exception>
    public void RefuseFile(ParseResult parsed)
    {
        if (parsed.GetValue(_input) is { } input)
            throw new UsageException($"'{input}' is a file, and --connection reads a database; give one of them.");
        if (OfFiles.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } option)
            throw new UsageException($"{option.Name} is about files; with --connection say it in the query, such as NULLIF(age, -99).");
    }

    /// <summary>Values of the command line that are no more files: options that there are not, and parts of values with blanks.</summary>
    public static IEnumerable<string> Strays(ParseResult parsed) => parsed.CommandResult.Command.Arguments.Where(a => a.Name == MoreName)
        .SelectMany(more => Strays(parsed.GetResult(more)));

    private static IEnumerable<string> Strays(ArgumentResult? more) => more is null ? [] : more.Tokens.Select(token => token.Value)
        .Where(value => value != "-" && !File.Exists(value) && !Directory.Exists(value)
            && (value.StartsWith('-') || !value.AsSpan().ContainsAny('*', '?')));

    /// <summary>All inputs as given by the user.</summary>
    public IReadOnlyList<string> Names(ParseResult parsed) =>
        [Input(parsed), .. parsed.GetResult(_more) is null ? [] : parsed.GetValue(_more) ?? []];

    /// <summary>The inputs as messages and summaries name them.</summary>
    public string NameOf(ParseResult parsed) => Names(parsed) is [var one] ? one : $"{Input(parsed)} and "
        + TextFormat.Count(Names(parsed).Count - 1, "more file");

    /// <summary>Whether the table is in several files.</summary>
    public bool AreSeveral(ParseResult parsed) => TableParts.AreSeveral(Names(parsed));

    /// <summary>The files that the table is in.</summary>
    public IReadOnlyList<TablePart> Parts(ParseResult parsed) => _parts ??= AreSeveral(parsed)
        ? TableParts.Of(Names(parsed), Formats.All(parsed)) : [new TablePart(Input(parsed), [])];

    /// <summary>The files of a run that must not be inputs, of this run or of the next.</summary>
    public Outputs Outputs(ParseResult parsed, params string[] others) =>
        new([.. Names(parsed), .. Parts(parsed).Select(part => part.Path), .. others])
        {
            IsReadNextTime = path => IsReadNextTime(parsed, path),
        };

    /// <summary>Whether a file, when it is there, is one that the names of the input mean.</summary>
    public bool IsReadNextTime(ParseResult parsed, string path) => TableParts.Mean(Names(parsed), Formats.All(parsed), path);

    /// <summary>The input's format.</summary>
    public ITableFormat Format(ParseResult parsed) => Formats.Of(parsed, FromName, parsed.GetValue<string?>(FromName),
        Parts(parsed)[0].Path);

    /// <summary>Reads the table.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <param name="codebook">What the columns mean, where it does not come from the command line.</param>
    /// <param name="kinds">Which columns are numbers and which may be text, for a command whose tables have columns of known
    /// names.</param>
    /// <param name="lenient">Whether columns that mix numbers with text are findings instead of errors.</param>
    /// <exception cref="UsageException">An option names a column or a format that there is not.</exception>
    public Table Read(ParseResult parsed, CancellationToken cancellation, TableReadOptions? kinds = null, bool lenient = false,
        Codebook? codebook = null)
    {
        if (AreSeveral(parsed))
        {
            using IFileRows rows = Rows(parsed, 1 << 21, Path.GetTempPath(), cancellation, lenient, codebook);
            return JoinedTable.Of(rows.Batches(cancellation));
        }
        string input = Input(parsed), name = input == "-" ? "standard input" : input;
        ITableFormat format = Format(parsed);
        TableReadOptions options = HowToRead(parsed, kinds, lenient, codebook);
        try
        {
            string[] columns = parsed.GetValue(_columns) ?? [];
            using Stream stream = Inputs.Open(input, again: columns.Length > 0);
            // A file is read by its name, so that a large one need not be kept in memory; a stream that cannot be read again
            // is read completely here.
            Table Read(TableReadOptions how) => stream is FileStream { CanSeek: true } ? format.Read(input, how, cancellation)
                : format.Read(stream, name, how, cancellation);
            Table table = Read(options);
            // the columns of statistics are not those that they are of
            string[] digits = StatisticsFile.Is(table) ? []
                : ColumnNames.Digits(ColumnNames.Resolve(_columns.Name, columns, table), table);
            return digits.Length == 0 ? table : ReadAgain(table, () =>
            {
                stream.Position = 0;
                return Read(options with { NumericColumns = digits });
            });
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(Formats.WithoutParameter(exception));
        }
    }

    /// <summary>Opens the files to read their rows in batches.</summary>
    public IFileRows Rows(ParseResult parsed, StreamingOptions streaming, CancellationToken cancellation, bool lenient = false,
        Codebook? codebook = null) =>
        Rows(parsed, streaming.BatchCells(parsed), streaming.Temporary(parsed), cancellation, lenient, codebook);

    /// <summary>Opens the files to read their rows in batches.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="batchCells">Number of cells of a batch.</param>
    /// <param name="temporary">Folder for temporary files.</param>
    /// <param name="cancellation">Stops the opening.</param>
    /// <param name="lenient">Whether columns that mix numbers with text are findings instead of errors.</param>
    /// <param name="codebook">What the columns mean, where it does not come from the command line.</param>
    /// <exception cref="UsageException">Standard input, which cannot be read again; or an option names a column that there is
    /// not.</exception>
    private IFileRows Rows(ParseResult parsed, int batchCells, string temporary, CancellationToken cancellation, bool lenient,
        Codebook? codebook)
    {
        if (Names(parsed).Contains("-"))
            throw new UsageException("standard input cannot be read twice, as rows in batches are; write the table to a file first.");
        IReadOnlyList<TablePart> parts = Parts(parsed);
        TableReadOptions options = HowToRead(parsed, kinds: null, lenient, codebook);
        try
        {
            IFileRows rows = Open(options);
            string[] digits = ColumnNames.Digits(ColumnNames.Resolve(_columns.Name, parsed.GetValue(_columns) ?? [], rows.First),
                rows.First);
            if (digits.Length == 0) return rows;
            IFileRows again = ReadAgain(rows, () => Open(options with { NumericColumns = digits }));
            if (again != rows) rows.Dispose();
            return again;
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(Formats.WithoutParameter(exception));
        }

        IFileRows Open(TableReadOptions how)
        {
            return parts is [{ Keys: [] } one] ? OpenPart(one, null, cancellation) : new PartedRows(parts, OpenPart, how.MayMix,
                part => FormatOf(part).MostRowCount(part.Path), cancellation);

            ITableFormat FormatOf(TablePart part) => Formats.Of(parsed, FromName, parsed.GetValue(_from), part.Path);

            IFileRows OpenPart(TablePart part, Table? like, CancellationToken stop)
            {
                Inputs.Open(part.Path).Dispose(); // says what is wrong with a name
                return FormatOf(part).Rows(part.Path, how with { Like = like }, batchCells, temporary, stop);
            }
        }
    }

    /// <summary>The read options of the command line.</summary>
    private TableReadOptions HowToRead(ParseResult parsed, TableReadOptions? kinds, bool lenient, Codebook? codebook) => new()
    {
        MissingMarkers = [.. (parsed.GetValue(_missing) ?? []).SelectMany(TextFormat.OptionItems)],
        MissingByColumn = MissingByColumn(parsed),
        Codebook = codebook ?? Codebook(parsed),
        NotMissing = [.. NotMissing(parsed).Where(mark => TextFormat.OptionEquals(mark) < 1).SelectMany(TextFormat.OptionItems)],
        NotMissingByColumn = ByColumn(_noMissing.Name, NotMissing(parsed).Where(mark => TextFormat.OptionEquals(mark) >= 1)),
        MixedColumns = kinds?.MixedColumns
                ?? [.. (parsed.GetValue(_exclude) ?? []).SelectMany(value => TextFormat.OptionItems(value).Append(value))],
        NumericColumns = kinds?.NumericColumns ?? [],
        OtherColumnsMayMix = kinds?.OtherColumnsMayMix ?? false,
        Delimiter = parsed.GetValue(_delimiter),
        DecimalComma = parsed.GetValue(_decimalComma),
        Thousands = parsed.GetValue(_thousands),
        SkipLines = parsed.GetValue(_skipLines),
        HeaderLines = HeaderLines(parsed),
        Sheet = parsed.GetValue(_sheet),
        Lenient = lenient,
    };

    /// <summary>Reads a file of statistics, see <see cref="StatisticsFile"/>.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">The file, or - for standard input.</param>
    /// <param name="from">Its format; null for that of its extension.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static Table ReadStatistics(ParseResult parsed, string path, string? from, CancellationToken cancellation)
    {
        ITableFormat format = Formats.Of(parsed, FromName, from, path);
        using Stream stream = Inputs.Open(path);
        return stream is FileStream { CanSeek: true } ? format.Read(path, StatisticsFile.ReadOptions, cancellation)
            : format.Read(stream, path == "-" ? "standard input" : path, StatisticsFile.ReadOptions, cancellation);
    }

    /// <summary>The format that was asked for by name; null where none was.</summary>
    public string? From(ParseResult parsed) => parsed.GetValue(_from);

    /// <summary>Text that was asked for by name is numbers after all where its digits were taken for identifiers; otherwise it stays text,
    /// and <see cref="Selection"/> says so.</summary>
    private static T ReadAgain<T>(T asText, Func<T> asNumbers)
    {
        try
        {
            return asNumbers();
        }
        catch (ImputationDataException)
        {
            return asText;
        }
    }

    /// <summary>The codebook, read once; null where none is given.</summary>
    public Codebook? Codebook(ParseResult parsed) =>
        parsed.GetValue(_codebook) is { } path ? _readCodebook ??= CodebookFile.Read(path) : null;

    /// <exception cref="UsageException">A codebook is given to a command that has it from elsewhere.</exception>
    public void RefuseCodebook(ParseResult parsed, string why)
    {
        if (parsed.GetResult(_codebook) is not null) throw new UsageException($"{_codebook.Name}: {why}");
    }

    /// <summary>Settings that determine the table, besides the file, by option name: the same bytes read in another way are other
    /// data.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings(ParseResult parsed)
    {
        yield return new(_missing.Name, string.Join(",", (parsed.GetValue(_missing) ?? []).SelectMany(TextFormat.OptionItems)
            .Order(StringComparer.Ordinal)));
        yield return new(_missingIn.Name, string.Join(" ", MissingByColumn(parsed).OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => $"{c.Key}={string.Join(",", c.Value.Order(StringComparer.Ordinal))}")));
        yield return new(_decimalComma.Name, parsed.GetValue(_decimalComma) ? "yes" : "no");
        // Those that were not given are left out, as in the manifests of runs before there were these options.
        KeyValuePair<string, string>[] others =
        [
            new(_noMissing.Name, string.Join(" ", NotMissing(parsed).Order(StringComparer.Ordinal))),
            new(_thousands.Name, $"{parsed.GetValue(_thousands)}"),
            new(_headerLines.Name, HeaderLines(parsed)?.ToString(CultureInfo.InvariantCulture) ?? ""),
            new(_skipLines.Name, parsed.GetValue(_skipLines)?.ToString(CultureInfo.InvariantCulture) ?? ""),
            new(_sheet.Name, parsed.GetValue(_sheet) ?? ""),
        ];
        foreach (KeyValuePair<string, string> setting in others.Where(setting => setting.Value.Length > 0)) yield return setting;
    }

    /// <summary>Which of the table's columns to model.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="table">The table.</param>
    /// <param name="codebook">What the columns mean, where it does not come from the command line.</param>
    /// <exception cref="UsageException">A column that there is not, or one of neither numbers nor categories; or a table of imputations,
    /// whose number would be modelled with them.</exception>
    public ColumnSelection Selection(ParseResult parsed, Table table, Codebook? codebook = null)
    {
        var selection = new ColumnSelection
        {
            Include = ColumnNames.ResolveModelled(_columns.Name, parsed.GetValue(_columns), table, codebook ?? Codebook(parsed)),
            Exclude = ColumnNames.Resolve(_exclude.Name, parsed.GetValue(_exclude), table),
        };
        if (StatisticsFile.Is(table))
            throw new UsageException($"{Input(parsed)} has statistics of rows (pattern, n, means and co-moments), not rows. Fit the model "
                + $"to them: impute fit {TextFormat.Shell(Input(parsed))} --out model.json; and fill the rows: impute apply model.json "
                + "rows.csv --out rows.completed.csv.");
        if (LongImputations.Is(table) && selection.Include.Count == 0 && !selection.Exclude.Contains(".imp"))
            throw new UsageException($"{parsed.GetValue(_input)} has columns .imp and .id: it contains stacked imputations, not a single "
                + $"table. To analyse each and pool: impute analyze {Input(parsed)} \"y ~ x\" --long. If they are other columns: "
                + $"{_exclude.Name} .imp,.id.");
        return selection;
    }

    private string[] NotMissing(ParseResult parsed) => parsed.GetValue(_noMissing) ?? [];

    /// <exception cref="UsageException">Two options that contradict each other.</exception>
    private int? HeaderLines(ParseResult parsed)
    {
        int? lines = parsed.GetValue(_headerLines);
        if (!parsed.GetValue(_noHeader)) return lines;
        return lines is null or 0 ? 0
            : throw new UsageException($"{_noHeader.Name} and {_headerLines.Name} {lines} contradict each other; omit one of them.");
    }

    private Dictionary<string, IReadOnlyList<string>> MissingByColumn(ParseResult parsed) =>
        ByColumn(_missingIn.Name, parsed.GetValue(_missingIn) ?? []);

    /// <summary>Values such as age=-99,-98. A column's name with an equals sign or comma in it may be in double quotes.</summary>
    private static Dictionary<string, IReadOnlyList<string>> ByColumn(string option, IEnumerable<string> values)
    {
        var codes = new Dictionary<string, IReadOnlyList<string>>();
        foreach (string value in values)
        {
            int equals = TextFormat.OptionEquals(value);
            if (equals < 1) throw new UsageException($"{option} {value}: expected COLUMN=A,B such as age=-99,-98.");
            string name = value[..equals];
            if (name is ['"', _, .., '"'] && TextFormat.OptionItems(name) is [var quoted]) name = quoted;
            codes[name] = [.. codes.GetValueOrDefault(name, []), .. TextFormat.OptionItems(value[(equals + 1)..])];
        }
        return codes;
    }
}
