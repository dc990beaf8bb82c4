using System.Text.Json;

namespace Imputation.Reports;

/// <summary>Writes the memory of a run.</summary>
internal static class MemoryWriter
{
    /// <summary>Writes it where it is known.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="memory">The memory; null writes nothing.</param>
    /// <param name="matrix">Bytes of the numbers by themselves, which the peak is compared with; null to leave that out.</param>
    public static void Write(Utf8JsonWriter json, RunMemory? memory, long? matrix = null)
    {
        if (memory is null) return;
        json.WriteStartObject("memory");
        json.WriteString("rows", memory.LimitBytes is null ? "in memory" : "in batches");
        if (memory.LimitBytes is { } limit) json.WriteNumber("limitBytes", limit);
        if (memory.PeakBytes is { } peak)
        {
            json.WriteNumber("peakBytes", peak);
            if (matrix is { } bytes)
            {
                json.WriteNumber("numericMatrixBytes", bytes);
                json.WriteNumber("peakPerMatrix", bytes == 0 ? 0 : Math.Round((double)peak / bytes, 3));
            }
        }
        json.WriteEndObject();
    }
}
