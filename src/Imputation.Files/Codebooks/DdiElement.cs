using System.Text;
using System.Xml;

namespace Imputation.Files.Codebooks;

/// <summary>An element of a DDI file without its namespace, and what is in it.</summary>
internal sealed class DdiElement
{
    /// <summary>Most elements within each other in a variable; the standard has no more than a few.</summary>
    private const int MostNested = 40;

    /// <summary>Elements that are long and say nothing about the meaning of values.</summary>
    private static readonly HashSet<string> s_passedOver = ["catStat", "sumStat", "notes"];

    private readonly Dictionary<string, string> _attributes = [];

    private DdiElement(string name, int line) => (Name, Line) = (name, line);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Line of the file in which it begins.</summary>
    public int Line { get; }

    /// <summary>The elements in it.</summary>
    public List<DdiElement> Children { get; } = [];

    /// <summary>All text in it, as one line.</summary>
    public string Text { get; private set; } = "";

    /// <summary>An attribute; empty where it has none of that name.</summary>
    public string this[string attribute] => _attributes.GetValueOrDefault(attribute, "");

    /// <summary>The first element of a name in it.</summary>
    public DdiElement? Child(string name) => Children.Find(c => c.Name == name);

    /// <summary>The text of the first of some elements that has any.</summary>
    public string TextOf(string name) => Children.Find(c => c.Name == name && c.Text.Length > 0)?.Text ?? "";

    /// <summary>All elements of a name in it, at any depth.</summary>
    public IEnumerable<DdiElement> All(string name) => Children.SelectMany(c => c.All(name).Prepend(c)).Where(c => c.Name == name);

    /// <summary>Reads the element at which the reader is, and goes to its end.</summary>
    /// <exception cref="XmlException">It is malformed, or too deep.</exception>
    public static DdiElement Read(XmlReader reader, int depth = 0)
    {
        var place = (IXmlLineInfo)reader;
        if (depth > MostNested)
            throw new XmlException($"more than {MostNested} elements are within each other", null, place.LineNumber, place.LinePosition);
        var element = new DdiElement(reader.LocalName, place.LineNumber);
        bool isEmpty = reader.IsEmptyElement;
        while (reader.MoveToNextAttribute())
            if (reader.NamespaceURI.Length == 0) element._attributes[reader.LocalName] = reader.Value.Trim();
        if (isEmpty) return element;
        var text = new StringBuilder();
        while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
        {
            if (reader.NodeType == XmlNodeType.Element && s_passedOver.Contains(reader.LocalName))
            {
                PassOver(reader);
            }
            else if (reader.NodeType == XmlNodeType.Element)
            {
                DdiElement child = Read(reader, depth + 1);
                element.Children.Add(child);
                text.Append(' ').Append(child.Text).Append(' ');
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace
                or XmlNodeType.Whitespace)
            {
                text.Append(reader.Value);
            }
        }
        element.Text = TranslationAccount.OneLine(text.ToString());
        return element;
    }

    /// <summary>Goes to the end of the element.</summary>
    private static void PassOver(XmlReader reader)
    {
        if (reader.IsEmptyElement) return;
        int depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            // Nothing in it is used.
        }
    }
}
