namespace Imputation.Tests.Pooling;

public class PoolOverTests
{
    [Fact]
    public void Estimates_ArePooledByName_InTheOrderOfTheFirst()
    {
        Estimate[][] answers = [[new("b", 1, 0.5), new("a", 10, 2)], [new("a", 12, 3), new("b", 2, 0.25)],
            [new("b", 4, 0.5), new("a", 11, 1)]];
        IReadOnlyDictionary<string, PooledEstimate> pooled = Pool.Over(3, k => answers[k], 20, 0.9);
        Assert.Equal(["b", "a"], pooled.Keys);
        PooledEstimate expected = Pool.Scalars([10, 12, 11], [2, 3, 1], 20, 0.9);
        Assert.Equal((expected.Estimate, expected.Total, expected.DegreesOfFreedom, expected.Lower),
            (pooled["a"].Estimate, pooled["a"].Total, pooled["a"].DegreesOfFreedom, pooled["a"].Lower));
        Assert.Empty(Pool.Over(2, _ => []));
    }

    [Fact]
    public void WhatDoesNotMatch_IsNamed()
    {
        Assert.Contains("only 1 imputation", Refusal(1, _ => [new("a", 1, 1)]));
        Assert.Contains("Imputation 2 gives no estimate of 'a'", Refusal(2, k => k == 0 ? [new("a", 1, 1)] : []));
        Assert.Contains("Imputation 1 gives no estimate of 'b', but imputation 2 does",
            Refusal(2, k => k == 0 ? [new("a", 1, 1)] : [new("a", 1, 1), new("b", 1, 1)]));
        Assert.Contains("Imputation 2 gives 'a' twice", Refusal(2, k => k == 0 ? [new("a", 1, 1)] : [new("a", 1, 1), new("a", 1, 1)]));
        Assert.Contains("'a': Imputation 2: the estimate is NaN", Refusal(2, k => [new("a", k == 0 ? 1 : double.NaN, 1)]));
        Assert.Contains("'a': Imputation 1: the variance is -1", Refusal(2, _ => [new("a", 1, -1)]));
        Assert.Contains("no imputations", Refusal(-1, _ => [new("a", 1, 1)]));
        Assert.Contains("without a name", Refusal(2, _ => [new(null!, 1, 1)]));
        Assert.Contains("gave null", Refusal(2, _ => null!));
    }

    private static string Refusal(int count, Func<int, IEnumerable<Estimate>> analysis) =>
        Assert.Throws<ArgumentException>(() => Pool.Over(count, analysis)).Message;
}
