using System.IO.Compression;
using System.Xml;

namespace Imputation.Files.Excel;

/// <summary>The cells of a sheet that hold errors such as #N/A, which ExcelDataReader 3.6 reads as empty.</summary>
internal static class ExcelErrors
{
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <summary>The errors by place, such as B7.</summary>
    /// <param name="bytes">The workbook.</param>
    /// <param name="sheet">Name of the sheet.</param>
    /// <exception cref="XmlException">A part of the workbook is damaged.</exception>
    public static Dictionary<string, string> Of(byte[] bytes, string sheet)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        if (Find(zip, "xl/workbook.xml", "sheet", "name", sheet, reader => reader.GetAttribute("id", Relations)) is not { } id
            || Find(zip, "xl/_rels/workbook.xml.rels", "Relationship", "Id", id, reader => reader.GetAttribute("Target")) is not { } target
            || zip.GetEntry(target.StartsWith('/') ? target[1..] : $"xl/{target}") is not { } part) return errors;
        using var reader = XmlReader.Create(part.Open());
        string? place = null;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.LocalName == "c") place = reader.GetAttribute("t") == "e" ? reader.GetAttribute("r") : null;
            else if (reader.LocalName == "v" && place is not null) errors[place] = reader.ReadElementContentAsString();
        }
        return errors;
    }

    /// <summary>The name of a column: A, B, ..., Z, AA.</summary>
    public static string Letters(int column)
    {
        string letters = "";
        for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26) letters = (char)('A' + (rest - 1) % 26) + letters;
        return letters;
    }

    /// <summary>An attribute of the element with that name and value of another attribute; null where there is none.</summary>
    private static string? Find(ZipArchive zip, string part, string element, string attribute, string value, Func<XmlReader, string?> get)
    {
        if (zip.GetEntry(part) is not { } entry) return null;
        using var reader = XmlReader.Create(entry.Open());
        while (reader.Read())
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == element && reader.GetAttribute(attribute) == value)
                return get(reader);
        return null;
    }
}
