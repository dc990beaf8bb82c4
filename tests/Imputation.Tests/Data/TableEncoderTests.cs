using Imputation.Models;

namespace Imputation.Tests.Data;

public class TableEncoderTests
{
    private static readonly Table s_table = new([
        NumericColumn.Integer("person_id", [1, 2, 3]),
        NumericColumn.Number("height", [1.5, double.NaN, 1.75]),
        NumericColumn.Number("year", [2024, double.NaN, 2024]),
        NumericColumn.Number("empty", [double.NaN, double.NaN, double.NaN]),
        TextColumn.Create("name", ["a", null, "c"]),
        ObjectColumn.Create("day", typeof(DateTime), [null, null, null]),
        NumericColumn.Integer("visits", [3, 3, 4])]);

    private static ColumnRole[] Roles(TableEncoder.Encoding encoding) => [.. encoding.ColumnUses.Select(d => d.Role)];

    [Fact]
    public void EveryColumn_HasADisposition_InTheTablesOrder()
    {
        TableEncoder.Encoding encoding = TableEncoder.Encode(s_table);
        Assert.Equal(s_table.Columns.Select(c => c.Name), encoding.ColumnUses.Select(d => d.Name));
        Assert.Equal(
            [ColumnRole.Identifier, ColumnRole.Modelled, ColumnRole.Constant, ColumnRole.NothingObserved, ColumnRole.PassThrough,
                ColumnRole.PassThrough, ColumnRole.Modelled],
            Roles(encoding));
        Assert.Equal(["height", "visits"], encoding.Matrix!.ColumnNames);
        Assert.Equal((2, 1), (encoding.ColumnUses[1].ObservedCount, encoding.ColumnUses[1].MissingCount));
    }

    [Fact]
    public void ConstantColumn_KeepsItsValue()
    {
        ColumnUse year = TableEncoder.Encode(s_table).ColumnUses[2];
        Assert.Equal(2024, year.Constant);
        Assert.Contains("2024", year.Note);
        Assert.True(double.IsNaN(TableEncoder.Encode(s_table).ColumnUses[1].Constant));
    }

    [Fact]
    public void ColumnNotModelled_SaysHowManyCellsStayMissing()
    {
        IReadOnlyList<ColumnUse> uses = TableEncoder.Encode(s_table).ColumnUses;
        Assert.Equal("not numeric; 1 missing cell stays missing", uses[4].Note);
        Assert.Equal("dates are not modelled or filled; 3 missing cells stay missing", uses[5].Note);
    }

    [Fact]
    public void Include_ModelsOnlyThese_AnIdentifierToo()
    {
        TableEncoder.Encoding encoding = TableEncoder.Encode(s_table, new ColumnSelection { Include = ["person_id", "visits"] });
        Assert.Equal(["person_id", "visits"], encoding.Matrix!.ColumnNames);
        Assert.Equal(ColumnRole.Excluded, encoding.ColumnUses[1].Role);
    }

    [Fact]
    public void Exclude_LeavesColumnsOut_EvenIncludedOnes()
    {
        TableEncoder.Encoding encoding = TableEncoder.Encode(s_table, new ColumnSelection
        {
            Include = ["height", "visits"],
            Exclude = ["visits"]
        });
        Assert.Equal(["height"], encoding.Matrix!.ColumnNames);
        Assert.Equal(ColumnRole.Excluded, encoding.ColumnUses[6].Role);
    }

    [Fact]
    public void Selection_RefusesUnknownAndTextColumns_ByName()
    {
        Assert.Contains("'hieght'", Assert.Throws<ArgumentException>(() => TableEncoder.Encode(s_table,
            new ColumnSelection { Include = ["hieght"] })).Message);
        Assert.Contains("'hieght'", Assert.Throws<ArgumentException>(() => TableEncoder.Encode(s_table,
            new ColumnSelection { Exclude = ["hieght"] })).Message);
        Assert.Contains("'name' is text", Assert.Throws<ArgumentException>(() => TableEncoder.Encode(s_table,
            new ColumnSelection { Include = ["name"] })).Message);
    }

    [Fact]
    public void NothingToModel_GivesNoMatrix() =>
        Assert.Null(TableEncoder.Encode(new Table([TextColumn.Create("name", ["a"])])).Matrix);

    [Theory]
    [InlineData("id", ColumnRole.Identifier)]
    [InlineData("ID", ColumnRole.Identifier)]
    [InlineData("patientId", ColumnRole.Identifier)]
    [InlineData("patient.id", ColumnRole.Identifier)]
    [InlineData("rownames", ColumnRole.Identifier)]
    [InlineData("humid", ColumnRole.Modelled)]
    [InlineData("COVID", ColumnRole.Modelled)]
    [InlineData("age", ColumnRole.Modelled)]
    public void Identifiers_AreKnownByNameAndDistinctWholeNumbers(string name, ColumnRole role) =>
        Assert.Equal(role, TableEncoder.Encode(new Table([NumericColumn.Integer(name, [3, 1, 2])])).ColumnUses[0].Role);

    [Fact]
    public void Identifiers_AreCompleteAndAllDifferent()
    {
        Assert.Equal(ColumnRole.Modelled, TableEncoder.Encode(new Table([NumericColumn.Integer("id", [1, 2, 2])])).ColumnUses[0].Role);
        Assert.Equal(ColumnRole.Modelled, TableEncoder.Encode(new Table([NumericColumn.Integer("id", [1, 2, null])])).ColumnUses[0].Role);
        Assert.Equal(ColumnRole.Modelled, TableEncoder.Encode(new Table([NumericColumn.Number("id", [1, 2, 2.5])])).ColumnUses[0].Role);
    }
}
