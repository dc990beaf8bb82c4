namespace Imputation.Files.Csv;

/// <summary>A column while it is read: every row has its place.</summary>
internal sealed class CsvColumnArrays(string name, int rowCount, int rowsBefore)
{
    /// <summary>Number of rows of the file before these.</summary>
    public int RowsBefore => rowsBefore;

    public string Name => name;

    /// <summary>NaN where missing or not a number.</summary>
    public double[] Values { get; } = GC.AllocateUninitializedArray<double>(rowCount);

    /// <summary>For the marks of missing.</summary>
    public byte[] Codes { get; } = new byte[rowCount];
}
