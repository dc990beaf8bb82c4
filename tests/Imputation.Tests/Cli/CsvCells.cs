namespace Imputation.Tests.Cli;

/// <summary>Comma-separated files without quotes, cell by cell as text.</summary>
internal static class CsvCells
{
    public static string[][] Read(string path) => [.. File.ReadAllLines(path).Select(line => line.Split(','))];

    /// <summary>Same shape; every observed cell the same text; every NA or empty cell a number. Returns how many were filled.</summary>
    public static int AssertCompletes(string input, string output)
    {
        string[][] before = Read(input), after = Read(output);
        Assert.Equal(before.Length, after.Length);
        int filled = 0;
        for (int row = 0; row < before.Length; row++)
        {
            Assert.Equal(before[row].Length, after[row].Length);
            for (int j = 0; j < before[row].Length; j++)
            {
                if (before[row][j] is not ("NA" or ""))
                {
                    Assert.Equal(before[row][j], after[row][j]);
                    continue;
                }
                Assert.True(double.TryParse(after[row][j], out double value) && double.IsFinite(value),
                    $"row {row}, column {before[0][j]}: '{after[row][j]}'");
                filled++;
            }
        }
        return filled;
    }
}
