namespace Imputation.Cli.Exits;

/// <summary>The exit codes of the command.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Usage = 2;
    public const int Data = 3;
    public const int NotConverged = 4;
    public const int Refused = 5;
    public const int InternalError = 70;
    public const int Interrupted = 130;

    /// <summary>The list at the end of every help text.</summary>
    public const string Help = """
        Exit codes:
          0    done
          2    wrong usage, or a file that cannot be opened, read or written
          3    data (or a model file) that cannot be used
          4    done but not converged: files written, marked in the summary
          5    refused under --strict: nothing written
          130  interrupted: nothing written, except finished imputations
        """;
}
