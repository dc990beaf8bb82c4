using Imputation;

namespace Pictures;

/// <summary>A picture as a mixture of normal distributions: its regions, and what dead pixels looked like.</summary>
/// <remarks>Every pixel is a row: place and the colours of itself and of the mean of its living neighbours. A dead pixel has the place and
/// the neighbours only, and gets the colours that the mixture expects given these. The mixture knows no smoothness of borders; it need not,
/// as the neighbours say it.</remarks>
public static class Segmentation
{
    private static readonly string[] s_colours = ["red", "green", "blue"];

    /// <summary>The region of each pixel (from 0, the largest first), and the picture with its dead pixels filled.</summary>
    public static (int[] Regions, Picture Restored, NormalMixtureFit Fit) Of(Picture picture, int regions)
    {
        Table table = AsTable(picture);
        NormalMixtureFit fit = NormalMixture.Fit(table, new NormalMixtureOptions { Components = regions, Restarts = 20 });
        Table filled = fit.Impute(table, new FillOptions { Method = FillMethod.Mean }).Table;
        var restored = new Picture(picture.Width, picture.Height);
        for (int p = 0; p < picture.PixelCount; p++)
            for (int c = 0; c < 3; c++) restored[p, c] = ((NumericColumn)filled[s_colours[c]])[p];
        return (fit.Assign(table), restored, fit);
    }

    private static Table AsTable(Picture picture)
    {
        double[] Column(Func<int, double> value) => [.. Enumerable.Range(0, picture.PixelCount).Select(value)];
        double Around(int p, int c)
        {
            (int x, int y) = (p % picture.Width, p / picture.Width);
            double sum = 0, n = 0;
            for (int dy = -1; dy <= 1; dy++)
            {
                for (int dx = -1; dx <= 1; dx++)
                {
                    (int u, int v) = (x + dx, y + dy);
                    if ((dx, dy) == (0, 0) || u < 0 || v < 0 || u >= picture.Width || v >= picture.Height) continue;
                    double near = picture[v * picture.Width + u, c];
                    if (double.IsNaN(near)) continue;
                    (sum, n) = (sum + near, n + 1);
                }
            }
            return n == 0 ? double.NaN : sum / n;
        }
        return new Table([NumericColumn.Number("height", Column(p => p / picture.Width)),
            .. s_colours.Select((name, c) => NumericColumn.Number(name, Column(p => picture[p, c]))),
            .. s_colours.Select((name, c) => NumericColumn.Number($"{name} around", Column(p => Around(p, c))))]);
    }
}
