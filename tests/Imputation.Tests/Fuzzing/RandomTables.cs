using System.Globalization;

namespace Imputation.Tests.Fuzzing;

/// <summary>Small tables with a few correlated numbers, texts, and missing cells: what is whole before it is damaged.</summary>
internal static class RandomTables
{
    /// <summary>Names a, b, c ...; the first two are always numbers.</summary>
    public static (string[] Names, string[][] Cells) Text(Random random, string missing, bool decimalComma)
    {
        int rows = random.Next(12, 40), columns = random.Next(2, 6);
        double gaps = random.NextDouble() * 0.35;
        string[] names = [.. Enumerable.Range(0, columns).Select(j => ((char)('a' + j)).ToString())];
        int[] kinds = [.. Enumerable.Range(0, columns).Select(j => j < 2 ? random.Next(2) : random.Next(5))];
        var cells = new string[rows][];
        for (int row = 0; row < rows; row++)
        {
            double common = random.NextDouble() * 4 - 2;
            cells[row] = [.. kinds.Select(kind =>
            {
                if (random.NextDouble() < gaps) return missing;
                double value = common + random.NextDouble() * 2;
                return kind switch
                {
                    0 => Number(value, "F3", decimalComma),
                    1 => Number(Math.Round(10 * value), "F0", decimalComma),
                    2 => random.Next(3) == 0 ? "yes, no" : $"group {random.Next(3)}",
                    3 => Number(1e6 * value, "R", decimalComma),
                    _ => Number(value * Math.Pow(10, random.Next(-8, 8)), "G6", decimalComma),
                };
            })];
        }
        return (names, cells);
    }

    /// <summary>Numbers, and a text column in the last place.</summary>
    public static Table Numbers(Random random)
    {
        int rows = random.Next(12, 40), columns = random.Next(2, 5);
        double gaps = random.NextDouble() * 0.3;
        var values = new double[columns][];
        for (int j = 0; j < columns; j++) values[j] = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            double common = random.NextDouble() * 4 - 2;
            for (int j = 0; j < columns; j++)
                values[j][row] = random.NextDouble() < gaps ? double.NaN
                    : j == 1 ? Math.Round(10 * common + 5 * random.NextDouble()) : common + random.NextDouble();
        }
        return new Table([.. values.Select((v, j) => (Column)NumericColumn.Create(((char)('a' + j)).ToString(), ColumnKind.Number, v)),
            TextColumn.Create("t", [.. Enumerable.Range(0, rows).Select(row => row % 7 == 0 ? null : $"text {row % 3}")])]);
    }

    private static string Number(double value, string format, bool decimalComma)
    {
        string text = value.ToString(format, CultureInfo.InvariantCulture);
        return decimalComma ? text.Replace('.', ',') : text;
    }
}
