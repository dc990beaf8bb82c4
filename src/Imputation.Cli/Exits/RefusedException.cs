using Imputation.Text;

namespace Imputation.Cli.Exits;

/// <summary>Under <c>--strict</c>, a warning counts as an error.</summary>
internal sealed class RefusedException(string message) : Exception(TextFormat.WithoutLongWords(message));
