using System.Buffers.Text;
using System.Text;

namespace Imputation.Benchmarks.Works;

/// <summary>Writes a work as CSV: a header, numbers of a column all with as many decimals, empty cells where missing.</summary>
internal static class WorkFile
{
    /// <summary>What the columns are measured in, over and over: five to seven digits of each value are written.</summary>
    private static readonly (double Mean, double Deviation, int Decimals)[] s_units = [(0, 1, 5), (50, 10, 5), (120, 15, 4), (7, 2, 5),
        (-200, 60, 2)];

    /// <summary>Writes the file, in full size or small; under its name only once it is whole.</summary>
    public static void Write(Work work, string folder, bool small)
    {
        string path = work.Path(folder), part = path + ".part";
        using (FileStream file = File.Create(part)) Write(work, file, small ? work.SmallRows : work.Rows);
        File.Move(part, path, overwrite: true);
    }

    private static void Write(Work work, FileStream file, int rows)
    {
        using var stream = new BufferedStream(file, 1 << 20);
        stream.Write(Encoding.ASCII.GetBytes(string.Join(',', Enumerable.Range(1, work.Columns).Select(j => $"x{j}")) + "\n"));
        var scores = new double[work.Columns];
        var line = new byte[work.Columns * 24];
        ulong seed = work.Seed;
        for (int row = 0; row < rows; row++)
        {
            work.Scores(seed, row, scores);
            int length = 0;
            for (int j = 0; j < scores.Length; j++)
            {
                (double mean, double deviation, int decimals) = s_units[j % s_units.Length];
                if (!work.Hole(seed, row, j)) length += Format(mean + deviation * scores[j], decimals, line.AsSpan(length));
                line[length++] = (byte)(j + 1 < scores.Length ? ',' : '\n');
            }
            stream.Write(line.AsSpan(0, length));
        }
    }

    /// <summary>Values of a work without the detour by a file, NaN where missing.</summary>
    public static double[,] Values(Work work, int rows)
    {
        var values = new double[rows, work.Columns];
        var scores = new double[work.Columns];
        ulong seed = work.Seed;
        for (int row = 0; row < rows; row++)
        {
            work.Scores(seed, row, scores);
            for (int j = 0; j < scores.Length; j++) values[row, j] = work.Hole(seed, row, j) ? double.NaN : scores[j];
        }
        return values;
    }

    /// <summary>By way of whole numbers: no minus before a zero, and the same text on every machine.</summary>
    private static int Format(double value, int decimals, Span<byte> target)
    {
        long unit = 1;
        for (int d = 0; d < decimals; d++) unit *= 10;
        long scaled = (long)Math.Round(value * unit);
        int at = 0;
        if (scaled < 0) target[at++] = (byte)'-';
        (long whole, long rest) = Math.DivRem(Math.Abs(scaled), unit);
        Utf8Formatter.TryFormat(whole, target[at..], out int written);
        at += written;
        target[at++] = (byte)'.';
        for (long place = unit / 10; place > 0; place /= 10) target[at++] = (byte)('0' + rest / place % 10);
        return at;
    }
}
