using Imputation.Tests.Shared;

namespace Imputation.Tests.Filling;

public class ObjectImputerTests
{
    private sealed record Day(double? Ozone, int? Solar, decimal Wind, int Temp, string Note);

    private static Day[] Days()
    {
        double[,] air = ReferenceCase.Mvn("airquality")!.Values;
        return [.. Enumerable.Range(0, air.GetLength(0)).Select(row => new Day(
            double.IsNaN(air[row, 0]) ? null : air[row, 0], double.IsNaN(air[row, 1]) ? null : (int)air[row, 1], (decimal)air[row, 2], (int)air[row, 3], $"day {row}"))];
    }

    [Fact]
    public void Impute_FillsObjects_AsItFillsTheirTable()
    {
        Day[] days = Days();
        IReadOnlyList<Day> filled = days.Impute();
        ImputationResult table = ObjectTable.FromObjects(days).Impute(fill: new FillOptions { Integer = ["Solar"] });

        Assert.Equal(days.Length, filled.Count);
        for (int row = 0; row < days.Length; row++)
        {
            Assert.Equal((days[row].Wind, days[row].Temp, days[row].Note), (filled[row].Wind, filled[row].Temp, filled[row].Note));
            Assert.Equal(days[row].Ozone ?? ((NumericColumn)table.Table["Ozone"]).Values[row], filled[row].Ozone);
            Assert.Equal(days[row].Solar ?? (int)((NumericColumn)table.Table["Solar"]).Values[row], filled[row].Solar);
        }
        Assert.Contains(days, d => d.Ozone is null); // the originals are as they were
        Assert.DoesNotContain(filled, d => d.Ozone is null || d.Solar is null);
    }

    [Fact]
    public void Impute_TakesOptions()
    {
        IReadOnlyList<Day> filled = Days().Impute(
            new NormalOptions { Columns = new ColumnSelection { Exclude = ["Solar"] } },
            new FillOptions { Method = FillMethod.Draw, Bounds = new Dictionary<string, Bounds> { ["Ozone"] = new(0, 168) } });
        Assert.Contains(filled, d => d.Solar is null); // left out, so still missing
        Assert.All(filled, d => Assert.InRange(d.Ozone!.Value, 0, 168));
    }

    [Fact]
    public void Impute_WithNothingMissing_ChangesNothing()
    {
        Day[] complete = [.. Days().Where(d => d.Ozone is not null && d.Solar is not null)];
        Assert.Equal(complete, complete.Impute());
    }
}
