using Imputation.Files;

namespace Imputation.Cli.Output;

/// <summary>Destination and style of text; nothing else uses the console.</summary>
/// <remarks>Results go to standard output, messages and progress to standard error. All text passes <see cref="PrintableWriter"/>;
/// tables and reports that are asked for on standard output are written as they are.</remarks>
internal sealed class Terminal(bool quiet)
{
    /// <summary>Width of text that nobody looks at through a terminal.</summary>
    private const int PlainWidth = 80;

    /// <summary>Whether the summary was not asked for.</summary>
    public bool Quiet => quiet;

    /// <summary>Whether progress may be shown: standard error is a terminal.</summary>
    public bool ShowsProgress => !quiet && !Console.IsErrorRedirected && !Plain;

    /// <summary>Standard output, for text.</summary>
    public static TextWriter Out { get; } = new PrintableWriter(Console.Out, e => OutputException.From(e, "-"));

    /// <summary>Standard error. Where it cannot be written, there is no place to say so.</summary>
    public static TextWriter Error { get; } = new PrintableWriter(Console.Error, failure: null);

    /// <summary>A line of importance, on standard error.</summary>
    public static void Say(string line) => Error.WriteLine(line);

    /// <summary>A summary on standard output, or on standard error where the data go to standard output. Plain text, without
    /// colour.</summary>
    /// <param name="outputs">The files of the run, which are in their places.</param>
    public static Summary Account(Outputs outputs)
    {
        bool plain = outputs.OnStandardOutput ? Console.IsErrorRedirected : Console.IsOutputRedirected;
        TextWriter writer = outputs.OnStandardOutput ? Error
            : new PrintableWriter(Console.Out, e => outputs.WithWritten(OutputException.From(e, "-")));
        return new Summary(writer, plain ? PlainWidth : Width(), wraps: !plain);
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? Math.Clamp(width, 40, 120) : PlainWidth;
        }
        catch (IOException)
        {
            return PlainWidth;
        }
    }

    /// <summary>The user asked for no colour (no-color.org), or the terminal can do nothing but print.</summary>
    private static bool Plain => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        || Environment.GetEnvironmentVariable("TERM") == "dumb";
}
