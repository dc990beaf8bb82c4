using System.CommandLine;
using System.Globalization;
using Imputation.Cli.Exits;
using Imputation.Cli.Output;
using Imputation.Files;

namespace Imputation.Cli.Options;

/// <summary>Destination of the imputations of <c>multiple</c>, and whether those of an earlier run are kept.</summary>
internal sealed class MultipleChoices
{
    private readonly Option<string?> _out = new("--out", "-o")
    {
        Description = "Write one file per imputation into this folder: "
        + "NAME.imp01.csv and so on.",
        HelpName = "DIR"
    };

    private readonly Option<string?> _long = new("--long")
    {
        Description = "Write all imputations into one file (long format), with columns .imp and .id as in mice; - is standard output.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _original = new("--include-original")
    {
        Description = "With --long: also write the incomplete table, as "
        + "imputation 0; mice::as.mids needs it."
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Continue an interrupted run and keep its finished "
        + "imputations; refuse if its settings or data differ."
    };

    private readonly Option<string?> _to = new("--to")
    {
        Description = "Format of the output; by default from the extension of FILE, or that of "
        + "the input.",
        HelpName = "FORMAT"
    };

    private readonly Option<string?> _compression = new("--compression")
    {
        Description = "Compression of Parquet output: snappy (the default), zstd, gzip or none.",
        HelpName = "HOW",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_out, _long, _original, _resume, _to, _compression]) command.Options.Add(option);
    }

    /// <summary>The folder, or null where all go into one file.</summary>
    public string? Folder(ParseResult parsed) => parsed.GetValue(_out);

    /// <summary>The one file, or null where each has its own.</summary>
    public string? Long(ParseResult parsed) => parsed.GetValue(_long);

    public bool Resumes(ParseResult parsed) => parsed.GetValue(_resume);

    public bool Original(ParseResult parsed) => parsed.GetValue(_original);

    /// <summary>Checks for options that cannot be combined.</summary>
    /// <exception cref="UsageException">The message names the options.</exception>
    public void Check(ParseResult parsed, ReadingOptions reading)
    {
        if ((Folder(parsed) is null) == (Long(parsed) is null))
            throw new UsageException($"expected either {_out.Name} DIR (one file per imputation) or {_long.Name} FILE "
                + "(all in one file).");
        if (Folder(parsed) is "" or "-")
            throw new UsageException($"{_out.Name}: expected the name of a folder; {_long.Name} - writes to standard output.");
        if (Original(parsed) && Long(parsed) is null)
            throw new UsageException($"{_original.Name} needs {_long.Name}; with {_out.Name} the incomplete table is not written.");
        ITableFormat format = Format(parsed, reading.Parts(parsed)[0].Path);
        _ = Compression(parsed, format);
        Formats.CheckWrites(format, reading.Format(parsed), Long(parsed) is null ? _out.Name : _long.Name, Long(parsed) is not null);
        if (parsed.GetValue(_resume) && Long(parsed) is { } path && !CanResume(path, format))
            throw new UsageException($"{_resume.Name}: with {_long.Name} only a named CSV file can be resumed; use a .csv file, "
                + $"or {_out.Name} DIR.");
    }

    /// <summary>Store for finished imputations, including those of an earlier run under --resume; null where all
    /// go into one file that is written at the end.</summary>
    /// <exception cref="UsageException">The existing files are from another run.</exception>
    public IImputationStore? Store(ParseResult parsed, string input, IReadOnlyDictionary<string, string> settings)
    {
        ITableFormat format = Format(parsed, input);
        TableWriteOptions writing = Writing(parsed, input);
        IImputationStore? store = Folder(parsed) is { } folder
            ? new ImputationFolder(folder, input == "-" ? "imputed" : WithoutExtension(input), format, settings, writing,
                Extension(parsed, input))
            : Long(parsed) is { } path && CanResume(path, format)
            ? new StackedImputations(path, format, settings, writing, Original(parsed))
            : null;
        if (!parsed.GetValue(_resume)) return store;
        try
        {
            store?.Resume();
            return store;
        }
        catch (OtherRunException other)
        {
            throw new UsageException($"{_resume.Name}: '{other.Manifest}' belongs to another run: {other.Difference}. Use the same "
                + $"options and data, or omit {_resume.Name} to start again.");
        }
    }

    private static bool CanResume(string path, ITableFormat format) => path != "-" && StackedImputations.CanResume(path, format);

    /// <summary>The output format.</summary>
    public ITableFormat Format(ParseResult parsed, string input)
    {
        // Of a workbook, which cannot be written, the imputations are CSV.
        bool own = Long(parsed) is null && parsed.GetValue(_to) is null && !Formats.Of(parsed, _to.Name, null, input).CanWrite;
        return Formats.ToWrite(parsed, _to.Name, own ? "csv" : parsed.GetValue(_to), Long(parsed) ?? input);
    }

    public TableWriteOptions Writing(ParseResult parsed, string input) =>
        TableOutput.Writing(Extension(parsed, input), Compression(parsed, Format(parsed, input)), Format(parsed, input));

    /// <summary>The beginning of the names of the files.</summary>
    public static string WithoutExtension(string input)
    {
        string name = Path.GetFileName(input);
        return name[..^TableFormats.ExtensionOf(name).Length];
    }

    /// <summary>Ending of the file names in the folder.</summary>
    public string Extension(ParseResult parsed, string input)
    {
        ITableFormat format = Format(parsed, input);
        string own = TableFormats.ExtensionOf(Long(parsed) ?? input).ToLowerInvariant();
        return format.Extensions.Contains(own) ? own : format.Extensions[0];
    }

    /// <summary>The settings that determine the imputations, by option name: a run to be resumed must have the same. Their number is not
    /// part of it.</summary>
    public Dictionary<string, string> Settings(ParseResult parsed, Table table, MultipleOptions options, ulong seed,
        ReadingOptions reading, FittingOptions fitting, ImputingOptions imputing, string input)
    {
        ModelOptions model = options.Model;
        string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        KeyValuePair<string, string> Setting(string name, string value) => new(name, value);
        return new Dictionary<string, string>(
        [
            Setting("version", ProgramVersion.Text),
            Setting("input", ModelSource.Of(table)?.Sha256 ?? ""),
            Setting("rows", Invariant($"{table.RowCount}")),
            Setting("columns", string.Join(",", table.Columns.Select(c => c.Name))),
            Setting("missing", string.Join(",", table.Columns.Select(c => Invariant($"{c.MissingCount}")))),
            .. reading.Settings(parsed),
            Setting("--columns", string.Join(",", model.Columns.Include)),
            Setting("--exclude", string.Join(",", model.Columns.Exclude)),
            .. fitting.Settings(parsed),
            .. imputing.Settings(options),
            Setting("--seed", Invariant($"{seed}")),
            Setting("--bounds", string.Join(",", options.Fill.Bounds.OrderBy(b => b.Key, StringComparer.Ordinal)
                .Select(b => Invariant($"{b.Key}={b.Value.Lower:R}..{b.Value.Upper:R}")))),
            .. options.Fill.Fill.Count == 0 ? [] : (KeyValuePair<string, string>[])[Setting("--fill",
                string.Join(",", options.Fill.Fill.Order(StringComparer.Ordinal)))],
            Setting("--round", string.Join(",", options.Fill.Round.Order(StringComparer.Ordinal))),
            Setting("--integer", string.Join(",", options.Fill.Integer.Order(StringComparer.Ordinal))),
            Setting("--prior", model.Prior.ToString()),
            Setting("--tolerance", Invariant($"{model.Tolerance:R}")),
            Setting("--max-iterations", Invariant($"{model.MaxIterations}")),
            Setting("--restarts", Invariant($"{model.Restarts}")),
            Setting("acceleration", model.Accelerate ? "yes" : "no"),
            Setting(_to.Name, Format(parsed, input).Name),
            Formats.EngineSetting(parsed),
            Setting(_compression.Name, Invariant($"{Writing(parsed, input).Compression}")),
            Setting(_original.Name, Original(parsed) ? "yes" : "no"),
        ]);
    }

    private TableCompression Compression(ParseResult parsed, ITableFormat format) => TableOutput.Compression(_compression.Name,
        parsed.GetValue(_compression), format);
}
