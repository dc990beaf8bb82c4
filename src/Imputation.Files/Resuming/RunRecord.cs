using Imputation.Files.Streams;

namespace Imputation.Files.Resuming;

/// <summary>The imputations that a run has finished, kept in a manifest while it runs.</summary>
/// <param name="manifest">The manifest's path.</param>
/// <param name="settings">The run's settings, by name.</param>
internal sealed class RunRecord(string manifest, IReadOnlyDictionary<string, string> settings)
{
    /// <summary>The manifest's path.</summary>
    public string Path => manifest;

    /// <summary>Where it is written to; null for the disk.</summary>
    public Medium? Medium { get; set; }

    /// <summary>The finished imputations.</summary>
    public List<FinishedImputation> Finished { get; } = [];

    /// <summary>Imputations that an earlier run has finished, according to the manifest; none where there is no manifest. Changes
    /// nothing.</summary>
    /// <exception cref="OtherRunException">The earlier run had other settings.</exception>
    /// <exception cref="ImputationDataException">The manifest is damaged.</exception>
    public IReadOnlyList<FinishedImputation> Earlier()
    {
        if (ImputationManifest.Read(manifest) is not { } before) return [];
        return before.Difference(settings) is { } difference ? throw new OtherRunException(manifest, difference) : before.Finished;
    }

    /// <summary>Writes the manifest.</summary>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public void Save() => new ImputationManifest(settings, Finished).Write(manifest, Medium);

    /// <summary>Removes the manifest; nothing where there is none.</summary>
    public void Delete() => File.Delete(manifest);
}
