using System.Text;
using System.Xml;

namespace Imputation.Reports.Html;

/// <summary>HTML that is well-formed XML too, element by element. All text goes through <see cref="SafeText"/>.</summary>
internal sealed class Markup(Stream stream) : IDisposable
{
    /// <summary>Elements that are closed in their own tag: HTML's void ones, and the shapes of SVG.</summary>
    private static readonly HashSet<string> Short = ["meta", "br", "rect", "circle", "path", "line", "use"];

    private readonly XmlWriter _xml = XmlWriter.Create(stream, new XmlWriterSettings
    {
        OmitXmlDeclaration = true,
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        NewLineHandling = NewLineHandling.None,
        ConformanceLevel = ConformanceLevel.Fragment,
        CloseOutput = false,
    });

    private readonly Stack<string> _open = new();

    /// <summary>The next number of an element that others refer to.</summary>
    private int _ids;

    /// <summary>A name for an element, unique in the page.</summary>
    public string NewId(string stem) => $"{stem}-{++_ids}";

    /// <summary>Text that is markup already.</summary>
    public void Raw(string markup) => _xml.WriteRaw(markup);

    /// <summary>A line break of the source, so that the page can be read there.</summary>
    public void Break() => _xml.WriteRaw("\n");

    /// <summary>Opens an element; disposing closes it. An attribute whose value is null is left out.</summary>
    public Scope In(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _xml.WriteStartElement(tag);
        foreach ((string name, string? value) in attributes)
            if (value is not null) _xml.WriteAttributeString(name, SafeText.Of(value));
        _open.Push(tag);
        return new Scope(this);
    }

    /// <summary>An element with nothing in it.</summary>
    public void Leaf(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes) => In(tag, attributes).Dispose();

    /// <summary>An element with text in it.</summary>
    public void Element(string tag, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        using (In(tag, attributes)) Text(text);
    }

    /// <summary>Text, as it is to be read.</summary>
    public void Text(string text) => _xml.WriteString(SafeText.Of(text));

    public void Dispose() => _xml.Dispose();

    private void Close()
    {
        string tag = _open.Pop();
        // After a failed write the writer refuses everything; that would hide why.
        if (_xml.WriteState == WriteState.Error) return;
        if (Short.Contains(tag)) _xml.WriteEndElement();
        else _xml.WriteFullEndElement();
    }

    /// <summary>An open element.</summary>
    public readonly struct Scope(Markup markup) : IDisposable
    {
        public void Dispose() => markup.Close();
    }
}
