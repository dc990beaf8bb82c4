namespace Imputation.Files;

/// <summary>A file that is written table by table, the rows of each below those of the one before.</summary>
public interface ITableAppender
{
    /// <summary>Writes the rows of a table. Where <see cref="ITableFormat.CanContinue"/>, all of them are in the stream when this
    /// returns.</summary>
    /// <param name="table">A table with the names of the schema's columns, in their order.</param>
    /// <param name="cancellation">Cancels the writing; the file is then of no use.</param>
    /// <exception cref="ImputationDataException">A value does not fit the schema, such as a fraction among whole numbers.</exception>
    void Append(Table table, CancellationToken cancellation = default);

    /// <summary>Writes what the format has at the end of a file. Nothing may follow. The stream stays open.</summary>
    void Finish();
}
