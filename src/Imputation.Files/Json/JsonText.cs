using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Imputation.Files.Json;

/// <summary>How this project writes JSON: indented, a row of a matrix and a record of a list on one line each, numbers in the shortest text
/// that reads back to the same bits.</summary>
internal static class JsonText
{
    /// <summary>People's names stay readable; no web page is the reader.</summary>
    private static readonly JavaScriptEncoder Readable = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private static readonly JsonWriterOptions OneLine = new() { Encoder = Readable };

    public static Utf8JsonWriter Writer(Stream stream) =>
        new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = Readable });

    /// <summary>Reads a document whose every text is valid Unicode and that gives no member twice.</summary>
    /// <param name="stream">The stream, read to its end and left open.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <param name="options">What is allowed beyond JSON.</param>
    /// <param name="invalid">What to say of a file that is not JSON.</param>
    /// <param name="mend">What the user can do about any other damage.</param>
    /// <exception cref="ImputationDataException">There is no such document in the stream.</exception>
    public static JsonDocument Parse(Stream stream, string name, JsonDocumentOptions options, string invalid, string mend)
    {
        options.AllowDuplicateProperties = false;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(stream, options);
        }
        catch (JsonException e)
        {
            string where = e.LineNumber is { } line ? $"{name}, line {line + 1}" : name;
            throw new ImputationDataException(e.Message.Contains("uplicate", StringComparison.Ordinal)
                ? $"{where}: a member is given twice: {e.Message} Which of the two holds is not clear. {mend}" : $"{where}: {invalid}",
                inner: e);
        }
        if (IsUnicode(document.RootElement)) return document;
        document.Dispose();
        throw new ImputationDataException($"{name}: a text in it is not valid Unicode: the file is damaged. {mend}");
    }

    /// <summary>Whether every text and name is; the parser finds only when one is asked for that it cannot be told.</summary>
    private static bool IsUnicode(JsonElement element)
    {
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    _ = element.GetString();
                    return true;
                case JsonValueKind.Array:
                    return element.EnumerateArray().All(IsUnicode);
                case JsonValueKind.Object:
                    return element.EnumerateObject().All(member => member.Name is not null && IsUnicode(member.Value));
                default:
                    return true;
            }
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Writes a document of one object and a line feed, and leaves the stream open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="members">Writes its members.</param>
    public static void Document(Stream stream, Action<Utf8JsonWriter> members)
    {
        using (Utf8JsonWriter json = Writer(stream))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    /// <summary>The same with what it is first.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="format">Its first member, <c>format</c>.</param>
    /// <param name="version">Its second member, <c>version</c>.</param>
    /// <param name="members">Writes the other members.</param>
    public static void Document(Stream stream, string format, int version, Action<Utf8JsonWriter> members) =>
        Document(stream, json =>
        {
            json.WriteString("format", format);
            json.WriteNumber("version", version);
            members(json);
        });

    /// <summary>A member whose value is on one line.</summary>
    public static void Line(Utf8JsonWriter json, string name, Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter line = new(text, OneLine)) write(line);
        json.WritePropertyName(name);
        json.WriteRawValue(text.WrittenSpan, skipInputValidation: true);
    }

    /// <summary>An array with each element on a line of its own. The writer indents no raw values in arrays, so that is done
    /// here.</summary>
    public static void Lines<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        var text = new ArrayBufferWriter<byte>();
        text.Write("["u8);
        bool any = false;
        using (Utf8JsonWriter line = new(text, OneLine))
        {
            foreach (T item in items)
            {
                if (any) text.Write(","u8);
                NewLine(text, json.CurrentDepth + 1);
                write(line, item);
                line.Flush();
                line.Reset(text);
                any = true;
            }
        }
        if (any) NewLine(text, json.CurrentDepth);
        text.Write("]"u8);
        json.WritePropertyName(name);
        json.WriteRawValue(text.WrittenSpan, skipInputValidation: true);
    }

    public static void Names(Utf8JsonWriter json, string name, IEnumerable<string> names) => Line(json, name, line =>
    {
        line.WriteStartArray();
        foreach (string n in names) line.WriteStringValue(n);
        line.WriteEndArray();
    });

    public static void Vector(Utf8JsonWriter json, string name, IEnumerable<double> values) =>
        Line(json, name, line => Numbers(line, values));

    public static void Matrix(Utf8JsonWriter json, string name, double[,] values) =>
        Lines(json, name, Enumerable.Range(0, values.GetLength(0)),
            (line, j) => Numbers(line, Enumerable.Range(0, values.GetLength(1)).Select(k => values[j, k])));

    /// <summary>Several matrices, each on one line.</summary>
    public static void Matrices(Utf8JsonWriter json, string name, double[][,] matrices) => Lines(json, name, matrices, (line, values) =>
    {
        line.WriteStartArray();
        for (int j = 0; j < values.GetLength(0); j++) Numbers(line, Enumerable.Range(0, values.GetLength(1)).Select(k => values[j, k]));
        line.WriteEndArray();
    });

    /// <summary>A number; null if it is not finite, because JSON has no such numbers.</summary>
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

    private static void NewLine(ArrayBufferWriter<byte> text, int depth)
    {
        text.Write("\n"u8);
        for (int k = 0; k < depth; k++) text.Write("  "u8);
    }
}
