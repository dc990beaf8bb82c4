using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Parquet;

namespace Imputation.Cli.Options;

/// <summary>Destination and format of a completed table: the same for <c>fill</c> and <c>apply</c>.</summary>
internal sealed class TableOutput
{
    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "Output file for the completed table; - is standard output.",
        HelpName = "OUT",
    };

    private readonly Option<string?> _to = new("--to")
    {
        Description = "Format of the output; by default from its file extension, otherwise CSV.",
        HelpName = "FORMAT",
    };

    private readonly Option<string?> _compression = new("--compression")
    {
        Description = "Compression of Parquet output: snappy (the default), zstd, gzip or none.",
        HelpName = "HOW",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_out);
        command.Options.Add(_to);
        command.Options.Add(_compression);
    }

    /// <summary>The option of the output file, which <see cref="DatabaseOptions"/> requires where rows do not go elsewhere.</summary>
    public Option File => _out;

    /// <exception cref="UsageException">A file is asked for by a run that writes to a database.</exception>
    public void RefuseFile(ParseResult parsed)
    {
        if (((Option[])[_out, _to, _compression]).FirstOrDefault(option => parsed.GetResult(option) is not null) is { } option)
            throw new UsageException($"{option.Name} is about a file, and with --connection completed rows go to a new table (--into).");
    }

    public void Plan(ParseResult parsed, Outputs outputs, ReadingOptions reading)
    {
        ITableFormat format = Format(parsed);
        _ = Compression(parsed, format);
        Formats.CheckWrites(format, reading.Format(parsed), _out.Name);
        outputs.Plan(_out.Name, "completed table", Path(parsed));
    }

    public void Fill(ParseResult parsed, Outputs outputs, Table table, CancellationToken cancellation)
    {
        ITableFormat format = Format(parsed);
        TableWriteOptions options = Writing(Path(parsed), Compression(parsed, format), format);
        outputs.Fill(_out.Name, stream => format.Write(stream, table, options, cancellation));
    }

    /// <summary>Writes a table that comes in batches.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="batches">The filled batches.</param>
    /// <param name="fractional">Names of the columns of whole numbers that are filled with fractions in some of them.</param>
    /// <param name="cancellation">Cancels.</param>
    public void Write(ParseResult parsed, Stream stream, IEnumerable<Table> batches, IReadOnlyList<string> fractional,
        CancellationToken cancellation)
    {
        ITableFormat format = Format(parsed);
        Write(format, Writing(Path(parsed), Compression(parsed, format), format), stream, batches, fractional, cancellation);
    }

    /// <summary>The same in a format.</summary>
    public static void Write(ITableFormat format, TableWriteOptions options, Stream stream, IEnumerable<Table> batches,
        IReadOnlyList<string> fractional, CancellationToken cancellation)
    {
        ITableAppender? appender = null;
        foreach (Table batch in batches)
        {
            appender ??= format.Rewrite(stream, Schema(batch, fractional), options);
            appender.Append(batch, cancellation);
        }
        appender?.Finish();
    }

    /// <summary>Whether the types of columns have to be known before the first row is written.</summary>
    public bool IsTyped(ParseResult parsed) => IsParquet(Format(parsed));

    /// <summary>A batch with the kinds that its columns have in all.</summary>
    private static Table Schema(Table batch, IReadOnlyList<string> fractional) => fractional.Count == 0 ? batch
        : new Table(batch.Columns.Select(c => c is NumericColumn { Kind: ColumnKind.Integer } numeric && fractional.Contains(c.Name)
            ? NumericColumn.Number(c.Name, numeric.Values) : c), batch.Source);

    /// <summary>Name of the option.</summary>
    public string Name => _out.Name;

    /// <summary>Columns of whole numbers whose type the output has to change, since they were filled with fractions.</summary>
    public IReadOnlyList<string> Widened(ParseResult parsed, Table table) => IsParquet(Format(parsed)) ? ParquetTable.Widened(table) : [];

    private TableCompression Compression(ParseResult parsed, ITableFormat format)
    {
        return Compression(_compression.Name, parsed.GetValue(_compression), format);
    }

    /// <summary>The compression of that name; snappy where none is named.</summary>
    /// <exception cref="UsageException">No such compression, or a format that is not compressed.</exception>
    public static TableCompression Compression(string option, string? name, ITableFormat format)
    {
        if (name is null) return TableCompression.Snappy;
        if (!IsParquet(format))
            throw new UsageException($"{option}: only Parquet output can be compressed, and the output is {format.Name}; omit the option, "
                + "or use --to parquet.");
        return name.All(char.IsLetter) && Enum.TryParse(name, ignoreCase: true, out TableCompression compression)
            ? compression
            : throw new UsageException($"{option} {name}: expected snappy, zstd, gzip or none.");
    }

    /// <summary>How a file of that name is written: with tabs where it ends in .tsv, and as CSV compressed where it ends in .gz.</summary>
    public static TableWriteOptions Writing(string path, TableCompression compression, ITableFormat format)
    {
        TableWriteOptions options = CsvTable.WriteOptions(path);
        return IsParquet(format) ? options with { Compression = compression } : options;
    }

    private static bool IsParquet(ITableFormat format) => format.Name == "parquet";

    private ITableFormat Format(ParseResult parsed) => Formats.ToWrite(parsed, _to.Name, parsed.GetValue(_to), Path(parsed));

    private string Path(ParseResult parsed) => parsed.GetRequiredValue(_out);
}
