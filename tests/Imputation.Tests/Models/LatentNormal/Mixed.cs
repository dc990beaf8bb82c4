using System.Globalization;
using System.Text;
using Imputation.Files;
using Imputation.Numerics.Random;

namespace Imputation.Tests.Models.LatentNormal;

/// <summary>Tables of numbers and categories.</summary>
internal static class Mixed
{
    /// <summary>The columns hyp and chl of nhanes2 (Schafer 1997, p. 237).</summary>
    public const string Nhanes = "hyp,chl\nNA,NA\nno,187\nno,187\nNA,NA\nno,113\nNA,184\nno,118\nno,187\nno,238\nNA,NA\nNA,NA\nNA,NA\n"
        + "no,206\nyes,204\nno,NA\nNA,NA\nyes,284\nyes,199\nno,218\nyes,NA\nNA,NA\nno,229\nno,131\nno,NA\nno,186\n";

    public static Table Read(string csv) => CsvTable.Read(new MemoryStream(Encoding.UTF8.GetBytes(csv)));

    public static string Written(Table table)
    {
        var stream = new MemoryStream();
        CsvTable.Write(stream, table);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>A table of correlated columns of every kind: x normal, y skewed, n a count, s a scale 1 to 5, b binary, c
    /// nominal.</summary>
    public static Table Simulated(int rows, ulong seed, double missing = 0.2, bool categories = true)
    {
        string[] levels = ["red", "green", "blue", "grey"];
        var csv = new StringBuilder(categories ? "x,y,n,s,b,c\n" : "x,y,n,s\n");
        for (int row = 0; row < rows; row++)
        {
            var random = new RandomStream(seed, row, 0, 0);
            double common = random.Normal();
            double Latent(double loading) => loading * common + Math.Sqrt(1 - loading * loading) * random.Normal();
            double x = 10 + 2 * Latent(0.8), y = Math.Exp(Latent(-0.7)), count = Math.Floor(Math.Exp(0.5 + 0.6 * Latent(0.6)));
            double scale = Math.Clamp(Math.Round(3 + Latent(0.7)), 1, 5);
            string b = Latent(0.8) > 0.3 ? "yes" : "no", c = levels[(int)Math.Clamp(2 + Math.Round(1.1 * Latent(0.5)), 0, 3)];
            string[] cells = [Number(x), Number(y), Number(count), Number(scale), .. categories ? new[] { b, c } : []];
            csv.Append(string.Join(',', cells.Select(cell => random.Uniform() < missing ? "NA" : cell))).Append('\n');
        }
        return Read(csv.ToString());
    }

    private static string Number(double x) => x.ToString("R", CultureInfo.InvariantCulture);
}
