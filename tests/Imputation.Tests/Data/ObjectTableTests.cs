namespace Imputation.Tests.Data;

public class ObjectTableTests
{
    private enum Colour { Red, Green }

    private sealed class Everything
    {
        public double? Number { get; set; }
        public float Single { get; set; }
        public decimal? Price { get; set; }
        public int? Count { get; set; }
        public ulong Big { get; set; }
        public string? Name { get; set; }
        public DateTime Day { get; set; }
        public bool? Yes { get; set; }
        public Colour Colour { get; set; }
        public double WriteOnly { set => _ = value; }
        public double this[int index] => index;
    }

    private sealed record Positional(int? Age, double? Weight, string Name);

    private readonly record struct Point(double? X, double? Y);

    private struct Mutable
    {
        public double? X { get; set; }
        public int Row { get; set; }
    }

    private class Animal
    {
        public double? Weight { get; init; }
        public string Name { get; init; } = "";
    }

    private sealed class Dog : Animal
    {
        private readonly Guid _chip = Guid.NewGuid();
        public int? Age { get; init; }
        public Guid Chip() => _chip;
    }

    private sealed class ConstructorOnly(double? weight, string name)
    {
        public double? Weight { get; } = weight;
        public string Name { get; } = name;
        public DateTime Day { get; set; }
    }

    private sealed class Computed
    {
        public double? Height { get; init; }
        public double? Half => Height / 2;
    }

    [Fact]
    public void Columns_FollowDeclaration_AndTypes()
    {
        Table table = ObjectTable.FromObjects([new Everything { Number = double.NaN, Count = 3, Name = "x" },
            new Everything { Number = 1.5, Price = 0.1m }]);

        Assert.Equal(["Number", "Single", "Price", "Count", "Big", "Name", "Day", "Yes", "Colour"], table.Columns.Select(c => c.Name));
        Assert.Equal(
            [ColumnKind.Number, ColumnKind.Number, ColumnKind.Number, ColumnKind.Integer, ColumnKind.Integer, ColumnKind.Text,
                ColumnKind.Other, ColumnKind.Other, ColumnKind.Other],
            table.Columns.Select(c => c.Kind));
        Assert.Equal(MissingOrigin.NotANumber, table["Number"].Mask.Origin(0));
        Assert.Equal(MissingOrigin.Empty, table["Price"].Mask.Origin(0));
        Assert.Equal(MissingOrigin.Empty, table["Count"].Mask.Origin(1));
        Assert.Equal(3L, table["Count"].Value(0));
        Assert.Equal("x", table["Name"].Value(0));
        Assert.True(table["Name"].IsMissing(1));
        Assert.Equal(typeof(bool), Assert.IsType<ObjectColumn>(table["Yes"]).Type);
        Assert.True(table["Yes"].IsMissing(0));
    }

    [Theory]
    [InlineData(1UL << 53, ColumnKind.Integer)]
    [InlineData((1UL << 53) + 1, ColumnKind.Other)] // as a double it would read 2⁵³
    [InlineData(ulong.MaxValue, ColumnKind.Other)]
    public void Integers_BeyondTwoTo53_AreHandedThrough(ulong value, ColumnKind kind)
    {
        Table table = ObjectTable.FromObjects([new Everything { Big = value }, new Everything { Big = 1 }]);
        Assert.Equal(kind, table["Big"].Kind);
        Assert.Equal(value, Convert.ToUInt64(table["Big"].Value(0), null));
    }

    [Fact]
    public void Infinity_IsRefused_WithColumnAndRow()
    {
        var error = Assert.Throws<ImputationDataException>(() => ObjectTable.FromObjects([new Point(1, 2),
            new Point(3, double.PositiveInfinity)]));
        Assert.Equal(("Y", 2L), (error.Column, error.Row));
        Assert.Contains("+Infinity", error.Message);
    }

    [Fact]
    public void NullRow_IsRefused_WithItsNumber()
    {
        var error = Assert.Throws<ArgumentException>(() => ObjectTable.FromObjects(new[] { new Animal(), null! }));
        Assert.Contains("Row 2", error.Message);
    }

    [Fact]
    public void TypeWithoutProperties_IsRefused_ByName() =>
        Assert.Contains("Object", Assert.Throws<ArgumentException>(() => ObjectTable.FromObjects([new object()])).Message);

    [Fact]
    public void RowsThatAreArrays_AreSentToArrayTable() =>
        Assert.Contains("ArrayTable", Assert.Throws<ArgumentException>(() => new[] { new[] { 1.0, 2 } }.ToTable()).Message);

    [Fact]
    public void BaseProperties_ComeFirst() =>
        Assert.Equal(["Weight", "Name", "Age"], ObjectTable.FromObjects([new Dog()]).Columns.Select(c => c.Name));

    [Fact]
    public void NoRows_GiveAnEmptyTable_AndBack()
    {
        Table table = ObjectTable.FromObjects(Array.Empty<Point>());
        Assert.Equal(0, table.RowCount);
        Assert.Empty(ObjectTable.ToObjects<Point>(table));
    }

    [Fact]
    public void Unfilled_RoundTrip_IsUnchanged_ToTheLastDecimal()
    {
        var day = new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc);
        var original = new Everything
        {
            Number = 0.1,
            Single = 0.1f,
            Price = 0.1234567890123456789012345678m,
            Big = ulong.MaxValue,
            Day = day,
            Yes = true,
            Colour = Colour.Green
        };
        Everything copy = Assert.Single(ObjectTable.ToObjects<Everything>(ObjectTable.FromObjects([original])));

        Assert.NotSame(original, copy);
        Assert.Equal(original.Price, copy.Price);
        Assert.Equal((0.1, 0.1f, ulong.MaxValue, day, true, Colour.Green), (copy.Number, copy.Single, copy.Big, copy.Day, copy.Yes,
            copy.Colour));
        Assert.Equal(DateTimeKind.Utc, copy.Day.Kind);
    }

    [Fact]
    public void Filled_SetsOnlyFilledCells_OnRecords()
    {
        Positional[] people = [new(null, 70.25, "a"), new(31, null, "b")];
        IReadOnlyList<Positional> filled = ObjectTable.ToObjects<Positional>(Fill(ObjectTable.FromObjects(people), ("Age", 0, 40.4),
            ("Weight", 1, 65.5)));
        Assert.Equal([new(40, 70.25, "a"), new(31, 65.5, "b")], filled);
        Assert.Null(people[0].Age);
    }

    [Fact]
    public void Filled_Works_OnStructs()
    {
        Assert.Equal([new Point(1, 9)], ObjectTable.ToObjects<Point>(Fill(ObjectTable.FromObjects([new Point(1, null)]), ("Y", 0, 9))));

        Mutable[] rows = [new() { Row = 7 }];
        Mutable filled = Assert.Single(ObjectTable.ToObjects<Mutable>(Fill(ObjectTable.FromObjects(rows), ("X", 0, 2.5))));
        Assert.Equal((2.5, 7), (filled.X, filled.Row));
        Assert.Null(rows[0].X);
    }

    [Fact]
    public void Filled_KeepsSubclassAndPrivateState()
    {
        var dog = new Dog { Name = "Rex", Age = 3 };
        Animal filled = Assert.Single(ObjectTable.ToObjects<Animal>(Fill(ObjectTable.FromObjects<Animal>([dog]), ("Weight", 0, 12.5))));
        Dog copy = Assert.IsType<Dog>(filled);
        Assert.Equal((12.5, "Rex", 3, dog.Chip()), (copy.Weight, copy.Name, copy.Age, copy.Chip()));
    }

    [Fact]
    public void Filled_GoesThroughTheConstructor_WhereThereIsNoSetter()
    {
        var day = new DateTime(2020, 1, 1);
        ConstructorOnly[] rows = [new(null, "a") { Day = day }];
        ConstructorOnly filled = Assert.Single(ObjectTable.ToObjects<ConstructorOnly>(Fill(ObjectTable.FromObjects(rows),
            ("Weight", 0, 5))));
        Assert.Equal((5, "a", day), (filled.Weight, filled.Name, filled.Day));
    }

    [Fact]
    public void Filled_Works_OnAnonymousTypes()
    {
        var rows = new[] { new { X = (double?)null, Y = 2 } };
        var filled = FillAnonymous(rows);
        Assert.Equal(new { X = (double?)4, Y = 2 }, filled[0]);

        static IReadOnlyList<T> FillAnonymous<T>(T[] rows) => ObjectTable.ToObjects<T>(Fill(ObjectTable.FromObjects(rows), ("X", 0, 4)));
    }

    [Fact]
    public void Filled_ComputedProperty_IsRefused_WithAdvice()
    {
        Table table = Fill(ObjectTable.FromObjects([new Computed()]), ("Half", 0, 1));
        var error = Assert.Throws<ArgumentException>(() => ObjectTable.ToObjects<Computed>(table));
        Assert.Contains("Half", error.Message);
        Assert.Contains("exclude", error.Message);
    }

    [Theory]
    [InlineData(2.5, 2)] // ties to even
    [InlineData(3.5, 4)]
    [InlineData(-1.2, -1)]
    public void Filled_IntegerProperty_IsRoundedToNearest(double value, int expected)
    {
        IReadOnlyList<Positional> filled = ObjectTable.ToObjects<Positional>(Fill(ObjectTable.FromObjects([new Positional(null, 1, "a")]),
            ("Age", 0, value)));
        Assert.Equal(expected, filled[0].Age);
    }

    [Fact]
    public void Filled_BeyondTheRangeOfItsType_IsRefused_WithColumnRowAndValue()
    {
        Table table = Fill(ObjectTable.FromObjects([new Positional(1, 1, "a"), new Positional(null, 1, "b")]), ("Age", 1, 3e9));
        var error = Assert.Throws<ImputationDataException>(() => ObjectTable.ToObjects<Positional>(table));
        Assert.Equal(("Age", 2L), (error.Column, error.Row));
        Assert.Contains("3000000000", error.Message);
        Assert.Contains("Int32", error.Message);
    }

    [Fact]
    public void Filled_DecimalProperty_TakesTheNumber_AndRefusesOneTooLarge()
    {
        Table table = ObjectTable.FromObjects([new Everything()]);
        Assert.Equal(12.25m, ObjectTable.ToObjects<Everything>(Fill(table, ("Price", 0, 12.25)))[0].Price);
        Assert.Contains("1E+30", Assert.Throws<ImputationDataException>(() => ObjectTable.ToObjects<Everything>(Fill(table,
            ("Price", 0, 1e30)))).Message);
    }

    [Fact]
    public void OtherTables_GiveObjects_ByColumnName()
    {
        var table = new Table([
            NumericColumn.Integer("age", [41, null]),
            NumericColumn.Number("WEIGHT", [60.5, double.NaN]),
            TextColumn.Create("Name", ["a", "b"]),
            TextColumn.Create("unrelated", ["x", "y"])]);
        Assert.Equal([new(41, 60.5, "a"), new(null, null, "b")], ObjectTable.ToObjects<Positional>(table));
    }

    [Fact]
    public void OtherTables_DoNotRoundObservedNumbers()
    {
        var table = new Table([NumericColumn.Number("Age", [41.5])]);
        Assert.Contains("41.5", Assert.Throws<ImputationDataException>(() => ObjectTable.ToObjects<Positional>(table)).Message);
    }

    [Fact]
    public void OtherTables_MissingCellOfAPropertyThatCannotBeNull_IsRefused()
    {
        var table = new Table([NumericColumn.Number("Single", [1, double.NaN])]);
        var error = Assert.Throws<ImputationDataException>(() => ObjectTable.ToObjects<Everything>(table));
        Assert.Equal(("Single", 2L), (error.Column, error.Row));
    }

    /// <summary>The table as an imputer leaves it: some cells filled, everything else kept.</summary>
    private static Table Fill(Table table, params (string Column, int Row, double Value)[] cells)
    {
        foreach (var (name, row, value) in cells)
        {
            var column = (NumericColumn)table[name];
            double[] values = column.Values.ToArray();
            values[row] = value;
            table = table.With(new Dictionary<string, Column> { [name] = column.FilledFrom(values, ColumnKind.Number) });
        }
        return table;
    }
}
