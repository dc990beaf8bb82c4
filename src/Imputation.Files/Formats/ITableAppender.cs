namespace Imputation.Files;

/// <summary>Writes several tables to one file, stacked one below the other.</summary>
public interface ITableAppender
{
    /// <summary>Writes the rows of a table. Where <see cref="ITableFormat.CanContinue"/>, all of them are in the stream when this
    /// returns.</summary>
    /// <param name="table">A table with the names of the schema's columns, in their order.</param>
    /// <param name="cancellation">Cancels the writing; the file is then unusable.</param>
    /// <exception cref="ImputationDataException">A value does not fit the schema, such as a fraction among whole numbers.</exception>
    void Append(Table table, CancellationToken cancellation = default);

    /// <summary>Completes the file, with a footer if the format has one. No table may follow. The stream stays open.</summary>
    void Finish();
}
