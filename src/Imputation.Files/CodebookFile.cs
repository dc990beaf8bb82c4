using System.Text.Json;
using Imputation.Files.Json;
using Imputation.Files.Streams;

namespace Imputation.Files;

/// <summary>A codebook as a JSON file: a Frictionless Table Schema (version 2), with one property of our own, <c>imputation</c>, for what
/// the standard has no word for.</summary>
/// <remarks>
/// <para>Of a field: <c>measure</c> (continuous, count, semicontinuous, ordinal, binary, nominal, identifier, group, weight, passThrough),
/// <c>universe</c> (the rule under which the question was asked), <c>missing</c> (for each missing code, nonresponse or structural),
/// <c>derived</c> (its value by other columns) and <c>evidence</c> (of a proposal). Of the table: <c>edits</c>, each with a name and a
/// rule, <c>derived</c> by column, and <c>weight</c>.</para>
/// <para>Members of the standard that have no meaning here are ignored.</para>
/// </remarks>
public static class CodebookFile
{
    /// <summary>Reads a codebook to the end of a stream and leaves the stream open.</summary>
    /// <param name="stream">The stream to read.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <exception cref="ImputationDataException">Not a codebook, or broken; the message names the member and the error.</exception>
    public static Codebook Read(Stream stream, string name = "the codebook")
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            using JsonDocument document = JsonDocument.Parse(stream, new JsonDocumentOptions
            {
                AllowDuplicateProperties = false,
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            });
            return CodebookReader.Read(new JsonNode(document.RootElement, "", name));
        }
        catch (JsonException e)
        {
            throw new ImputationDataException($"{name}{(e.LineNumber is { } line ? $", line {line + 1}" : "")}: "
                + (e.Message.Contains("uplicate", StringComparison.Ordinal) ? $"a member is given twice: {e.Message}"
                    : "not valid JSON, so no codebook; a codebook is a Table Schema, and impute codebook proposes one."), inner: e);
        }
    }

    /// <summary>Reads a codebook.</summary>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">Not a codebook, or broken.</exception>
    public static Codebook Read(string path) => InputFile.Read(path, stream => Read(stream, path));

    /// <summary>Writes a codebook and leaves the stream open.</summary>
    public static void Write(Stream stream, Codebook codebook)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(codebook);
        using (Utf8JsonWriter json = JsonText.Writer(stream))
        {
            json.WriteStartObject();
            CodebookWriter.WriteMembers(json, codebook);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }
}
