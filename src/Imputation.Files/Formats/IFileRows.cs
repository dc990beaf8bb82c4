namespace Imputation.Files;

/// <summary>The rows of a file in batches; each is asked for when it is needed, and read from the file again.</summary>
public interface IFileRows : IRowSource, IDisposable
{
    /// <summary>The first batch, which decides what the columns are.</summary>
    Table First { get; }
}
