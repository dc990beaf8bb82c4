namespace Imputation.Tests.Surveys;

/// <summary>Tables with a column that follows from others, and clean ones.</summary>
internal static class Planted
{
    /// <summary>Number of kinds of relations.</summary>
    public const int KindCount = 16;

    /// <summary>A table whose column 'target' follows from 'first' and, for some kinds, 'second'; each has missing cells.</summary>
    /// <param name="kind">The kind of relation.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The table, and whether the relation holds in a row of a completed one.</returns>
    public static (Table Table, Func<Table, int, bool> Holds) Of(int kind, int seed)
    {
        var random = new Random(100 * seed + kind);
        int n = 80 + random.Next(300);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] Draw(Func<double> one) => [.. Enumerable.Range(0, n).Select(_ => one())];
        double[] weight = Draw(() => Math.Round(75 + 12 * Normal(), 1)), height = Draw(() => Math.Round(1.7 + 0.1 * Normal(), 2)),
            age = Draw(() => 18 + random.Next(70)), exactAge = Draw(() => 18 + 60 * random.NextDouble()),
            size = Draw(() => Math.Exp(1 + 0.5 * Normal())), other = Draw(Normal),
            count = Draw(() => 1 + random.Next(30)), total = Draw(() => 40 + random.Next(60));

        (double[] First, double[] Second, Func<double, double, double> Value, double Tolerance) = kind switch
        {
            0 => (other, size, (x, _) => x * x, 0),
            1 => (weight, height, (x, y) => x * y, 0.005),
            2 => (size, total, (x, y) => x / y, 0),
            3 => (weight, height, (x, y) => x / (y * y), 0.05),
            4 => (weight, height, (x, y) => 703 * x / (y * y), 0.005),
            5 => (count, total, (x, y) => 100 * x / y, 0.05),
            6 => (size, other, (x, _) => Math.Log(x), 0),
            7 => (size, other, (x, _) => Math.Log10(x), 0.0005),
            8 => (size, other, (x, _) => Math.Sqrt(x), 0),
            9 => (other, size, (x, _) => Math.Exp(x), 0),
            10 => (exactAge, other, (x, _) => Math.Floor(x), 0),
            11 => (weight, other, (x, _) => Math.Round(x), 0.5),
            12 => (age, other, (x, _) => x < 30 ? 1 : x < 50 ? 2 : x < 65 ? 3 : 4, 0),
            13 => (age, other, (x, _) => x < 30 ? 1 : x < 65 ? 2 : 3, 0),
            14 => (count, other, (x, _) => Math.Floor(x % 12 / 4), 0),
            _ => ((double[], double[], Func<double, double, double>, double))(count, other, (x, _) => x * x, 0),
        };
        double[] target = [.. First.Zip(Second, Value)];
        int decimals = Tolerance == 0.5 ? 0 : (int)-Math.Floor(Math.Log10(Tolerance)) - 1;
        if (Tolerance > 0) target = [.. target.Select(x => Math.Round(x, decimals))];
        // A column of its own that helps to predict.
        double[] helper = [.. First.Zip(Second, (x, y) => x + y + Normal())];
        void Lose(double[] x, double share)
        {
            for (int i = 0; i < n; i++)
                if (random.NextDouble() < share) x[i] = double.NaN;
        }
        double[] first = [.. First], second = [.. Second];
        Lose(first, 0.12);
        Lose(second, kind % 2 == 0 ? 0 : 0.08);
        Lose(target, 0.15);

        string[] groups = ["none", "young", "middle", "old"], cities = [.. Enumerable.Range(0, 12).Select(k => $"city {k}")],
            regions = ["north", "south", "west"];
        TextColumn Text(string name, double[] x, Func<double, string> of) => TextColumn.Create(name, [.. x.Select(v => double.IsNaN(v)
            ? null : of(v))]);
        ColumnKind KindOf(double[] x) => x.All(v => double.IsNaN(v) || v == Math.Floor(v)) ? ColumnKind.Integer : ColumnKind.Number;
        Column Numbers(string name, double[] x) => NumericColumn.Create(name, KindOf(x), x);
        Column[] columns = [kind == 14 ? Text("first", first, v => cities[(int)v % 12]) : Numbers("first", first),
            Numbers("second", second), Numbers("helper", helper), kind == 13 ? Text("target", target, v => groups[(int)v])
            : kind == 14 ? Text("target", target, v => regions[(int)v]) : Numbers("target", target)];
        return (new Table(columns), Holds);

        bool Holds(Table table, int row)
        {
            object x = table["first"].Value(row)!, t = table["target"].Value(row)!;
            if (kind == 14) return (string)t == regions[Array.IndexOf(cities, (string)x) / 4];
            double value = Value(Convert.ToDouble(x), Convert.ToDouble(table["second"].Value(row)));
            if (kind == 13) return (string)t == groups[(int)value];
            return Math.Abs(Convert.ToDouble(t) - value) <= Tolerance * 1.0001 + 1e-9 * Math.Max(1, Math.Abs(value));
        }
    }

    /// <summary>A table in which nothing follows from anything else.</summary>
    public static Table Clean(int seed)
    {
        var random = new Random(7000 + seed);
        int n = 30 + random.Next(400), p = 4 + random.Next(8);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] common = [.. Enumerable.Range(0, n).Select(_ => Normal())];
        int family = seed % 5;
        var columns = new List<Column>();
        for (int j = 0; j < p; j++)
        {
            double strength = family == 1 ? 0.95 : 0.6;
            double[] z = [.. common.Select(c => strength * c + Math.Sqrt(1 - strength * strength) * Normal())];
            double[] x = family switch
            {
                0 => [.. z.Select(_ => Math.Round(100 * random.NextDouble(), random.Next(1) + j % 3))], // independent
                1 => [.. z.Select(v => Math.Round(50 + 10 * v, j % 3))],                                // strongly correlated
                2 => [.. z.Select(v => Math.Clamp(Math.Round(3 + 1.2 * v), 1, 5))],                     // Likert items
                3 => [.. z.Select(v => (double)(v > 0.3 ? 1 : 0))],                                     // yes and no
                _ => j % 3 == 0 ? [.. z.Select(v => Math.Max(0, Math.Round(2 + 3 * v)))]                // counts, scales and amounts
                    : j % 3 == 1 ? [.. z.Select(v => Math.Clamp(Math.Round(3 + v), 1, 5))] : [.. z.Select(v => Math.Exp(v))],
            };
            bool[] asked = [.. Enumerable.Range(0, n).Select(i => j < 3 || j % 4 > 0 || ((NumericColumn)columns[1]).Values[i] > 0)];
            for (int i = 0; i < n; i++)
                if (!asked[i] || random.NextDouble() < 0.1) x[i] = double.NaN;
            columns.Add(NumericColumn.Create($"x{j}", x.All(v => double.IsNaN(v) || v == Math.Floor(v)) ? ColumnKind.Integer
                : ColumnKind.Number, x));
        }
        columns.Add(TextColumn.Create("place", [.. Enumerable.Range(0, n).Select(_ => random.Next(12) == 0 ? null
            : "place " + random.Next(9))]));
        columns.Add(TextColumn.Create("sex", [.. common.Select(c => random.Next(9) == 0 ? null : c + Normal() > 0 ? "female" : "male")]));
        return new Table(columns);
    }
}
