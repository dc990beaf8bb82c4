namespace Imputation;

/// <summary>A place outside memory for the numbers of rows, such as a temporary file. It is disposed of when the fit ends, however it
/// ends.</summary>
public interface IScratch : IDisposable
{
    /// <summary>Adds numbers behind those that are there. Called by one thread at a time.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <returns>Where the first of them is: the number of numbers before it.</returns>
    long Write(ReadOnlySpan<double> numbers);

    /// <summary>Reads numbers back. Called by several threads at a time, when all are written.</summary>
    /// <param name="start">Where the first of them is.</param>
    /// <param name="numbers">Receives them.</param>
    void Read(long start, Span<double> numbers);
}
