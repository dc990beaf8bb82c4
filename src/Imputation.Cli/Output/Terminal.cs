namespace Imputation.Cli.Output;

/// <summary>Where text goes and how it may look: the only place that touches the console.</summary>
/// <remarks>Standard output is for what was asked for; messages and progress go to standard error.</remarks>
internal sealed class Terminal(bool quiet)
{
    /// <summary>Width of text that nobody looks at through a terminal.</summary>
    private const int PlainWidth = 80;

    /// <summary>Whether the summary was not asked for.</summary>
    public bool Quiet => quiet;

    /// <summary>Whether progress may be painted: someone is there to look at it.</summary>
    public bool ShowsProgress => !quiet && !Console.IsErrorRedirected && !Plain;

    /// <summary>A line of importance, on standard error.</summary>
    public static void Say(string line) => Console.Error.WriteLine(line);

    /// <summary>The stream of the summary: standard output, or standard error where the data go to standard output.</summary>
    public static TextWriter Summary(bool dataOnStandardOutput) => dataOnStandardOutput ? Console.Error : Console.Out;

    /// <summary>Whether colour may be used on standard output or standard error.</summary>
    public static bool HasColor(bool onError) => !Plain && !(onError ? Console.IsErrorRedirected : Console.IsOutputRedirected);

    /// <summary>Columns of text that fit on standard output or standard error.</summary>
    public static int Width(bool onError)
    {
        if (onError ? Console.IsErrorRedirected : Console.IsOutputRedirected) return PlainWidth;
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
    private static bool Plain => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) || Environment.GetEnvironmentVariable("TERM") == "dumb";
}
