namespace Imputation.Files;

/// <summary>A multiple imputation run cannot be resumed: the existing files have other settings or other data.</summary>
public sealed class OtherRunException : InvalidOperationException
{
    /// <summary>A run that cannot be resumed.</summary>
    /// <param name="manifest">The manifest of the earlier run.</param>
    /// <param name="difference">The first setting that differs, with both values, such as "seed was 1 and is 2 now".</param>
    public OtherRunException(string manifest, string difference)
        : base($"'{manifest}' belongs to another run: {difference}. Use the same settings and data, or start again without resuming.")
    {
        Manifest = manifest;
        Difference = difference;
    }

    /// <summary>The manifest of the earlier run.</summary>
    public string Manifest { get; }

    /// <summary>The first setting that differs, with both values.</summary>
    public string Difference { get; }
}
