namespace Imputation.Reports.Charts;

/// <summary>A chart laid out: how large it is, and how it is drawn.</summary>
internal abstract class Drawing
{
    /// <summary>Width of most charts. A page scales it up a little where two are side by side, and down a little on a
    /// phone.</summary>
    public const double OrdinaryWidth = 400;

    /// <summary>Size of ordinary letters.</summary>
    public const double FontSize = 12;

    /// <summary>Width in pixels.</summary>
    public abstract double Width { get; }

    /// <summary>Height in pixels.</summary>
    public abstract double Height { get; }

    /// <summary>A name for style sheets and tests, such as <c>xy</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether the chart keeps its size and is scrolled in a box of its own where it does not fit.</summary>
    public virtual bool Scrolls => false;

    /// <summary>Description of the chart, valid for any data, for readers who cannot see it.</summary>
    public abstract string Summary { get; }

    /// <summary>A note under the chart on omitted data; empty where nothing was omitted.</summary>
    public virtual string Note => "";

    /// <summary>Draws.</summary>
    public abstract void Draw(Svg svg);

    /// <summary>Draws a horizontal axis above the data: its name, its ticks as lines through the data, and the ticks' numbers where there
    /// is room for them.</summary>
    protected void AxisAbove(Svg svg, Axis axis, string[] labels, string name, double left, double top, double bottom)
    {
        using var group = svg.Group("axes");
        if (name.Length > 0) svg.Text("label", left, 14, TextSize.Fitted(name, FontSize, Width - left), whole: name);
        double end = double.NegativeInfinity;
        for (int k = 0; k < labels.Length; k++)
        {
            double x = axis[axis.Ticks[k]], half = TextSize.Width(labels[k], FontSize) / 2;
            svg.Line("grid", x, top - 4, x, bottom);
            if (x - half < end + 8) continue;
            svg.Text("tick", x, top - 9, labels[k], "middle");
            end = x + half;
        }
    }
}
