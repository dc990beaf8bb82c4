using Imputation.Files;

namespace Imputation.Tests.Files;

public class EstimateTableTests
{
    private const string Text = "Imputation,TERM,estimate,std.error,note,p\n1,a,1.5,0.5,x,0.2\n2,a,2.5,0.4,y,<0.001\n"
        + "1,b,3,1,,0.1\n2,b,4,1,,0.3\n";

    [Fact]
    public void Estimates_ArePooledTermByTerm()
    {
        EstimateTable estimates = EstimateTable.Of(Csv.Read(Text, EstimateTable.ReadOptions), 96);
        Assert.Equal(["1", "2"], estimates.Imputations);
        IReadOnlyList<PooledTerm> terms = estimates.Pool(0.9);
        Assert.Equal(["a", "b"], terms.Select(term => term.Name));
        PooledEstimate expected = Pool.Scalars([1.5, 2.5], [0.5 * 0.5, 0.4 * 0.4], 96, 0.9), pooled = terms[0].Pooled;
        Assert.Equal((2.0, expected.StandardError, expected.Lower, expected.DegreesOfFreedom),
            (pooled.Estimate, pooled.StandardError, pooled.Lower, pooled.DegreesOfFreedom));
    }

    [Theory]
    [InlineData("1e-200", "too small")]
    [InlineData("1e200", "too large")]
    public void AStandardErrorWithoutASquare_IsRefused(string error, string why) => Assert.Contains(why,
        Assert.Throws<ImputationDataException>(() => EstimateTable.Of(Csv.Read(Text.Replace("0.5,", error + ","),
            EstimateTable.ReadOptions)).Pool()).Message);

    /// <summary>df, or broom's name df.residual.</summary>
    [Fact]
    public void DegreesOfFreedom_MayBeNamedAsBroomNamesThem()
    {
        const string text = "imputation,term,estimate,std.error,df.residual\n1,a,1,0.5,20\n2,a,2,0.4,20\n";
        PooledEstimate expected = Pool.Scalars([1, 2], [0.5 * 0.5, 0.4 * 0.4], 20, 0.95);
        foreach (string table in (string[])[text, text.Replace("df.residual", "df")])
        {
            PooledEstimate pooled = EstimateTable.Of(Csv.Read(table, EstimateTable.ReadOptions)).Pool()[0].Pooled;
            Assert.Equal((expected.DegreesOfFreedom, 20.0), (pooled.DegreesOfFreedom, pooled.CompleteDegreesOfFreedom));
        }
    }

    /// <summary>A column that does not matter may mix numbers with text; one that is needed may not.</summary>
    [Fact]
    public void OtherColumns_MayMix_ButNotNumericOnes()
    {
        const string text = "n,m\n1,1\n2,2\n3,3\n4,4\n<5,<5\n";
        Assert.Throws<ImputationDataException>(() => Csv.Read(text));
        var options = new TableReadOptions { NumericColumns = ["n"], OtherColumnsMayMix = true };
        Assert.Equal("n", Assert.Throws<ImputationDataException>(() => Csv.Read(text, options)).Column);
        Assert.IsType<TextColumn>(Csv.Read(text, options with { NumericColumns = [] })["m"]);
    }

    [Theory]
    [InlineData("y.level")]
    [InlineData("Y.Level")]
    [InlineData("response")]
    public void TermsOfOneName_ArePooledByLevelOfTheOutcome(string column)
    {
        string text = $"imputation,{column},term,estimate,std.error\n1,B,x,1,0.5\n1,2,x,5,0.5\n2,B,x,2,0.5\n2,2,x,6,0.5\n";
        IReadOnlyList<PooledTerm> terms = EstimateTable.Of(Csv.Read(text, EstimateTable.ReadOptions)).Pool();
        Assert.Equal([("B: x", 1.5), ("2: x", 5.5)], terms.Select(t => (t.FullName, t.Pooled.Estimate)));
        var stream = new MemoryStream();
        PooledFile.Write(stream, terms);
        Assert.StartsWith("y.level,term,estimate", System.Text.Encoding.UTF8.GetString(stream.ToArray()));
        Assert.Contains("y.level", Assert.Throws<ImputationDataException>(() => EstimateTable.Of(Csv.Read(text.Replace(column, "other"),
            EstimateTable.ReadOptions))).Message);
    }

    [Fact]
    public void AColumnLevel_IsNoMatter_WhereTermsAreUnique() => Assert.All(EstimateTable.Of(Csv.Read(
        "imputation,component,term,estimate,std.error\n1,fixed,x,1,0.5\n2,fixed,x,2,0.5\n", EstimateTable.ReadOptions)).Pool(),
        term => Assert.Null(term.Level));
}
