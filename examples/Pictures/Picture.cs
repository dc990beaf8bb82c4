using System.Globalization;
using System.Text;

namespace Pictures;

/// <summary>A picture of red, green and blue from 0 to 255; NaN where a pixel is dead.</summary>
public sealed class Picture(int width, int height)
{
    private readonly double[] _values = new double[3 * width * height];

    public int Width => width;

    public int Height => height;

    public int PixelCount => width * height;

    /// <summary>A colour of a pixel, pixels counted row by row.</summary>
    public double this[int pixel, int colour]
    {
        get => _values[3 * pixel + colour];
        set => _values[3 * pixel + colour] = value;
    }

    /// <summary>Reads a portable pixmap, P3 or P6 with 255 values. A pixel of pure magenta is dead.</summary>
    /// <exception cref="FormatException">The file is something else.</exception>
    public static Picture Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int at = 0;
        string Word()
        {
            while (at < bytes.Length && (char.IsWhiteSpace((char)bytes[at]) || bytes[at] == '#'))
            {
                if (bytes[at] == '#') while (at < bytes.Length && bytes[at] != '\n') at++;
                at++;
            }
            int from = at;
            while (at < bytes.Length && !char.IsWhiteSpace((char)bytes[at])) at++;
            return Encoding.ASCII.GetString(bytes, from, at - from);
        }
        int Number() => int.TryParse(Word(), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n
            : throw new FormatException($"'{path}' is damaged near byte {at}: expected a number.");
        string kind = Word();
        if (kind is not ("P3" or "P6"))
            throw new FormatException($"'{path}' begins with '{kind}', expected P3 or P6: convert the picture to PPM first.");
        var picture = new Picture(Number(), Number());
        if (Number() is var most && most != 255) throw new FormatException($"'{path}' has colours up to {most}, expected 255.");
        at++; // the blank after the header
        if (kind == "P6" && bytes.Length - at < 3 * picture.PixelCount)
            throw new FormatException($"'{path}' ends after {(bytes.Length - at) / 3} of {picture.PixelCount} pixels.");
        for (int i = 0; i < picture._values.Length; i++) picture._values[i] = kind == "P6" ? bytes[at++] : Number();
        for (int p = 0; p < picture.PixelCount; p++)
            if (picture[p, 0] == 255 && picture[p, 1] == 0 && picture[p, 2] == 255)
                for (int c = 0; c < 3; c++) picture[p, c] = double.NaN;
        return picture;
    }

    /// <summary>Writes a portable pixmap, P6; dead pixels in magenta.</summary>
    public void Write(string path)
    {
        var bytes = new List<byte>(Encoding.ASCII.GetBytes($"P6\n{width} {height}\n255\n"));
        for (int p = 0; p < PixelCount; p++)
            for (int c = 0; c < 3; c++)
                bytes.Add(double.IsNaN(this[p, c]) ? (byte)(c == 1 ? 0 : 255) : (byte)Math.Clamp(Math.Round(this[p, c]), 0, 255));
        File.WriteAllBytes(path, [.. bytes]);
    }

    /// <summary>A landscape: sky, hills and water, with noise, and a share of dead pixels. The regions are returned too.</summary>
    public static (Picture Picture, int[] Regions, Picture Clean) Landscape(int width, int height, double noise, double dead, int seed)
    {
        double[][] colours = [[130, 180, 235], [70, 120, 60], [30, 70, 130]];
        var random = new Random(seed);
        Picture picture = new(width, height), clean = new(width, height);
        var regions = new int[picture.PixelCount];
        for (int p = 0; p < regions.Length; p++)
        {
            double x = (double)(p % width) / width, y = (double)(p / width) / height;
            double hills = 0.45 + 0.12 * Math.Sin(9 * x) + 0.05 * Math.Sin(23 * x);
            regions[p] = y < hills ? 0 : y < 0.72 ? 1 : 2;
            bool isDead = random.NextDouble() < dead;
            for (int c = 0; c < 3; c++)
            {
                double z = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                clean[p, c] = colours[regions[p]][c];
                picture[p, c] = isDead ? double.NaN : Math.Clamp(clean[p, c] + noise * z, 0, 255);
            }
        }
        return (picture, regions, clean);
    }
}
