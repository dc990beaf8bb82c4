using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Patterns;

namespace Imputation.Tests.Diagnostics;

public class FluxDiagnosticTests
{
    private static DiagnosticResult Run(Table table) => Diagnosed.Run(new FluxDiagnostic(), table);

    [Theory]
    [MemberData(nameof(Diagnosed.DataSets), MemberType = typeof(Diagnosed))]
    public void Flux_MatchesTheReference(string id)
    {
        if (Diagnosed.Data(id) is not { } table) return;
        DiagnosticResult result = Run(table);
        foreach (JsonProperty column in Diagnosed.Reference("flux").GetProperty(id).EnumerateObject())
            foreach ((string theirs, string ours) in new[] { ("pobs", "Observed share"), ("influx", "Influx"), ("outflux", "Outflux"),
                ("ainb", "Inbound"), ("aout", "Outbound"), ("fico", "Incomplete cases") })
                Diagnosed.Near(column.Value.Number(theirs), result.Tables[0].Cell(column.Name, ours));
        ChartSeries points = Assert.IsType<XyChart>(Assert.Single(result.Charts)).Series[1];
        Assert.Equal(table.Columns.Select(c => c.Name), points.Labels);
        Assert.Equal(points.Labels.Select(name => result.Tables[0].Cell(name, "Outflux")), points.Y);
    }

    /// <summary>flux of R's mice 3.15.0 on boys.</summary>
    [Fact]
    public void Flux_IsThatOfMice_OnBoys()
    {
        if (Diagnosed.Data("boys_num") is not { } table) return;
        DiagnosticTable flux = Run(table).Tables[0];
        Diagnosed.Near(0.65187096774193554, flux.Cell("tv", "Influx"));
        Diagnosed.Near(0.0114192495921697, flux.Cell("tv", "Outflux"));
        Diagnosed.Near(0.967816091954023, flux.Cell("tv", "Inbound"));
        Diagnosed.Near(0.00619469026548673, flux.Cell("tv", "Outbound"));
        Diagnosed.Near(0.00884955752212389, flux.Cell("tv", "Incomplete cases"));
    }

    [Fact]
    public void LowOutflux_IsSaid_WithTheNumber()
    {
        if (Diagnosed.Data("boys_num") is not { } table) return;
        Finding finding = Assert.Single(Run(table).Findings);
        Assert.Equal((FindingSeverity.Note, "low-outflux"), (finding.Severity, finding.Code));
        Assert.Equal(["tv"], finding.Columns);
        // 7 of the 91 missing cells of the others
        Assert.Contains("outflux 0.01, there for 7.7 %", finding.Evidence, StringComparison.Ordinal);
    }

    /// <summary>Ozone has an outflux of 0.11, for 37 of 44 missing cells are its own; but of the 7 others it is there for 5.</summary>
    [Fact]
    public void LowOutfluxByItsOwnMissingCells_IsNotHeldAgainstAColumn()
    {
        if (Diagnosed.Data("airquality") is not { } table) return;
        Assert.True(Run(table).Tables[0].Cell("Ozone", "Outflux") < 0.5);
        Assert.Empty(Run(table).Findings);
    }

    [Fact]
    public void PermutingColumns_PermutesTheFlux()
    {
        if (Diagnosed.Data("boys_num") is not { } table) return;
        DiagnosticTable flux = Run(table).Tables[0], turned = Run(new Table(table.Columns.Reverse())).Tables[0];
        foreach (Column column in table.Columns)
            Assert.Equal(flux.Rows.Single(r => (string)r[0]! == column.Name), turned.Rows.Single(r => (string)r[0]! == column.Name));
    }

    [Fact]
    public void CompleteTable_HasInfluxZeroAndNoOutflux()
    {
        DiagnosticResult result = Run(Diagnosed.Table(("x", [1, 2, 3]), ("y", [3, 1, 2])));
        Assert.Equal((0, double.NaN), (result.Tables[0].Cell("x", "Influx"), result.Tables[0].Cell("x", "Outflux")));
        Assert.Empty(result.Findings);
        Assert.Empty(result.Charts);
    }

    [Fact]
    public void Verdict_OfTablesWithNothingToConnect_IsTrue()
    {
        string Verdict(string name) => new FluxDiagnostic().Run(new DiagnosticContext(AwkwardTables.Get(name))).Verdict;
        Assert.Equal("No column has observed values to predict others from.", Verdict("nothing observed"));
        Assert.Equal("Only 'x' has values; there is nothing else to connect it with.", Verdict("one row"));
        Assert.Equal("There is only one column: influx and outflux do not apply.", Verdict("one column"));
    }
}
