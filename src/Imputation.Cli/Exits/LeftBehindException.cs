namespace Imputation.Cli.Exits;

/// <summary>A failure after which files stay; the message names them, the inner exception is the failure.</summary>
internal sealed class LeftBehindException(Exception cause, string left) : Exception(left, cause);
