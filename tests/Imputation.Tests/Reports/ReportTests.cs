using System.Text;
using System.Text.Json;
using Imputation.Files;
using Imputation.Reports;
using Imputation.Tests.Files;
using Imputation.Tests.Models;

namespace Imputation.Tests.Reports;

public class ReportTests
{
    [Fact]
    public void TheLedger_HasALinePerCell()
    {
        var stream = new MemoryStream();
        LedgerFile.Write(stream,
        [
            new ImputedCell(3, "a", FillMethod.Mean, 1.5, 0.25, 1, 2, 4, CellNotes.None),
            new ImputedCell(12, "x, \"y\"", FillMethod.Draw, -1e-7, double.NaN, double.NaN, double.PositiveInfinity, 0,
                CellNotes.Truncated | CellNotes.Rounded | CellNotes.NothingObserved),
            new ImputedCell(13, "c", FillMethod.Mean, 5, 0, 5, 5, 2, CellNotes.Constant | CellNotes.Clamped | CellNotes.Determined),
        ]);
        Assert.Equal(
            "row,column,method,value,sd,lower95,upper95,observed,notes\n"
            + "3,a,mean,1.5,0.25,1,2,4,\n"
            + "12,\"x, \"\"y\"\"\",draw,-1E-07,NA,NA,NA,0,truncated;rounded;nothing-observed\n"
            + "13,c,mean,5,0,5,5,2,clamped;constant;determined\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void TheReport_HoldsTheModel_AndWhatBecameOfEveryColumn()
    {
        Table table = Csv.Fill(Csv.Read("a,t\n1,x\nNA,y\n,NA\n2,z\n"), 1.5);
        NormalFit fit = Fitted.Model(["a"], [1.5], new[,] { { 0.25 } });
        ColumnUse[] dispositions = [new("a", ColumnKind.Integer, ColumnRole.Modelled, 2, 2),
            new("t", ColumnKind.Text, ColumnRole.PassThrough, 3, 1, "not numeric")];
        var completion = new ImputationResult(table, fit, dispositions, [new ColumnFill("a", 2, 1, 0, 0, 0)], [], () => [], () => []);
        var stream = new MemoryStream();
        RunReport.Write(stream, completion, new FillOptions
        {
            Bounds = new Dictionary<string, Bounds>
            {
                ["a"] = new(0,
            double.PositiveInfinity)
            }
        }, RunOptions.Default, ModelSource.Of(table));

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        JsonElement root = document.RootElement, imputation = root.GetProperty("imputation"), a = imputation.GetProperty("columns")[0],
            t = imputation.GetProperty("columns")[1];
        Assert.Equal("imputation/report", root.GetProperty("format").GetString());
        Assert.Equal(1.5, root.GetProperty("mean")[0].GetDouble());
        Assert.Equal("test.csv", root.GetProperty("source").GetProperty("file").GetString());
        Assert.Equal((4, 2, 1), (imputation.GetProperty("rows").GetInt32(), imputation.GetProperty("filledCells").GetInt32(),
            imputation.GetProperty("stillMissingCells").GetInt32()));
        Assert.Equal(("modelled", 2, 2, 2, 1), (a.GetProperty("role").GetString(), a.GetProperty("observed").GetInt32(),
            a.GetProperty("missing").GetInt32(), a.GetProperty("filled").GetInt32(), a.GetProperty("clamped").GetInt32()));
        Assert.Equal(["NA", ""], a.GetProperty("marks").EnumerateArray().Select(m => m.GetProperty("text").GetString()));
        Assert.Equal((0.0, JsonValueKind.Null), (a.GetProperty("lower").GetDouble(), a.GetProperty("upper").ValueKind));
        Assert.Equal(("passThrough", "not numeric", 0), (t.GetProperty("role").GetString(), t.GetProperty("note").GetString(),
            t.GetProperty("filled").GetInt32()));
    }
}
