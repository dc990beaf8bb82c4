using Imputation.Files;

namespace Imputation.Cli.Options;

/// <summary>Which kind of file a name stands for.</summary>
internal static class Formats
{
    /// <summary>The format asked for by name, or that of the extension; CSV for standard input and output and for names without extension.</summary>
    public static ITableFormat Of(string option, string? name, string path)
    {
        try
        {
            if (name is not null) return TableFormats.ByName(name);
            return path == "-" || Path.GetExtension(path).Length == 0 ? TableFormats.ByName("csv") : TableFormats.ForPath(path);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(name is null ? $"{WithoutParameter(exception)} Say which it is with {option} {Names}." : $"{option}: {WithoutParameter(exception)}");
        }
    }

    /// <summary>An exception's message for people, without the name of a parameter they cannot see.</summary>
    public static string WithoutParameter(ArgumentException exception)
    {
        int parameter = exception.Message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        return parameter < 0 ? exception.Message : exception.Message[..parameter];
    }

    private static string Names => string.Join(" or ", TableFormats.All.Select(format => format.Name));
}
