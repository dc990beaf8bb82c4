using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using ExcelDataReader;
using ExcelDataReader.Exceptions;
using Imputation.Files.Csv;
using Imputation.Text;

namespace Imputation.Files.Excel;

/// <summary>Reads a sheet of a workbook as the CSV text that it would be saved as.</summary>
internal static class ExcelSheetReader
{
    private static readonly string[] s_errors = ["#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#N/A"];

    public static Table Read(byte[] bytes, string name, TableReadOptions options, CancellationToken cancellation)
    {
        var text = new MemoryStream();
        var findings = new List<Finding>();
        var errors = new SortedDictionary<string, int>(StringComparer.Ordinal);
        // The library asks for this encoding of old workbooks even where there is none; registering it again changes nothing.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            if (!bytes.AsSpan().StartsWith("PK"u8)) throw new HeaderException("it does not begin like one");
            using IExcelDataReader reader = ExcelReaderFactory.CreateOpenXmlReader(new MemoryStream(bytes));
            Choose(reader, name, options.Sheet, findings);
            Dictionary<string, string> marks = ExcelErrors.Of(bytes, reader.Name);
            using CsvWriter writer = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n", Separator = ',' }, leaveOpen: true);
            for (int row = 0; reader.Read(); row++)
            {
                if ((row & 0xFF) == 0) cancellation.ThrowIfCancellationRequested();
                WriteRow(writer, reader, row, marks, errors);
            }
            writer.Flush();
        }
        catch (Exception e) when (e is ExcelReaderException or InvalidDataException or System.Xml.XmlException or FormatException
            or InvalidOperationException or IndexOutOfRangeException or NullReferenceException or KeyNotFoundException or OverflowException
            or ArgumentOutOfRangeException or NotSupportedException)
        {
            throw new ImputationDataException($"{name}: this is not an Excel workbook (.xlsx) that can be read: "
                + $"{e.Message.TrimEnd('.')}. Open it in Excel and save it as .xlsx or CSV.", inner: e);
        }
        if (text.Length == 0) throw new ImputationDataException($"{name}: the sheet is empty; choose another with --sheet NAME.");
        CsvBytes file = CsvBytes.Load(text.ToArray(), name, options with { Encoding = null },
            Convert.ToHexStringLower(SHA256.HashData(bytes)), cancellation);
        Table table = CsvTableReader.Read(file, name, options with
        {
            Delimiter = ',',
            DecimalComma = false,
            MissingMarkers = [.. options.MissingMarkers, .. s_errors],
        }, cancellation);
        if (errors.Count > 0)
            findings.Add(new Finding(FindingSeverity.Warning, "cells-with-errors",
                "The sheet has cells with errors: "
                    + $"{TextFormat.List([.. errors.Select(e => $"{e.Key} in {TextFormat.Count(e.Value, "cell")}")])}; "
                    + "they are treated as missing.", [], "Correct the formulas if they are mistakes."));
        ((CsvSource)table.Source!).FoundInFile.AddRange(findings);
        return table;
    }

    /// <summary>Goes to the sheet that is asked for, or to the first that is visible.</summary>
    private static void Choose(IExcelDataReader reader, string name, string? asked, List<Finding> findings)
    {
        var sheets = new List<(string Name, bool Visible)>();
        do sheets.Add((reader.Name, reader.VisibleState == "visible"));
        while (reader.NextResult());
        int chosen = asked is null ? Math.Max(0, sheets.FindIndex(sheet => sheet.Visible))
            : sheets.FindIndex(sheet => sheet.Name.Trim().Equals(asked.Trim(), StringComparison.OrdinalIgnoreCase));
        string[] names = [.. sheets.Select(sheet => sheet.Name)];
        if (chosen < 0)
            throw new ArgumentException($"No sheet '{asked}' in {name}; it has {TextFormat.Names(names)}.{TextFormat.Hint(asked!, names)}");
        if (asked is null && sheets.Count > 1)
            findings.Add(new Finding(FindingSeverity.Note, "other-sheets",
                $"The workbook has {TextFormat.Count(sheets.Count, "sheet")}: {TextFormat.Names(names)}; '{names[chosen]}' was read.", [],
                "Choose another with --sheet NAME (library: Sheet)."));
        reader.Reset();
        for (int k = 0; k < chosen; k++) reader.NextResult();
    }

    private static void WriteRow(CsvWriter writer, IExcelDataReader reader, int row, Dictionary<string, string> marks,
        SortedDictionary<string, int> errors)
    {
        for (int column = 0; column < reader.FieldCount; column++)
        {
            object? value = reader.GetValue(column);
            if (value is null && marks.Count > 0
                && marks.GetValueOrDefault($"{ExcelErrors.Letters(column)}{TextFormat.Exact(row + 1)}") is { } mark)
                value = mark;
            if (value is string text && s_errors.Contains(text)) errors[text] = errors.GetValueOrDefault(text) + 1;
            writer.WriteField(value switch
            {
                null => "",
                DateTime date => date.ToString(date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.FFF",
                    CultureInfo.InvariantCulture),
                TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
                bool truth => truth ? "TRUE" : "FALSE",
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                var other => other.ToString() ?? "",
            });
        }
        writer.EndRecord();
    }
}
