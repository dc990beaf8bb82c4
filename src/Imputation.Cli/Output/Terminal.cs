namespace Imputation.Cli.Output;

/// <summary>Destination and style of text; nothing else uses the console.</summary>
/// <remarks>Results go to standard output, messages and progress to standard error.</remarks>
internal sealed class Terminal(bool quiet)
{
    /// <summary>Width of text that nobody looks at through a terminal.</summary>
    private const int PlainWidth = 80;

    /// <summary>Whether the summary was not asked for.</summary>
    public bool Quiet => quiet;

    /// <summary>Whether progress may be shown: standard error is a terminal.</summary>
    public bool ShowsProgress => !quiet && !Console.IsErrorRedirected && !Plain;

    /// <summary>A line of importance, on standard error.</summary>
    public static void Say(string line) => Console.Error.WriteLine(line);

    /// <summary>A summary on standard output, or on standard error where the data go to standard output. Plain text, without
    /// colour.</summary>
    public static Summary Account(bool dataOnStandardOutput)
    {
        bool plain = dataOnStandardOutput ? Console.IsErrorRedirected : Console.IsOutputRedirected;
        return new Summary(dataOnStandardOutput ? Console.Error : Console.Out, plain ? PlainWidth : Width(), wraps: !plain);
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
