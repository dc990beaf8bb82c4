using System.Text.Json;
using Imputation.Files.Codebooks;
using Imputation.Files.Json;
using Imputation.Files.Streams;

namespace Imputation.Files;

/// <summary>A codebook as a file. The format of our own is JSON: a Frictionless Table Schema (version 2), with one property,
/// <c>imputation</c>, for what the standard has no word for. REDCap data dictionaries and DDI codebooks are read too.</summary>
/// <remarks>
/// <para>Of a field: <c>measure</c> (continuous, count, semicontinuous, ordinal, binary, nominal, identifier, group, weight, passThrough),
/// <c>universe</c> (the rule under which the question was asked), <c>missing</c> (for each missing code, nonresponse or structural),
/// <c>derived</c> (its value by other columns), <c>evidence</c> and <c>derivedEvidence</c> (of a
/// proposal). Of the table: <c>edits</c>, each with a name and a
/// rule, <c>derived</c> by column, and <c>weight</c>.</para>
/// <para>Members of the standard that have no meaning here are ignored.</para>
/// <para>The format is told by the contents. A REDCap data dictionary is CSV, with the columns of the file that REDCap offers or those of
/// its API: choices, limits, branching logic (as universes) and calculations are translated. A DDI codebook is XML with the root
/// <c>codeBook</c>, version 1 or 2: categories, missing codes, valid ranges and weights are. <see cref="Codebook.Findings"/> names all that
/// could not be translated, with its text.</para>
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
        byte[] bytes = WholeStream.Read(stream, name, CancellationToken.None);
        if (CodebookFormats.Read(bytes, name) is { } other) return other;
        using JsonDocument document = JsonText.Parse(new MemoryStream(bytes), name,
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true },
            invalid: $"not valid JSON, so no codebook. {CodebookFormats.Accepted}",
            mend: "Leave one of them, or have impute codebook propose another.");
        return CodebookReader.Read(new JsonNode(document.RootElement, "", name));
    }

    /// <summary>Reads a codebook.</summary>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">Not a codebook, or broken.</exception>
    public static Codebook Read(string path) => InputFile.Read(path, stream => Read(stream, path));

    /// <summary>Writes a codebook as a Table Schema and leaves the stream open.</summary>
    public static void Write(Stream stream, Codebook codebook)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(codebook);
        JsonText.Document(stream, json => CodebookWriter.WriteMembers(json, codebook));
    }
}
