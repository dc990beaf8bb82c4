using System.Text;
using Imputation.Files;
using Imputation.Tests.Data;

namespace Imputation.Tests.Files;

/// <summary>Tables from text and text from tables, for the tests of this folder.</summary>
internal static class Csv
{
    public static Table Read(string text, TableReadOptions? options = null) => Read(Encoding.UTF8.GetBytes(text), options);

    public static Table Read(byte[] bytes, TableReadOptions? options = null) => CsvTable.Read(new MemoryStream(bytes), "folder/test.csv",
        options);

    public static byte[] Bytes(Table table, TableWriteOptions? options = null)
    {
        var stream = new MemoryStream();
        CsvTable.Write(stream, table, options);
        return stream.ToArray();
    }

    public static string Text(Table table, TableWriteOptions? options = null) => Encoding.UTF8.GetString(Bytes(table, options));

    /// <summary>The table with every missing cell of every numeric column that has an observed one filled with
    /// <paramref name="value"/>.</summary>
    public static Table Fill(Table table, double value, ColumnKind kind = ColumnKind.Number)
    {
        var filled = new Dictionary<string, Column>();
        foreach (NumericColumn column in table.Columns.OfType<NumericColumn>().Where(c => c.MissingCount > 0))
        {
            double[] values = column.Values.ToArray();
            for (int row = 0; row < values.Length; row++)
                if (column.IsMissing(row)) values[row] = value;
            filled.Add(column.Name, column.FilledFrom(values, kind));
        }
        return table.With(filled);
    }

    /// <summary>The message of the exception that reading a text throws.</summary>
    public static ImputationDataException Refused(string text, TableReadOptions? options = null) =>
        Assert.Throws<ImputationDataException>(() => Read(text, options));
}
