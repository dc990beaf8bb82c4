using Imputation.Files.Formats;

namespace Imputation.Files;

/// <summary>The file to which a model was fitted.</summary>
/// <param name="File">Its name, without the folder.</param>
/// <param name="Sha256">SHA-256 of its bytes, in lower-case hexadecimal.</param>
public sealed record ModelSource(string File, string Sha256)
{
    /// <summary>The file that a table was read from, or null where it was not read from one.</summary>
    public static ModelSource? Of(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.Source is FileSource source ? new ModelSource(source.FileName, source.Sha256) : null;
    }
}
