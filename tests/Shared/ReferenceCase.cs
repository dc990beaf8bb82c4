using System.Globalization;
using System.Text.Json;
using Imputation.Patterns;

namespace Imputation.Tests.Shared;

/// <summary>An imputed cell of a reference: row counted from 1.</summary>
public sealed record ReferenceCell(int Row, string Column, double Value);

/// <summary>A data set with the answer that independent software gave; tests/References/make-references.py tells where they come
/// from.</summary>
public sealed class ReferenceCase
{
    private readonly JsonElement _json;

    private ReferenceCase(string folder, string id, string jsonPath, string imputedPath)
    {
        Id = id;
        _json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, jsonPath))).RootElement;
        (string[] all, double[,] values) = ReadCsv(Path.Combine(folder, _json.GetProperty("data").GetString()!));
        Columns = [.. _json.GetProperty("columns").EnumerateArray().Select(name => name.GetString()!)];
        Values = NaiveMatrix.Part(values, [.. Enumerable.Range(0, values.GetLength(0))],
            [.. Columns.Select(name => Array.IndexOf(all, name))]);
        imputedPath = Path.Combine(folder, imputedPath);
        Imputed = !File.Exists(imputedPath) ? [] : [.. File.ReadLines(imputedPath).Skip(1).Where(l => l.Length > 0).Select(line =>
        {
            string[] cells = line.Split(',');
            return new ReferenceCell(int.Parse(cells[0], CultureInfo.InvariantCulture), cells[1],
                double.Parse(cells[2], CultureInfo.InvariantCulture));
        })];
    }

    /// <summary>mvn/ID.json; null where the case is one of those that are not copied and no shared folder is near.</summary>
    public static ReferenceCase? Mvn(string id)
    {
        string? folder = MvnFolder(id);
        return folder is null ? null : new ReferenceCase(folder, id, $"mvn/{id}.json", $"mvn/{id}.imputed.csv");
    }

    private static string? MvnFolder(string id) =>
        new[] { Root, SharedRoot }.FirstOrDefault(folder => folder is not null && File.Exists(Path.Combine(folder, "mvn", id + ".json")));

    /// <summary>degenerate/gold/ID.json.</summary>
    public static ReferenceCase Degenerate(string id) => new(Root, id, $"degenerate/gold/{id}.json", $"degenerate/gold/{id}.imputed.csv");

    /// <summary>The folder of references beside the test assembly.</summary>
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "References");

    /// <summary>The folder shared/cases, or null.</summary>
    public static string? SharedRoot { get; } = SharedFolder.Find("cases");

    /// <summary>Cases whose data may not be copied into the repository, where the shared folder has them; otherwise none, and
    /// SharedFolderTests
    /// says so.</summary>
    public static IEnumerable<string> OnlyShared { get; } =
        [.. new[] { "oceanbuoys", "riskfactors_num" }.Where(id => MvnFolder(id) is not null)];

    public string Id { get; }

    /// <summary>The columns that the reference models: of the file's, those that vary and have something observed.</summary>
    public string[] Columns { get; }

    /// <summary>n × p, NaN where missing.</summary>
    public double[,] Values { get; }

    public IReadOnlyList<ReferenceCell> Imputed { get; }

    public Table Table => Table.FromArray(Columns, Values);

    public IncompleteMatrix Matrix => IncompleteMatrix.FromArray(Values, Columns);

    public JsonElement Json => _json;

    public double[] Mean => Doubles(_json.GetProperty("mu"));

    public double[,] Covariance => Square(_json.GetProperty("sigma"));

    public NaiveParameters Estimates => new(Mean, Covariance);

    public double LogLikelihood => _json.GetProperty("loglik").GetDouble();

    /// <summary>The EM map's largest eigenvalue at the maximum.</summary>
    public double Rate => _json.GetProperty("em_convergence_rate_exact").GetDouble();

    public int MissingCellCount => _json.GetProperty("n_missing_cells").GetInt32();

    public int PatternCount => _json.GetProperty("n_patterns").GetInt32();

    public bool IsMonotone => _json.GetProperty("monotone_after_reordering_columns").GetBoolean();

    public static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetDouble())];

    public static double[,] Square(JsonElement rows)
    {
        double[][] jagged = [.. rows.EnumerateArray().Select(Doubles)];
        var square = new double[jagged.Length, jagged.Length];
        for (int j = 0; j < jagged.Length; j++)
            for (int k = 0; k < jagged.Length; k++) square[j, k] = jagged[j][k];
        return square;
    }

    /// <summary>A comma-separated file of numbers without quotes; NA and empty are missing.</summary>
    public static (string[] Columns, double[,] Values) ReadCsv(string path)
    {
        string[][] lines = [.. File.ReadLines(path).Where(l => l.Length > 0).Select(l => l.Split(','))];
        var values = new double[lines.Length - 1, lines[0].Length];
        for (int row = 0; row < values.GetLength(0); row++)
            for (int j = 0; j < lines[0].Length; j++)
                values[row, j] = lines[row + 1][j] is "NA" or "" ? double.NaN : double.Parse(lines[row + 1][j], NumberStyles.Float,
                    CultureInfo.InvariantCulture);
        return (lines[0], values);
    }
}
