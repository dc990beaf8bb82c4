
namespace Imputation.Tests.Files.Parquet;

/// <summary>Files that Parquet.Net 6.1.0 does not read or write, by name, each with a part of what it says. One that comes to work fails
/// the tests until it is taken off the list.</summary>
internal static class KnownFailures
{
    private const string Runs = "run-length encoded (RLE) Booleans";

    private static readonly Dictionary<string, string> s_reading = new()
    {
        ["small_hyparquet_snappy"] = Runs,
        ["mixed_arrowrs_v2_smallpages"] = Runs,
        ["mixed_arrowrs_v2_zstd_delta"] = Runs,
        ["rle_boolean_encoding"] = Runs,
        ["byte_stream_split_extended.gzip"] = "ReadOnlyMemory", // fixed-length bytes in split streams
    };

    private static readonly Dictionary<string, string> s_writing = new()
    {
        ["int96_from_spark"] = "outside the years 1 to 9999",
        // written as bytes without a logical type, and these are read as text where they are text
        ["unknown-logical-type"] = "expected System.Byte[]",
    };

    /// <summary>Whether an engine is known not to read a file; it has to fail then, as the list says.</summary>
    public static bool OfReading(Engine engine, string path, Action<string> read) => Holds(s_reading, engine, path, read);

    /// <summary>Whether an engine is known not to write a file's table; it has to fail then, as the list says.</summary>
    public static bool OfWriting(Engine engine, string path, Action<string> write) => Holds(s_writing, engine, path, write);

    private static bool Holds(Dictionary<string, string> list, Engine engine, string path, Action<string> action)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        if (engine != Engine.ParquetNet || !list.TryGetValue(name, out string? reason)) return false;
        Exception? failure = null;
        try
        {
            action(path);
        }
        catch (Exception e) when (e is ImputationDataException or Xunit.Sdk.XunitException)
        {
            failure = e;
        }
        Assert.True(failure is not null, $"{name} is on the list of what Parquet.Net cannot do, and works now: take it off.");
        Assert.Contains(reason, failure.Message);
        return true;
    }
}
