using Imputation.Text;

namespace Imputation;

/// <summary>Data that cannot be used as they are. The message gives the place, the value, the expected value and what to try.</summary>
public sealed class ImputationDataException : Exception
{
    /// <summary>A problem with the data.</summary>
    /// <param name="message">The error, its place, the value, the expectation, and a remedy.</param>
    /// <param name="column">The column concerned, if it is one.</param>
    /// <param name="row">The row concerned, counted from 1 without the header, if it is one.</param>
    /// <param name="inner">The cause.</param>
    public ImputationDataException(string message, string? column = null, long? row = null, Exception? inner = null)
        : base(TextFormat.WithoutLongWords(message), inner)
    {
        Column = column;
        Row = row;
    }

    /// <summary>Name of the column concerned, or null where the problem is not in one column.</summary>
    public string? Column { get; }

    /// <summary>Row concerned, counted from 1 without the header, or null where the problem is not in one row.</summary>
    public long? Row { get; }
}
