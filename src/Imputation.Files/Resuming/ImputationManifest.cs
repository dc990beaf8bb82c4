using System.Security.Cryptography;
using System.Text.Json;
using Imputation.Files.Json;
using Imputation.Files.Streams;

namespace Imputation.Files.Resuming;

/// <summary>An imputation that is finished: a file, or a part of one.</summary>
/// <param name="Imputation">Its number (from 1); 0 for the part before the first.</param>
/// <param name="File">Name of the file, without the folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its bytes, in lower-case hexadecimal.</param>
internal sealed record FinishedImputation(int Imputation, string File, long Bytes, string Sha256)
{
    /// <summary>Whether the next bytes of a stream are those that were written.</summary>
    public bool Is(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        for (long left = Bytes; left > 0;)
        {
            int read = stream.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, left)));
            if (read == 0) return false;
            hash.AppendData(buffer.AsSpan(0, read));
            left -= read;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == Sha256;
    }
}

/// <summary>The settings of a run of multiple imputation and the imputations it has finished, so that another run can go on from
/// there.</summary>
/// <param name="Settings">The settings that imputations depend on, by name.</param>
/// <param name="Finished">The finished imputations.</param>
internal sealed record ImputationManifest(IReadOnlyDictionary<string, string> Settings, IReadOnlyList<FinishedImputation> Finished)
{
    /// <summary>The file's <c>format</c>.</summary>
    public const string Format = "imputation/manifest";

    /// <summary>Reads a manifest; null where there is no such file.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    /// <exception cref="ImputationDataException">It is no manifest.</exception>
    public static ImputationManifest? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using JsonDocument json = InputFile.Read(path, stream => JsonDocument.Parse(stream,
                new JsonDocumentOptions { AllowDuplicateProperties = false }));
            JsonElement root = json.RootElement;
            if (root.GetProperty("format").GetString() != Format) throw new FormatException();
            return new ImputationManifest(
                root.GetProperty("settings").EnumerateObject().ToDictionary(s => s.Name, s => s.Value.GetString()
                    ?? throw new FormatException()),
                [.. root.GetProperty("finished").EnumerateArray().Select(f => new FinishedImputation(
                    f.GetProperty("imputation").GetInt32(), f.GetProperty("file").GetString() ?? throw new FormatException(),
                        f.GetProperty("bytes").GetInt64(), f.GetProperty("sha256").GetString() ?? throw new FormatException()))]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ImputationDataException($"'{path}' is not the manifest of a multiple imputation; remove it, "
                + "or start again without resuming.");
        }
    }

    /// <summary>Writes the manifest, completely or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="medium">Where it is written to; null for the disk.</param>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public void Write(string path, Medium? medium = null) => AtomicFile.Write(path, stream =>
    {
        using Utf8JsonWriter json = JsonText.Writer(stream);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteStartObject("settings");
        foreach ((string name, string value) in Settings) json.WriteString(name, value);
        json.WriteEndObject();
        JsonText.Lines(json, "finished", Finished.OrderBy(f => f.Imputation), (line, f) =>
        {
            line.WriteStartObject();
            line.WriteNumber("imputation", f.Imputation);
            line.WriteString("file", f.File);
            line.WriteNumber("bytes", f.Bytes);
            line.WriteString("sha256", f.Sha256);
            line.WriteEndObject();
        });
        json.WriteEndObject();
    }, medium);

    /// <summary>The first setting in which another run differs, with both values, as the middle of a sentence; null where there is
    /// none.</summary>
    public string? Difference(IReadOnlyDictionary<string, string> now)
    {
        // An option that one of them was given comes before those whose defaults follow from it.
        (IEnumerable<string> longer, IEnumerable<string> other) = now.Count > Settings.Count ? (now.Keys, Settings.Keys)
            : (Settings.Keys, now.Keys);
        foreach (string name in longer.Union(other))
        {
            string was = Settings.GetValueOrDefault(name, "not given"), value = now.GetValueOrDefault(name, "not given");
            if (was != value) return $"{name} was {Quoted(was)} and is {Quoted(value)} now";
        }
        return null;
    }

    private static string Quoted(string value) => value.Length == 0 ? "nothing" : value.Length <= 80 ? value : value[..79] + "\u2026";
}
