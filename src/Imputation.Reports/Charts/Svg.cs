using System.Globalization;
using Imputation.Reports.Html;

namespace Imputation.Reports.Charts;

/// <summary>Shapes of a drawing. Colours and strokes come from the page's style sheet through classes; places are rounded to hundredths of
/// a pixel.</summary>
internal sealed class Svg(Markup html)
{
    /// <summary>A unique name for an element that another refers to.</summary>
    public string NewId(string stem) => html.NewId(stem);

    /// <summary>A number of a drawing.</summary>
    public static string N(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Shapes with a class and a title in common; a browser shows the title where one points at them.</summary>
    public Markup.Scope Group(string? style, string? title = null)
    {
        Markup.Scope scope = html.In("g", ("class", style));
        if (title is not null) html.Element("title", title);
        return scope;
    }

    /// <summary>Its content is clipped to the rectangle.</summary>
    public Markup.Scope Clipped(double x, double y, double width, double height)
    {
        string id = html.NewId("clip");
        using (html.In("clipPath", ("id", id))) Rect("edge", x, y, width, height);
        return html.In("g", ("clip-path", $"url(#{id})"));
    }

    public void Rect(string style, double x, double y, double width, double height, string? title = null, double? opacity = null)
    {
        Markup.Scope scope = html.In("rect", ("class", style), ("x", N(x)), ("y", N(y)), ("width", N(Math.Max(0, width))),
            ("height", N(Math.Max(0, height))),
            ("fill-opacity", opacity is { } o ? N(o) : null));
        using (scope) Title(title);
    }

    public void Circle(string style, double x, double y, double radius, string? title = null)
    {
        using (html.In("circle", ("class", style), ("cx", N(x)), ("cy", N(y)), ("r", N(radius)))) Title(title);
    }

    public void Line(string style, double x1, double y1, double x2, double y2) =>
        html.Leaf("line", ("class", style), ("x1", N(x1)), ("y1", N(y1)), ("x2", N(x2)), ("y2", N(y2)));

    public void Path(string style, string data, string? title = null, double? opacity = null)
    {
        using (html.In("path", ("class", style), ("d", data), ("fill-opacity", opacity is { } o ? N(o) : null))) Title(title);
    }

    /// <summary>Text on its baseline.</summary>
    /// <param name="style">Its class.</param>
    /// <param name="x">Horizontal position of the anchor.</param>
    /// <param name="y">Its baseline.</param>
    /// <param name="text">The text.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="size">Size of its letters, where not the ordinary one.</param>
    /// <param name="rotated">Degrees by which it is turned about its anchor.</param>
    /// <param name="whole">The uncut text, shown on pointing at it, where it differs.</param>
    public void Text(string style, double x, double y, string text, string anchor = "start", double? size = null, double rotated = 0,
        string? whole = null)
    {
        Markup.Scope scope = html.In("text", ("class", style), ("x", N(x)), ("y", N(y)), ("text-anchor", anchor == "start" ? null : anchor),
            ("font-size", size is { } s ? N(s) : null), ("transform", rotated == 0 ? null : $"rotate({N(rotated)} {N(x)} {N(y)})"));
        using (scope)
        {
            if (whole is not null && whole != text) html.Element("title", whole);
            html.Text(text);
        }
    }

    private void Title(string? title)
    {
        if (title is not null) html.Element("title", title);
    }
}
