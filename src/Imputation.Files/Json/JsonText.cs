using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Imputation.Files.Json;

/// <summary>How this project writes JSON: indented, a row of a matrix and a record of a list on one line each, numbers in the shortest text that reads back to the same bits.</summary>
internal static class JsonText
{
    /// <summary>People's names stay readable; no web page is the reader.</summary>
    private static readonly JavaScriptEncoder Readable = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static Utf8JsonWriter Writer(Stream stream) =>
        new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = Readable });

    /// <summary>A member whose value stands on one line.</summary>
    public static void Line(Utf8JsonWriter json, string name, Action<Utf8JsonWriter> write)
    {
        json.WritePropertyName(name);
        Line(json, write);
    }

    /// <summary>An array with each element on one line.</summary>
    public static void Lines<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items) Line(json, line => write(line, item));
        json.WriteEndArray();
    }

    public static void Names(Utf8JsonWriter json, string name, IEnumerable<string> names) => Line(json, name, line =>
    {
        line.WriteStartArray();
        foreach (string n in names) line.WriteStringValue(n);
        line.WriteEndArray();
    });

    public static void Vector(Utf8JsonWriter json, string name, IEnumerable<double> values) => Line(json, name, line => Numbers(line, values));

    public static void Matrix(Utf8JsonWriter json, string name, double[,] values) =>
        Lines(json, name, Enumerable.Range(0, values.GetLength(0)), (line, j) => Numbers(line, Enumerable.Range(0, values.GetLength(1)).Select(k => values[j, k])));

    /// <summary>A number; null where it is not finite, for which JSON has no text.</summary>
    public static void Number(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        Number(json, value);
    }

    /// <summary>A member of an enumeration: Converged is converged, MaxIterations is maxIterations.</summary>
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static void Numbers(Utf8JsonWriter json, IEnumerable<double> values)
    {
        json.WriteStartArray();
        foreach (double value in values) Number(json, value);
        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteNullValue();
    }

    private static void Line(Utf8JsonWriter json, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter line = new(buffer, new JsonWriterOptions { Encoder = Readable })) write(line);
        json.WriteRawValue(buffer.WrittenSpan, skipInputValidation: true);
    }
}
