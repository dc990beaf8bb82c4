namespace Imputation.Cli.Exits;

/// <summary>Under <c>--strict</c>, something that a careful statistician would want to know first.</summary>
internal sealed class RefusedException(string message) : Exception(message);
