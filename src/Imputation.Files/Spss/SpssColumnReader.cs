namespace Imputation.Files.Spss;

/// <summary>Collects the cells of a variable.</summary>
internal abstract class SpssColumnReader(SpssVariable variable)
{
    /// <summary>Number of elements of each cell.</summary>
    public int ElementCount => variable.ElementCount;

    protected SpssVariable Variable => variable;

    /// <summary>Takes the next element: its command and, where it is stored, its 8 bytes.</summary>
    /// <exception cref="ImputationDataException">It cannot be an element of this variable.</exception>
    public abstract void Add(byte command, ulong word);

    /// <summary>The column, after the last element.</summary>
    public abstract Column Finish();
}
