using Imputation.Text;

namespace Imputation.Cli.Exits;

/// <summary>The command line is not valid: the message gives the option, the value, and the expectation.</summary>
internal sealed class UsageException(string message) : Exception(TextFormat.WithoutLongWords(message));
