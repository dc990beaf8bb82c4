namespace Imputation.Models.LatentNormal;

/// <summary>Which latent variables belong to which column.</summary>
internal sealed class LatentLayout
{
    /// <param name="margins">The columns' margins.</param>
    public LatentLayout(IReadOnlyList<Margin> margins)
    {
        Margins = margins;
        First = new int[margins.Count + 1];
        for (int j = 0; j < margins.Count; j++) First[j + 1] = First[j] + margins[j].LatentCount;
        ScaleFree = new bool[Count];
        for (int j = 0; j < margins.Count; j++)
            for (int k = First[j]; k < First[j + 1]; k++) ScaleFree[k] = margins[j].IsScaleFree;
        // A scale-free latent variable is rescaled about its threshold: the point that does not move.
        Origin = new double[Count];
        Span<LatentCell> cells = new LatentCell[Count];
        for (int j = 0; j < margins.Count; j++)
        {
            if (!margins[j].IsScaleFree) continue;
            margins[j].Read(margins[j].LevelValue(0), cells[First[j]..First[j + 1]]);
            for (int k = First[j]; k < First[j + 1]; k++)
                Origin[k] = margins[j] is NominalMargin nominal ? nominal.Threshold(k - First[j])
                    : double.IsFinite(cells[k].Upper) ? cells[k].Upper : cells[k].Lower;
        }
    }

    /// <summary>The margins.</summary>
    public IReadOnlyList<Margin> Margins { get; }

    /// <summary>The first latent variable of each column, and their number.</summary>
    public int[] First { get; }

    /// <summary>Number of latent variables, q.</summary>
    public int Count => First[^1];

    /// <summary>Whether the data cannot show the scale of a latent variable; its variance is then 1.</summary>
    public bool[] ScaleFree { get; }

    /// <summary>The threshold of a scale-free latent variable.</summary>
    public double[] Origin { get; }
}
