using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Reports;
using Imputation.Text;

namespace Imputation.Cli.Options;

/// <summary>How much memory a run may take, and where rows go that do not fit: the same for every command that reads rows in
/// batches.</summary>
internal sealed class StreamingOptions
{
    private const long DefaultMemory = 1L << 31;

    /// <summary>Memory that a table in memory takes, for each byte of its file; the numbers of a CSV file take about as much as their text,
    /// those of a Parquet file more, and a run two and a half times as much.</summary>
    private const double MemoryPerByte = 4;

    /// <summary>Bytes of the files from which on the summary says that they were read into memory.</summary>
    private const long WorthSaying = 1 << 24;

    /// <summary>Of the memory, what goes to rows: the rest is for the program and the batch that it works on.</summary>
    private const int PartOfRows = 2;

    /// <summary>Bytes of memory for each cell of a batch; and most cells of one, beyond which a batch saves no more time.</summary>
    private const int MemoryPerCell = 512, MostCells = 1 << 20;

    private readonly Option<long?> _memory = new("--memory")
    {
        Description = "Memory that the run may take, such as 2GB: rows are then read in batches, and those that do not fit go to a "
            + "temporary file. By default the table is read into memory, unless it would fill half of the machine's.",
        HelpName = "SIZE",
        CustomParser = Values.Memory,
    };

    private readonly Option<string?> _temp = new("--temp")
    {
        Description = "Folder for temporary files of runs in batches; by default that of the system.",
        HelpName = "FOLDER",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_memory);
        command.Options.Add(_temp);
    }

    /// <summary>Whether a memory was given.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_memory) is not null;

    /// <summary>Whether rows are to be read in batches: where a memory was given, or the files would take too much of it.</summary>
    public bool IsWanted(ParseResult parsed, ReadingOptions reading) => IsGiven(parsed)
        || LengthOf(parsed, reading) * MemoryPerByte > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2.0;

    /// <summary>Refuses an option that needs all rows at once under a limit of memory.</summary>
    /// <exception cref="UsageException">A memory was given.</exception>
    public void RefuseWith(string option, ParseResult parsed)
    {
        if (IsGiven(parsed))
            throw new UsageException($"{option} needs all rows in memory, and {_memory.Name} has them read in batches; leave out one of "
                + "them.");
    }

    /// <summary>Number of cells of a batch.</summary>
    public int BatchCells(ParseResult parsed) => (int)Math.Clamp(Bytes(parsed) / MemoryPerCell, 1 << 16, MostCells);

    /// <summary>Folder for temporary files.</summary>
    public string Temporary(ParseResult parsed) => parsed.GetValue(_temp) ?? Path.GetTempPath();

    /// <summary>How rows are kept. A temporary file is announced with its size.</summary>
    public StreamOptions Read(ParseResult parsed, Terminal terminal) => new()
    {
        Memory = Math.Max(StreamOptions.LeastMemory, Bytes(parsed) / PartOfRows),
        Scratch = bytes =>
        {
            string folder = Temporary(parsed);
            var scratch = ScratchFile.Create(folder, bytes);
            if (!terminal.Quiet)
                Terminal.Say($"impute: rows that do not fit into {TextFormat.Bytes(Bytes(parsed))} go to a temporary file in {folder}"
                    + (bytes is { } most ? $", up to {TextFormat.Bytes(most)}." : "."));
            return scratch;
        },
    };

    /// <summary>How the files were read, for the summary, with a comma before it; nothing of small ones, which are read into memory as
    /// nobody doubts.</summary>
    public string Describe(ParseResult parsed, ReadingOptions reading) => IsWanted(parsed, reading) ? DescribeBatches(parsed)
        : LengthOf(parsed, reading) >= WorthSaying ? ", read into memory" : "";

    /// <summary>The same of rows that are always read in batches.</summary>
    public string DescribeBatches(ParseResult parsed) => $", read in batches within {TextFormat.Bytes(Bytes(parsed))}";

    /// <summary>How the files were read, for a report.</summary>
    public RunMemory Memory(ParseResult parsed, ReadingOptions reading) => IsWanted(parsed, reading) ? MemoryOfBatches(parsed)
        : new RunMemory(null, PeakMemory.Bytes());

    /// <summary>The same of rows that are always read in batches.</summary>
    public RunMemory MemoryOfBatches(ParseResult parsed) => new(Bytes(parsed), PeakMemory.Bytes());

    private long Bytes(ParseResult parsed) => parsed.GetValue(_memory) ?? DefaultMemory;

    private static long LengthOf(ParseResult parsed, ReadingOptions reading) => reading.Parts(parsed).Sum(part => LengthOf(part.Path));

    private static long LengthOf(string path) => path != "-" && File.Exists(path) ? new FileInfo(path).Length : 0;
}
