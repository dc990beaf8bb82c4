namespace Imputation.Cli.Exits;

/// <summary>The command cannot be run as it was given: the message says which option, the value, and what was expected.</summary>
internal sealed class UsageException(string message) : Exception(message);
