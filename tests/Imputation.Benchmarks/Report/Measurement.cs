using System.Text.Json;
using System.Text.Json.Serialization;

namespace Imputation.Benchmarks.Report;

/// <summary>What a run measured; printed as one line of JSON, by the peers' scripts too.</summary>
/// <param name="Row">Row of the table that it is for.</param>
/// <param name="Who">"imputation", or the peer.</param>
internal sealed record Measurement(string Row, string Who)
{
    /// <summary>This toolkit, in <see cref="Who"/>.</summary>
    public const string Ours = "imputation";

    /// <summary>Wall time: the median of several runs after a warm-up, or the only one.</summary>
    public double? Seconds { get; init; }

    /// <summary>Processor time of the same, of all threads together: what a busy machine changes least.</summary>
    public double? ProcessorSeconds { get; init; }

    /// <summary>Wall time of the process's first run, compilation of the code included.</summary>
    public double? FirstSeconds { get; init; }

    /// <summary>Wall time of a part of the work, named in <see cref="Part"/>.</summary>
    public double? PartSeconds { get; init; }

    public string? Part { get; init; }

    public int? Iterations { get; init; }

    public int? Evaluations { get; init; }

    /// <summary>With all constants, on the data's own scale, at the final estimates.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>Sum of the means.</summary>
    public double? MeanSum { get; init; }

    /// <summary>Sum of all elements of the covariance.</summary>
    public double? CovarianceSum { get; init; }

    /// <summary>Largest eigenvalue of the EM map at the end: the worst fraction of missing information.</summary>
    public double? Rate { get; init; }

    public int? Patterns { get; init; }

    public int? Threads { get; init; }

    public long? PeakBytes { get; init; }

    /// <summary>How it ended, where not as it should.</summary>
    public string? Trouble { get; init; }

    private static readonly JsonSerializerOptions s_json =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public void Print() => Console.WriteLine(JsonSerializer.Serialize(this, s_json));

    /// <summary>The measurements among some lines; peers say other things besides.</summary>
    public static IReadOnlyList<Measurement> Read(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.StartsWith("{\"row\":", StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize<Measurement>(line, s_json)!)];
}
