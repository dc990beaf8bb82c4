using Imputation.Files;

namespace Imputation.Tests.Files;

public class CsvPlainTests
{
    private static Table Mixed() => new(
    [
        NumericColumn.Number("x", [0.1, double.NaN, 1e300]),
        NumericColumn.Integer("n", [1, null, -9007199254740992]),
        TextColumn.Create("a,b", ["say \"hi\"", null, "NA"]),
        ObjectColumn.Create("when", typeof(DateOnly), [new DateOnly(2024, 2, 29), null, new DateOnly(1999, 12, 31)]),
        ObjectColumn.Create("yes", typeof(bool), [true, false, null]),
    ]);

    [Fact]
    public void ATableFromArrays_IsWrittenPlainly() => Assert.Equal(
        "x,n,\"a,b\",when,yes\n0.1,1,\"say "
            + "\"\"hi\"\"\",2024-02-29,true\nNA,NA,NA,NA,false\n1E+300,-9007199254740992,\"NA\",1999-12-31,NA\n", Csv.Text(Mixed()));

    [Fact]
    public void TheWaysOfWriting_CanBeChosen() => Assert.Equal(
        "x;n;a,b;when;yes\n0,1;1;\"say \"\"hi\"\"\";2024-02-29;true\n;;;;false\n1E+300;-9007199254740992;\"NA\";1999-12-31;\n",
        Csv.Text(Mixed(), new TableWriteOptions { Delimiter = ';', DecimalComma = true, MissingText = "" }));

    [Fact]
    public void WhatIsWritten_ReadsBackTheSame()
    {
        var random = new Random(4);
        var values = new double[200, 3];
        for (int i = 0; i < 200; i++)
            for (int j = 0; j < 3; j++)
                values[i, j] = random.Next(4) == 0 ? double.NaN : BitConverter.Int64BitsToDouble(random.NextInt64()) is var d
                    && double.IsFinite(d) ? d : 0.1;
        Table table = Table.FromArray(["a", "b", "c"], values);
        foreach (bool comma in (bool[])[false, true])
        {
            Table back = Csv.Read(Csv.Bytes(table, new TableWriteOptions { DecimalComma = comma }),
                new TableReadOptions { DecimalComma = comma });
            foreach (NumericColumn column in table.Columns.Cast<NumericColumn>())
                Assert.Equal(column.Values.ToArray(), ((NumericColumn)back[column.Name]).Values.ToArray());
        }
    }

    [Fact]
    public void AOneColumnTable_KeepsItsMissingRows_EvenIfMissingIsWrittenEmpty()
    {
        Table table = Table.FromArray(["a"], new double[,] { { 1 }, { double.NaN }, { 3 }, { double.NaN } });
        Assert.Equal(4, Csv.Read(Csv.Bytes(table, new TableWriteOptions { MissingText = "" })).RowCount);
    }
}
