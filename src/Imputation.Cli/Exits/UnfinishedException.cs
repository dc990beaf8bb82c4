namespace Imputation.Cli.Exits;

/// <summary>Interrupted, with something finished that another run can go on from; the message is the line that the user sees.</summary>
internal sealed class UnfinishedException(string message) : OperationCanceledException(message);
