using Imputation.Tests.Shared;

namespace Imputation.Tests.Filling;

public class ObjectImputerTests
{
    private sealed record Day(double? Ozone, int? Solar, decimal Wind, int Temp, string Note);

    private static Day[] Days()
    {
        double[,] air = ReferenceCase.Mvn("airquality")!.Values;
        return [.. Enumerable.Range(0, air.GetLength(0)).Select(row => new Day(
            double.IsNaN(air[row, 0]) ? null : air[row, 0], double.IsNaN(air[row, 1]) ? null : (int)air[row, 1], (decimal)air[row, 2],
                (int)air[row, 3], $"day {row}"))];
    }

    [Fact]
    public void Impute_FillsObjects_AsItFillsTheirTable()
    {
        Day[] days = Days();
        ImputationResult table = days.ToTable().Impute();
        IReadOnlyList<Day> filled = table.Table.ToObjects<Day>();
        Assert.DoesNotContain(table.Findings, f => f.Code == "integers-became-numbers");

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
        IReadOnlyList<Day> filled = Days().ToTable().Impute(
            new NormalOptions { Columns = new ColumnSelection { Exclude = ["Solar"] } },
            new FillOptions { Method = FillMethod.Draw, Bounds = new Dictionary<string, Bounds> { ["Ozone"] = new(0, 168) } })
            .Table.ToObjects<Day>();
        Assert.Contains(filled, d => d.Solar is null); // left out, so still missing
        Assert.All(filled, d => Assert.InRange(d.Ozone!.Value, 0, 168));
    }

    private sealed record Patient(double? Age, double? Pressure, double? Weight);

    private static readonly Patient[] s_few = [new(34, 121, 71), new(51, null, 80), new(null, 135, 77), new(62, 144, null),
        new(45, 128, 69)];

    [Fact]
    public void FiveObjects_AreFilled_ThoughTheirLikelihoodHasNoMaximum()
    {
        Table table = ObjectTable.FromObjects(s_few);
        Assert.Throws<ImputationDataException>(() => table.Impute(NormalOptions.Default)); // maximum likelihood, asked for, still refuses

        IReadOnlyList<Patient> filled = s_few.ToTable().Impute().Table.ToObjects<Patient>();
        Assert.DoesNotContain(filled, p => p.Age is null || p.Pressure is null || p.Weight is null);
        ImputationResult asTheCommand = table.Impute(new NormalOptions { Prior = CovariancePrior.Auto });
        Assert.Equal(CovariancePriorKind.Ridge, asTheCommand.Fit.Report.Prior.Kind);
        Assert.Equal(((NumericColumn)asTheCommand.Table["Pressure"]).Values[1], filled[1].Pressure);
        Assert.Equal(((NumericColumn)asTheCommand.Table["Age"]).Values[2], filled[2].Age);
    }

    [Fact]
    public void FewRows_AreFilledFromArraysAndDataTablesToo_AndSeveralTimes()
    {
        double[,] values = ArrayTable.ToArray(ObjectTable.FromObjects(s_few));
        Assert.DoesNotContain(ArrayTable.ToArray(ArrayTable.FromArray(values).Impute().Table).Cast<double>(), double.IsNaN);
        var rows = new System.Data.DataTable { Columns = { { "a", typeof(double) }, { "b", typeof(double) }, { "c", typeof(double) } } };
        foreach (Patient p in s_few) rows.Rows.Add(p.Age ?? (object)DBNull.Value, p.Pressure ?? (object)DBNull.Value, p.Weight
            ?? (object)DBNull.Value);
        Assert.DoesNotContain(rows.Impute().Rows.Cast<System.Data.DataRow>().SelectMany(r => r.ItemArray), cell => cell is DBNull);
        Assert.Equal(0, ObjectTable.FromObjects(s_few).ImputeMultiple(new MultipleOptions { Count = 2 }).First()
            .Table.Columns.Sum(c => c.MissingCount));
    }

    [Fact]
    public void WhereMaximumLikelihoodHasAnAnswer_ItIsTheDefaultsToo()
    {
        Table table = ObjectTable.FromObjects(Days());
        ImputationResult plain = table.Impute(NormalOptions.Default), byDefault = table.Impute();
        Assert.Equal(plain.Cells.Select(c => c.Value), byDefault.Cells.Select(c => c.Value));
        Assert.Equal(CovariancePrior.None, NormalModel.Fit(table).Report.Prior);
    }

    private sealed record Total(double X, System.Numerics.BigInteger? Sum);

    [Fact]
    public void BigIntegerProperties_AreFilled_WithWholeNumbers()
    {
        Total[] totals = [.. Enumerable.Range(0, 30).Select(i => new Total(i, i % 5 == 2 ? null : 10 * i + i % 3))];
        IReadOnlyList<Total> filled = totals.ToTable().Impute().Table.ToObjects<Total>();
        Assert.All(totals.Zip(filled), pair => Assert.Equal(pair.First.Sum ?? pair.Second.Sum, pair.Second.Sum));
        Assert.All(filled, t => Assert.InRange((double)t.Sum!.Value, 10 * t.X - 3, 10 * t.X + 5));
    }

    [Fact]
    public void BigIntegerProperties_ThatADoubleDoesNotTellApart_StayAsTheyAre()
    {
        Total[] totals = [new(1, System.Numerics.BigInteger.Pow(10, 40)), new(2, null), new(3, 5)];
        Table table = ObjectTable.FromObjects(totals);
        Assert.Equal(ColumnKind.Other, table["Sum"].Kind);
        Assert.Equal(totals, ObjectTable.ToObjects<Total>(table));
    }

    private sealed record Reading(float? Value);

    [Fact]
    public void ANegativeNumberTooSmallForAFloat_IsFilledInAsZero_AndAnObservedMinusZeroIsKept()
    {
        Reading[] readings = [new(-0f), new(null)];
        ImputationResult done = Models.Fitted.Model(["Value"], [-1e-50], new[,] { { 1.0 } }).Impute(ObjectTable.FromObjects(readings));
        IReadOnlyList<Reading> filled = ObjectTable.ToObjects<Reading>(done.Table);
        Assert.Equal((true, false), (float.IsNegative(filled[0].Value!.Value), float.IsNegative(filled[1].Value!.Value)));
        Assert.Equal(0f, filled[1].Value);
    }

    [Fact]
    public void Impute_WithNothingMissing_ChangesNothing()
    {
        Day[] complete = [.. Days().Where(d => d.Ozone is not null && d.Solar is not null)];
        Assert.Equal(complete, complete.ToTable().Impute().Table.ToObjects<Day>());
    }
}
