namespace Imputation.Reports;

/// <summary>Heading of a report page.</summary>
/// <param name="Title">Subject of the report: usually the file's name.</param>
public sealed record ReportHeading(string Title)
{
    /// <summary>Kind of report, above the title; left out where empty.</summary>
    public string Kind { get; init; } = "Missing data report";

    /// <summary>Program that produced the page, such as <c>impute 0.1.0</c>; left out where empty.</summary>
    public string Generator { get; init; } = "";

    /// <summary>A sentence or two under the title, such as how to read the page; left out where empty.</summary>
    public string Lead { get; init; } = "";

    /// <summary>Facts beside the title, each a label with its value, such as <c>Rows</c> and <c>2,800</c>. The page looks at no clock: a
    /// date, if any, comes from here.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Lines { get; init; } = [];
}
