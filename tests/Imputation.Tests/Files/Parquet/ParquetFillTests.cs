using Imputation.Files;
using Imputation.Parquet;
using Imputation.Parquet.Storage;
using Imputation.Parquet.Tables;

namespace Imputation.Tests.Files.Parquet;

/// <summary>A table read from Parquet, filled, and written: only cells that were missing change.</summary>
public class ParquetFillTests
{
    [Fact]
    public void FilledSamples_KeepObservedCells_TypesAndMetadata()
    {
        foreach (string path in ParquetFiles.Samples.Where(f => f.Contains("mixed_", StringComparison.Ordinal)))
        {
            Table table = ParquetTable.Read(path), filled = Csv.Fill(table, 2.5);
            ParquetFile before = ParquetFile.Open(File.ReadAllBytes(path)), after = ParquetFile.Open(Parquet.Bytes(filled));
            Assert.Equal(before.KeyValues, after.KeyValues);
            Assert.Equal(before.GroupCount, after.GroupCount);
            for (int j = 0; j < before.Columns.Count; j++)
            {
                ColumnSchema old = before.Columns[j], now = after.Columns[j];
                bool widened = filled.Columns[j] is NumericColumn { Original: not null } && old.Type is PhysicalType.Int32
                    or PhysicalType.Int64 && old.Logical.Kind != LogicalKind.Decimal;
                Assert.Equal(widened && filled.Columns[j].Original is not null ? PhysicalType.Double : old.Type, now.Type);
                Assert.Equal(old.IsOptional, now.IsOptional);
                if (now.Type == old.Type) Assert.Equal(old.Logical, now.Logical);
                int start = 0;
                for (int group = 0; group < before.GroupCount; group++)
                {
                    ColumnValues a = before.Read(group, old), b = after.Read(group, now);
                    for (int row = 0; row < a.Count; row++)
                    {
                        if (a.IsNull(row)) Assert.Equal(filled.Columns[j].IsMissing(start + row), b.IsNull(row));
                        else if (now.Type == old.Type) Assert.Equal(Parquet.Bits(a, row), Parquet.Bits(b, row));
                    }
                    start += a.Count;
                }
            }
            Assert.Equal(["big", "i8", "u16"], ParquetTable.Widened(filled).Order(StringComparer.Ordinal));
            Table back = ParquetTable.Read(new MemoryStream(Parquet.Bytes(filled)));
            foreach (NumericColumn column in filled.Columns.OfType<NumericColumn>())
                Assert.Equal(column.Values.ToArray(), ((NumericColumn)back[column.Name]).Values.ToArray());
        }
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void WhatAnEngineWrites_TheBuiltInCodecReads_ObservedCellsAsTheyWere(Engine engine)
    {
        foreach (string sample in (string[])["mixed_duckdb_v2_snappy", "mixed_duckdb_v2_zstd_rg50", "mixed_arrowrs_gzip", "empty_duckdb"])
        {
            Table table = engine.Read(ParquetFiles.Sample(sample + ".parquet")), filled = Csv.Fill(table, 2.5);
            foreach (TableCompression compression in Enum.GetValues<TableCompression>())
            {
                byte[] bytes = engine.Bytes(filled, compression);
                Table back = Engine.BuiltIn.Read(bytes);
                Assert.Equal(table.Columns.Select(c => c.Name), back.Columns.Select(c => c.Name));
                Assert.Equal(ParquetFile.Open(File.ReadAllBytes(ParquetFiles.Sample(sample + ".parquet"))).KeyValues,
                    ParquetFile.Open(bytes).KeyValues);
                foreach (Column column in filled.Columns)
                    for (int row = 0; row < table.RowCount; row++)
                        Assert.True(Equals(column.Value(row), back[column.Name].Value(row)),
                            $"{sample}, {compression}, {column.Name}, row {row + 1}: {back[column.Name].Value(row)}, expected "
                            + $"{column.Value(row)}");
            }
        }
    }

    [Fact]
    public void AnUntouchedTable_IsWrittenWithEveryBit()
    {
        foreach (string path in ParquetFiles.Samples)
        {
            ParquetFile before = ParquetFile.Open(File.ReadAllBytes(path));
            Table table = ParquetTable.Read(path, new TableReadOptions { MixedColumns = ["v"] });
            ParquetFile after = ParquetFile.Open(Parquet.Bytes(table, TableCompression.None));
            for (int j = 0; j < before.Columns.Count; j++)
            {
                Assert.Equal(before.Columns[j].Element with { RawLogicalType = null },
                    after.Columns[j].Element with { RawLogicalType = null });
                for (int group = 0; group < before.GroupCount; group++)
                    Parquet.Same(before.Read(group, before.Columns[j]), after.Read(group, after.Columns[j]),
                        $"{path}, {before.Columns[j].Name}");
            }
        }
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void TheImputer_FillsAParquetFile(Engine engine)
    {
        Table table = engine.Read(ParquetFiles.Sample("mixed_duckdb_v2_zstd_rg50.parquet"));
        Table done = Imputer.Impute(table, new NormalOptions { Columns = new ColumnSelection { Include = ["x", "f"] } }).Table,
            back = engine.Back(done);
        Assert.Equal(0, back["x"].MissingCount);
        Assert.Equal(table.RowCount, back["allnull"].MissingCount);
        Assert.Equal(((NumericColumn)done["x"]).Values.ToArray(), ((NumericColumn)back["x"]).Values.ToArray());
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void FilledValues_TakeTheTypeOfTheirColumn(Engine engine)
    {
        SchemaElement decimals = ParquetElements.Decimal("decimal", 2) with { Repetition = 1 };
        SchemaElement[] elements = [ParquetElements.Of("float", PhysicalType.Float) with { Repetition = 1 }, decimals,
            ParquetElements.Float16("half") with { Repetition = 1 }];
        bool[] present = [true, false];
        byte[] bytes = Parquet.File(elements, PageCodec.Snappy, [],
        [
            new ColumnValues<float>([1.5f, 0], present),
            new ColumnValues<ReadOnlyMemory<byte>>([Decimals.ToBytes(-150, 16)!, default], present),
            new ColumnValues<ReadOnlyMemory<byte>>([BitConverter.GetBytes((Half)1.5), default], present),
        ]);
        Table back = engine.Back(Csv.Fill(engine.Read(bytes), -0.125));
        Assert.Equal([-0.125, -0.13, -0.125], back.Columns.Select(c => ((NumericColumn)c).Values[1]));
        Assert.Equal([1.5, -1.5, 1.5], back.Columns.Select(c => ((NumericColumn)c).Values[0]));
        Assert.Equal([(double)0.1f, 0.1, (double)(Half)0.1], engine.Back(Csv.Fill(engine.Read(bytes), 0.1))
            .Columns.Select(c => ((NumericColumn)c).Values[1]));
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void ADecimalColumn_HasItsScaleForDecimals(Engine engine)
    {
        Table table = engine.Read(ParquetFiles.Sample("mixed_duckdb_v2_snappy.parquet"));
        Assert.Equal([2, 4, null, null], new[] { "dec9", "dec30", "x", "id" }.Select(name => ((NumericColumn)table[name]).Decimals));
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void WholeNumbers_KeepTheirType_OrTakeAWiderOne(Engine engine)
    {
        SchemaElement[] elements = [ParquetElements.Integer("byte", 8, false) with { Repetition = 1 }];
        byte[] bytes = Parquet.File(elements, PageCodec.None, [], [new ColumnValues<int>([255, 0, 7], [true, false, true])]);
        foreach ((double fill, ColumnKind kind, PhysicalType type) in ((double, ColumnKind, PhysicalType)[])[(200, ColumnKind.Integer,
            PhysicalType.Int32), (256, ColumnKind.Integer, PhysicalType.Int64), (-1, ColumnKind.Integer, PhysicalType.Int64),
            (0.5, ColumnKind.Number, PhysicalType.Double)])
        {
            byte[] written = engine.Bytes(Csv.Fill(engine.Read(bytes), fill, kind));
            Assert.Equal(type, ParquetFile.Open(written).Columns[0].Type);
            Assert.Equal([255, fill, 7], ((NumericColumn)engine.Read(written)["byte"]).Values.ToArray());
        }
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void AValueBeyondItsType_IsRefusedByName(Engine engine)
    {
        SchemaElement decimals = ParquetElements.Of("price", PhysicalType.Int32) with
        {
            Repetition = 1,
            ConvertedType = 5,
            Scale = 2,
            Precision = 4
        };
        byte[] bytes = Parquet.File([decimals], PageCodec.None, [], [new ColumnValues<int>([150, 0], [true, false])]);
        var refused = Assert.Throws<ImputationDataException>(() => engine.Bytes(Csv.Fill(engine.Read(bytes), 123.456)));
        Assert.Equal("price", refused.Column);
        Assert.Contains("123.456", refused.Message);
        Assert.Contains("DECIMAL(4, 2)", refused.Message);
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void NaNsAndCodes_AreMissing_CountedApart_AndStayWhereNotFilled(Engine engine)
    {
        SchemaElement[] elements = [ParquetElements.Of("x", PhysicalType.Double) with { Repetition = 1 }];
        byte[] bytes = Parquet.File(elements, PageCodec.Snappy, [],
            [new ColumnValues<double>([1, double.NaN, 0, -99, 2], [true, true, false, true, true])]);
        Table table = engine.Read(bytes, options: new TableReadOptions { MissingMarkers = ["-99"] });
        Assert.Equal([null, MissingOrigin.NotANumber, MissingOrigin.Empty, new MissingOrigin(MissingKind.Code, "-99"), null],
            Enumerable.Range(0, 5).Select(table["x"].Mask.Origin));
        ParquetFile kept = ParquetFile.Open(engine.Bytes(table));
        Parquet.Same(new ColumnValues<double>([1, double.NaN, 0, -99, 2], [true, true, false, true, true]), kept.Read(0, kept.Columns[0]),
            "kept");
        Assert.Equal([1, 3, 3, 3, 2], ((NumericColumn)engine.Back(Csv.Fill(table, 3))["x"]).Values.ToArray());
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void NumbersBeyondADouble_ArePassedThrough(Engine engine)
    {
        SchemaElement[] elements = [ParquetElements.Of("id", PhysicalType.Int64) with { Repetition = 0 }];
        Table table = engine.Read(Parquet.File(elements, PageCodec.Snappy, [], [new ColumnValues<long>([9007199254740993, 1], null)]));
        Assert.Equal(9007199254740993L, table["id"].Value(0));
        Assert.Equal(ColumnKind.Other, table["id"].Kind);
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void ColumnsLeftOutOrAdded_AreWrittenAsTheTableHasThem(Engine engine)
    {
        Table table = engine.Read(ParquetFiles.Sample("mixed_duckdb_v2_zstd_rg50.parquet"));
        Table other = new([NumericColumn.Number("new", new double[table.RowCount]), table["cat"], table["id"]], table.Source);
        Table back = engine.Back(other);
        Assert.Equal(["new", "cat", "id"], back.Columns.Select(c => c.Name));
        for (int row = 0; row < table.RowCount; row++) Assert.Equal(table["cat"].Value(row), back["cat"].Value(row));
    }
}
