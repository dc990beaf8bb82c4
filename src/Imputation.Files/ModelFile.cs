using System.Text.Json;
using Imputation.Files.Json;
using Imputation.Files.Streams;
using Imputation.Models.Registry;

namespace Imputation.Files;

/// <summary>A complete fitted model as a JSON file: the fit that is read is bit for bit the fit that was written.</summary>
/// <remarks>Numbers that are not finite are null in the file and NaN when read. Members that a reader does not know are ignored.</remarks>
public static class ModelFile
{
    /// <summary>The file's <c>format</c>.</summary>
    public const string Format = "imputation/model";

    /// <summary>The file's <c>version</c>.</summary>
    public const int Version = 1;

    /// <summary>Writes a model and leaves the stream open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="fit">The model.</param>
    /// <param name="source">The file it was fitted to; null where it was not a file.</param>
    public static void Write(Stream stream, FittedModel fit, ModelSource? source = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(fit);
        JsonText.Document(stream, Format, Version, json => ModelWriter.WriteMembers(json, fit, source));
    }

    /// <summary>Reads a model to the end of a stream and leaves the stream open.</summary>
    /// <param name="stream">The stream to read.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <exception cref="ImputationDataException">Not a model file, of another version, or broken; the message names the member and
    /// the error.</exception>
    public static FittedModel Read(Stream stream, string name = "the model") => Read(stream, name, ModelRegistry.Default);

    /// <summary>The same with the models that may be read.</summary>
    internal static FittedModel Read(Stream stream, string name, ModelRegistry models)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        using JsonDocument document = JsonText.Parse(stream, name, default,
            invalid: "not valid JSON: this is not a model file, or it is incomplete. Models are written by impute fit, or by impute fill "
                + "--model-out.",
            mend: "Write the model again with impute fit.");
        return ModelReader.Read(document.RootElement, name, models);
    }

    /// <summary>Reads a model file.</summary>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">Not a model file, of another version, or broken.</exception>
    public static FittedModel Read(string path) => InputFile.Read(path, stream => Read(stream, path));
}
