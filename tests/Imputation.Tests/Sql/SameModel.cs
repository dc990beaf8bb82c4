using Imputation.Files;

namespace Imputation.Tests.Sql;

/// <summary>Models that came by different ways.</summary>
internal static class SameModel
{
    /// <summary>The model of a file.</summary>
    public static NormalFit Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return ModelFile.Read(stream, path).AsNormal();
    }

    /// <summary>The same columns, and parameters that agree to 1e-9 standard deviations: rounding, since sums are taken in other orders and
    /// the fits stop at a distance of 1e-11.</summary>
    public static void Assert(NormalFit expected, NormalFit actual)
    {
        Xunit.Assert.Equal(expected.Columns, actual.Columns);
        Xunit.Assert.Equal(expected.Report.RowCount, actual.Report.RowCount);
        for (int i = 0; i < expected.Columns.Count; i++)
        {
            Xunit.Assert.InRange(Math.Abs(expected.Mean[i] - actual.Mean[i]) / Math.Sqrt(expected.Covariance[i, i]), 0, 1e-9);
            for (int j = 0; j < expected.Columns.Count; j++)
                Xunit.Assert.InRange(Math.Abs(expected.Covariance[i, j] - actual.Covariance[i, j])
                    / Math.Sqrt(expected.Covariance[i, i] * expected.Covariance[j, j]), 0, 1e-9);
        }
        double own = expected.Report.LogLikelihood;
        Xunit.Assert.InRange(Math.Abs(own - actual.Report.LogLikelihood) / Math.Abs(own), 0, 1e-11);
    }
}
