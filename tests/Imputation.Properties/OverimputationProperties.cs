using FsCheck;
using FsCheck.Fluent;
using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Filling;

namespace Imputation.Properties;

/// <summary>Hidden cells and the intervals that should hold them.</summary>
public class OverimputationProperties
{
    /// <summary>Normal data of any correlation and missingness, or t with few degrees of freedom.</summary>
    public sealed record Population(int Seed, int Columns, double Correlation, double Missing, int DegreesOfFreedom)
    {
        public const int Rows = 600;

        public double[,] Values()
        {
            var random = new System.Random(Seed);
            var values = new double[Rows, Columns];
            double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            for (int row = 0; row < Rows; row++)
            {
                double common = Normal(), scale = 1;
                if (DegreesOfFreedom > 0) scale = Math.Sqrt(DegreesOfFreedom / Enumerable.Range(0, DegreesOfFreedom)
                    .Sum(_ => Math.Pow(Normal(), 2)));
                for (int j = 0; j < Columns; j++)
                {
                    values[row, j] = scale * (Math.Sqrt(Correlation) * common + Math.Sqrt(1 - Correlation) * Normal());
                    if (j > 0 && random.NextDouble() < Missing) values[row, j] = double.NaN;
                }
            }
            return values;
        }

        public DiagnosticResult Result() => new OverimputationDiagnostic()
            .Run(new DiagnosticContext(Table.FromArray([.. Enumerable.Range(1, Columns).Select(j => $"x{j}")], Values())));

        public static Arbitrary<Population> Of(params int[] degreesOfFreedom) => Arb.From(
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from columns in Gen.Choose(2, 5)
            from correlation in Gen.Elements(0, 0.3, 0.6, 0.9)
            from missing in Gen.Elements(0.1, 0.25, 0.4)
            from df in Gen.Elements(degreesOfFreedom)
            select new Population(seed, columns, correlation, missing, df));
    }

    /// <summary>Normal data.</summary>
    public static class NormalTails
    {
        public static Arbitrary<Population> Cases => Population.Of(0);
    }

    /// <summary>t data with two or three degrees of freedom.</summary>
    public static class HeavyTails
    {
        public static Arbitrary<Population> Cases => Population.Of(2, 3);
    }

    /// <summary>Cells of a row are not independent: the error allowed is 4.5 standard errors of as many cells as there are rows with hidden
    /// ones.</summary>
    [Holds(typeof(NormalTails), MaxTest = 30)]
    public void Intervals_CoverNominally_OnNormalData(Population population)
    {
        DiagnosticResult result = population.Result();
        double cells = Math.Min(Population.Rows, Value(result, "hiddenCells"));
        foreach ((string name, double nominal) in new[] { ("coverage50", 0.5), ("coverage80", 0.8), ("coverage95", 0.95) })
            Assert.InRange(Value(result, name), nominal - 4.5 * Math.Sqrt(nominal * (1 - nominal) / cells),
                nominal + 4.5 * Math.Sqrt(nominal * (1 - nominal) / cells));
    }

    [Holds(typeof(HeavyTails), MaxTest = 20)]
    public void Intervals_VisiblyDoNot_OnHeavyTails(Population population)
    {
        DiagnosticResult result = population.Result();
        Assert.True(Value(result, "coverage50") > 0.56, $"{Value(result, "coverage50")} in the 50 % interval");
    }

    private static double Value(DiagnosticResult result, string name) => result.Values.Single(v => v.Key == name).Value;
}
