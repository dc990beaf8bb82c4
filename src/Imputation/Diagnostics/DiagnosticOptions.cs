using Imputation.Models.Registry;

namespace Imputation.Diagnostics;

/// <summary>How a table is diagnosed.</summary>
public sealed record DiagnosticOptions
{
    /// <summary>The defaults.</summary>
    public static DiagnosticOptions Default { get; } = new();

    /// <summary>How the model is fitted and to which columns. By default as the command does it: under
    /// <see cref="CovariancePrior.Auto"/>, so that there is a model to look at wherever there can be one.</summary>
    public ModelOptions Model { get; init; } = ModelRegistry.Default.DefaultOptions;

    /// <summary>How the table is completed, where a diagnostic asks for that; by default by
    /// <see cref="FillMethod.Auto"/>.</summary>
    public FillOptions Fill { get; init; } = FillOptions.Default;

    /// <summary>Maximum number of rows that an expensive diagnostic uses; it samples a larger table and reports that. At least 100;
    /// default 20,000.</summary>
    public int SampleRows { get; init; } = 20_000;

    /// <summary>Significance level of the tests, between 0 and 1; default 0.05.</summary>
    public double SignificanceLevel { get; init; } = 0.05;

    /// <summary>Throws where a value is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names the option, its value and its range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Model);
        ArgumentNullException.ThrowIfNull(Fill);
        Model.Validate();
        if (SampleRows < 100) throw new ArgumentOutOfRangeException(nameof(SampleRows), SampleRows, "A sample needs at least 100 rows.");
        if (!(SignificanceLevel > 0 && SignificanceLevel < 1))
            throw new ArgumentOutOfRangeException(nameof(SignificanceLevel), SignificanceLevel,
                "A significance level lies between 0 and 1.");
    }
}
