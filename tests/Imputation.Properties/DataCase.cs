using FsCheck;
using FsCheck.Fluent;
using Imputation.Patterns;

namespace Imputation.Properties;

public enum Mechanism
{
    /// <summary>Each cell with the same chance.</summary>
    Random,

    /// <summary>The chance depends on the first column, which is always observed.</summary>
    OnFirstColumn,

    /// <summary>Rows drop out: once a column is missing, so are all to its right.</summary>
    DropOut,

    /// <summary>Two files: half the rows lack the second third of the columns, the others the last third.</summary>
    FileMatching,
}

/// <summary>A data set in a line: what a failing property prints is what replays it, as <c>new DataCase { ... }.Values()</c>.</summary>
public sealed record DataCase
{
    public int Seed { get; init; }

    public int Rows { get; init; }

    public int Columns { get; init; }

    /// <summary>Share of missing cells aimed at.</summary>
    public double Missing { get; init; }

    public Mechanism Mechanism { get; init; }

    /// <summary>Number of distinct masks that the rows share; 0 gives every row its own. Few make well-filled patterns.</summary>
    public int Masks { get; init; }

    /// <summary>Correlation of any two columns, up to its sign.</summary>
    public double Correlation { get; init; }

    /// <summary>Columns in units from 1e-8 to 1e12.</summary>
    public bool Scaled { get; init; }

    /// <summary>Columns up to 1e9 standard deviations from 0.</summary>
    public bool Offset { get; init; }

    /// <summary>A third of the rows repeat the row before.</summary>
    public bool Duplicates { get; init; }

    /// <summary>One row in ten has nothing observed.</summary>
    public bool EmptyRows { get; init; }

    /// <summary>The last column has one distinct value.</summary>
    public bool Constant { get; init; }

    /// <summary>Rows × Columns, NaN where missing; the same for the same case.</summary>
    public double[,] Values()
    {
        var random = new Random(Seed);
        int[] sign = [.. Enumerable.Range(0, Columns).Select(_ => random.Next(2) * 2 - 1)];
        double[] scale = [.. Enumerable.Range(0, Columns).Select(_ => Math.Pow(10, random.NextDouble() * 20 - 8))];
        double[] offset = [.. Enumerable.Range(0, Columns).Select(_ => Math.Pow(10, random.NextDouble() * 9) * (random.NextDouble()
            - 0.5))];
        bool[][] masks = [.. Enumerable.Range(0, Masks).Select(_ => Mask(random, 0))];

        var values = new double[Rows, Columns];
        for (int row = 0; row < Rows; row++)
        {
            if (Duplicates && row > 0 && random.Next(3) == 0)
            {
                for (int j = 0; j < Columns; j++) values[row, j] = values[row - 1, j];
                continue;
            }
            double common = Normal(random), first = double.NaN;
            for (int j = 0; j < Columns; j++)
            {
                double x = sign[j] * Math.Sqrt(Correlation) * common + Math.Sqrt(1 - Correlation) * Normal(random);
                if (j == 0) first = x;
                if (Constant && j == Columns - 1) x = 7;
                if (Offset) x += offset[j];
                values[row, j] = Scaled ? x * scale[j] : x;
            }
            bool[] missing = Masks > 0 && Mechanism == Mechanism.Random ? masks[random.Next(Masks)] : Mask(random, first, row);
            bool empty = EmptyRows && random.Next(10) == 0;
            for (int j = 0; j < Columns; j++)
                if (empty || missing[j]) values[row, j] = double.NaN;
        }
        return values;
    }

    public IncompleteMatrix Matrix() => IncompleteMatrix.FromArray(Values());

    public Table Table() => Imputation.Table.FromArray(Names, Values());

    /// <summary>x1, x2 and so on. Internal, so that a printed case shows only what replays it.</summary>
    internal string[] Names => [.. Enumerable.Range(1, Columns).Select(j => $"x{j}")];

    private bool[] Mask(Random random, double first, int row = 0)
    {
        var missing = new bool[Columns];
        int kept = 1;
        while (kept < Columns && random.NextDouble() < 1 - Missing) kept++;
        for (int j = 0; j < Columns; j++)
        {
            missing[j] = Mechanism switch
            {
                Mechanism.OnFirstColumn => j > 0 && random.NextDouble() < Missing * (first > 0 ? 1.4 : 0.6),
                Mechanism.DropOut => j >= kept,
                Mechanism.FileMatching => Missing > 0 && j >= (Columns + 2) / 3 && row % 2 == (j < 2 * (Columns + 2) / 3 ? 0 : 1),
                _ => random.NextDouble() < Missing,
            };
        }
        return missing;
    }

    private static bool PairsAreObserved(DataCase d)
    {
        double[,] values = d.Values();
        int Together(int j, int k, int l) => Enumerable.Range(0, d.Rows)
            .Count(row => !double.IsNaN(values[row, j] + values[row, k] + values[row, l]));
        for (int j = 0; j < d.Columns; j++)
        {
            for (int k = 0; k <= j; k++)
            {
                if (Together(j, j, k) < 15) return false;

                // Three columns that no row has together can have their maximum at a singular covariance, however well each pair is
                // observed.
                for (int l = 0; l < k; l++)
                    if (Together(j, k, l) < 5) return false;
            }
        }
        return true;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
        * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Anything: more columns than rows, one row, one column, most of it missing, all but collinear, huge and tiny
    /// units.</summary>
    public static Arbitrary<DataCase> Wild { get; } = Arb.From(
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from rows in Gen.Frequency((1, Gen.Choose(1, 6)), (4, Gen.Choose(2, 120)))
        from columns in Gen.Choose(1, 9)
        from missing in Gen.Choose(0, 70)
        from mechanism in Gen.Elements(Enum.GetValues<Mechanism>())
        from masks in Gen.Elements(0, 0, 3, 8)
        from correlation in Gen.Elements(0, 0.3, 0.7, 0.95, 0.999)
        from flags in Gen.Choose(0, 31)
        from constant in Gen.Choose(0, 9)
        select new DataCase
        {
            Seed = seed,
            Rows = rows,
            Columns = columns,
            Missing = missing / 100.0,
            Mechanism = mechanism,
            Masks = masks,
            Correlation = correlation,
            Scaled = (flags & 1) != 0,
            Offset = (flags & 6) == 6,
            Duplicates = (flags & 8) != 0,
            EmptyRows = (flags & 16) != 0,
            Constant = constant == 0,
        },
        Smaller);

    /// <summary>Data with a maximum that every path finds: many rows for the columns, up to a third missing, correlation up to 0.9,
    /// and every pair of columns observed together in 15 rows or more.</summary>
    public static Arbitrary<DataCase> Gentle { get; } = Arb.From(
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from columns in Gen.Choose(1, 6)
        from rows in Gen.Choose(20 + 8 * columns, 120)
        from missing in Gen.Choose(0, 33)
        from mechanism in Gen.Elements(Mechanism.Random, Mechanism.OnFirstColumn, Mechanism.DropOut)
        from masks in Gen.Elements(0, 0, 5)
        from correlation in Gen.Elements(0, 0.3, 0.7, 0.9)
        from flags in Gen.Choose(0, 3)
        select new DataCase
        {
            Seed = seed,
            Rows = rows,
            Columns = columns,
            Missing = missing / 100.0,
            Mechanism = mechanism,
            Masks = masks,
            Correlation = correlation,
            Duplicates = flags == 1,
            EmptyRows = flags == 2,
        },
        d => Smaller(d).Where(s => s.Rows >= 20 + 8 * s.Columns)).Filter(PairsAreObserved);

    /// <summary>The same case made smaller or plainer, the boldest first.</summary>
    public static IEnumerable<DataCase> Smaller(DataCase d)
    {
        if (d.Rows > 1) yield return d with { Rows = (d.Rows + 1) / 2 };
        if (d.Columns > 1) yield return d with { Columns = d.Columns - 1 };
        if (d.Scaled) yield return d with { Scaled = false };
        if (d.Offset) yield return d with { Offset = false };
        if (d.Duplicates) yield return d with { Duplicates = false };
        if (d.EmptyRows) yield return d with { EmptyRows = false };
        if (d.Constant) yield return d with { Constant = false };
        if (d.Mechanism != Mechanism.Random) yield return d with { Mechanism = Mechanism.Random };
        if (d.Correlation > 0) yield return d with { Correlation = 0 };
        if (d.Missing > 0) yield return d with { Missing = 0 };
        if (d.Missing > 0.1) yield return d with { Missing = Math.Round(d.Missing / 2, 2) };
        if (d.Rows > 1) yield return d with { Rows = d.Rows - 1 };
    }
}
