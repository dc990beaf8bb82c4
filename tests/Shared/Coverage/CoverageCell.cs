namespace Imputation.Tests.Shared.Coverage;

/// <summary>How the intervals of one method for one quantity did.</summary>
/// <param name="Covered">Samples whose interval held the truth.</param>
/// <param name="Sets">Samples.</param>
/// <param name="Width">Mean width of the intervals.</param>
/// <param name="Bias">Mean estimate less the truth.</param>
/// <param name="Deviation">Standard deviation of the estimates over the samples.</param>
internal sealed record CoverageCell(int Covered, int Sets, double Width, double Bias, double Deviation)
{
    /// <summary>Share of intervals that held the truth.</summary>
    public double Coverage => (double)Covered / Sets;
}
