using System.Text;
using System.Xml;
using System.Xml.Linq;
using Imputation.Diagnostics;
using Imputation.Reports;

namespace Imputation.Tests.Reports;

/// <summary>A report page as text and as XML.</summary>
internal sealed class Page
{
    public Page(DiagnosticReport report, ReportHeading? heading = null) : this(Written(report, heading))
    {
    }

    public Page(byte[] bytes)
    {
        Bytes = bytes;
        Text = Encoding.UTF8.GetString(Bytes);
        Xml = XDocument.Load(XmlReader.Create(new StringReader(Text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore }));
    }

    public byte[] Bytes { get; }

    public string Text { get; }

    public XDocument Xml { get; }

    /// <summary>Elements of a name.</summary>
    public IEnumerable<XElement> All(string tag) => Xml.Descendants(tag);

    /// <summary>Elements that have a class, samples in legends not counted.</summary>
    public XElement[] OfClass(string style) => [.. Xml.Descendants().Where(e => Classes(e).Contains(style) && !Classes(e).Contains("key"))];

    public static string[] Classes(XElement element) => element.Attribute("class")?.Value.Split(' ') ?? [];

    private static byte[] Written(DiagnosticReport report, ReportHeading? heading)
    {
        using var stream = new MemoryStream();
        ReportPage.Write(stream, report, heading ?? new ReportHeading("survey.csv"));
        return stream.ToArray();
    }
}
