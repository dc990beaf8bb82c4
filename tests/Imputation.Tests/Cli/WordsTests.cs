using Imputation.Cli.Output;

namespace Imputation.Tests.Cli;

/// <summary>Numbers as the command says them.</summary>
public class WordsTests
{
    [Theory]
    [InlineData(0, "<1e-300")] // beyond what a double holds, and no p value is 0
    [InlineData(4.14e-58, "4.1e-58")]
    [InlineData(0.03412, "0.0341")]
    [InlineData(0.9996, ">0.999")]
    [InlineData(1, "1")]
    public void Probability_IsNeitherZeroNorTooExact(double p, string text) => Assert.Equal(text, Words.Probability(p));
}
