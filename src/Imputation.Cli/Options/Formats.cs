using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Files;
using Imputation.Parquet;
using Imputation.ParquetNet;

namespace Imputation.Cli.Options;

/// <summary>The file format for a name, and the engine for Parquet.</summary>
internal static class Formats
{
    private const string EngineName = "--parquet-engine";

    /// <summary>The option that chooses the Parquet engine, for a command that reads or writes tables.</summary>
    public static Option<string> Engine() => new(EngineName)
    {
        Description = "Parquet library: built-in (the default) or parquet.net (the package Parquet.Net).",
        HelpName = "ENGINE",
        CustomParser = Values.ParquetEngine,
        DefaultValueFactory = _ => ParquetEngine.BuiltIn.Name,
    };

    /// <summary>The name of the engine chosen.</summary>
    public static KeyValuePair<string, string> EngineSetting(ParseResult parsed) =>
        new(EngineName, parsed.GetRequiredValue<string>(EngineName));

    /// <summary>The format asked for by name, or that of the extension; CSV for standard input and output and for names without
    /// extension.</summary>
    public static ITableFormat Of(ParseResult parsed, string option, string? name, string path)
    {
        TableFormats formats = All(parsed);
        try
        {
            if (name is not null) return formats.ByName(name);
            return path == "-" || Path.GetExtension(path).Length == 0 ? formats.ByName("csv") : formats.ForPath(path);
        }
        catch (ArgumentException exception)
        {
            string names = string.Join(" or ", formats.All.Select(format => format.Name));
            throw new UsageException(name is null
                ? $"{WithoutParameter(exception)} Specify the format with {option} {names}."
                : $"{option}: {WithoutParameter(exception)}");
        }
    }

    /// <summary>All formats.</summary>
    public static TableFormats All(ParseResult parsed) =>
        new(new CsvFormat(), new ParquetFormat(Chosen(parsed)), new SpssFormat(), new ExcelFormat());

    /// <summary>Checks that a format can write the table of the input.</summary>
    /// <param name="format">The output's format.</param>
    /// <param name="input">The input's format.</param>
    /// <param name="option">The option that names the output.</param>
    /// <param name="stacks">Whether several tables go into one file.</param>
    /// <exception cref="UsageException">It writes only what was read from it, and that is not this.</exception>
    public static void CheckWrites(ITableFormat format, ITableFormat input, string option, bool stacks = false)
    {
        if (!format.WritesOnlyItsOwn || (format.Name == input.Name && !stacks)) return;
        throw new UsageException($"{option}: {format.Name} files are written only from a table read from one, with its dictionary"
            + (stacks ? ", which has no column for the number of the imputation" : $", and the input is {input.Name}")
            + "; write .csv or .parquet (--to csv or parquet).");
    }

    /// <summary>The same for a table that is written.</summary>
    /// <exception cref="UsageException">The format can only be read.</exception>
    public static ITableFormat ToWrite(ParseResult parsed, string option, string? name, string path)
    {
        ITableFormat format = Of(parsed, option, name, path);
        return format.CanWrite ? format
            : throw new UsageException($"{(name is null ? $"'{path}'" : $"{option} {name}")}: workbooks are read, not "
            + "written; name a .csv file, which Excel opens, or a .parquet file.");
    }

    /// <summary>An exception's message for people, without the name of a parameter they cannot see.</summary>
    public static string WithoutParameter(ArgumentException exception)
    {
        int parameter = exception.Message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        return parameter < 0 ? exception.Message : exception.Message[..parameter];
    }

    private static ParquetEngine Chosen(ParseResult parsed) =>
        EngineSetting(parsed).Value == ParquetEngine.BuiltIn.Name ? ParquetEngine.BuiltIn : OfParquetNet();

    /// <summary>Apart, so that its assembly is not loaded where nobody asks for it.</summary>
    private static ParquetEngine OfParquetNet() => ParquetNetEngine.Instance;
}
