using System.Globalization;
using System.Text.Json;

namespace Imputation.Files.Json;

/// <summary>A value in a JSON file with the path to it, so that error messages can name the place.</summary>
internal readonly struct JsonNode(JsonElement element, string path, string file)
{
    public ImputationDataException Wrong(string what) => new($"{file}: {(path.Length == 0 ? "the file" : $"'{path}'")} {what}.");

    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    public bool IsArray => element.ValueKind == JsonValueKind.Array;

    public bool IsText => element.ValueKind == JsonValueKind.String;

    public bool Truth() => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean()
        : throw Wrong($"is {Kind}, expected true or false");

    /// <summary>The members by name.</summary>
    public IReadOnlyList<(string Name, JsonNode Value)> Members()
    {
        if (element.ValueKind != JsonValueKind.Object) throw Wrong($"is {Kind}, expected an object");
        var members = new List<(string, JsonNode)>();
        foreach (JsonProperty member in element.EnumerateObject()) members.Add((member.Name, new JsonNode(member.Value, Join(member.Name),
            file)));
        return members;
    }

    /// <summary>A required member.</summary>
    public JsonNode this[string name]
    {
        get
        {
            if (element.ValueKind != JsonValueKind.Object) throw Wrong($"is {Kind}, expected an object");
            return element.TryGetProperty(name, out JsonElement member) ? new JsonNode(member, Join(name), file)
                : throw new JsonNode(default, Join(name), file).Wrong("is missing");
        }
    }

    /// <summary>A member that need not be there; null where it is not, or is null.</summary>
    public JsonNode? Find(string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member)
        && member.ValueKind != JsonValueKind.Null ? new JsonNode(member, Join(name), file) : null;

    /// <summary>Whether there is such a member, not null.</summary>
    public bool Has(string name) => Find(name) is not null;

    public IReadOnlyList<JsonNode> Items()
    {
        if (element.ValueKind != JsonValueKind.Array) throw Wrong($"is {Kind}, expected an array");
        var items = new List<JsonNode>(element.GetArrayLength());
        foreach (JsonElement item in element.EnumerateArray()) items.Add(new JsonNode(item, $"{path}[{items.Count}]", file));
        return items;
    }

    public string Text() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Wrong($"is {Kind}, expected a string");

    public string[] Texts() => [.. Items().Select(item => item.Text())];

    /// <summary>A finite number.</summary>
    public double Number() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) && double.IsFinite(value)
            ? value
            : throw Wrong($"is {Kind}, expected a finite number");

    /// <summary>A number, or NaN for null.</summary>
    public double NumberOrNaN() => IsNull ? double.NaN : Number();

    public int Count() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) && value >= 0 ? value
            : throw Wrong($"is {Kind}, expected a whole number, 0 or more");

    public long LongCount() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value) && value >= 0 ? value
            : throw Wrong($"is {Kind}, expected a whole number, 0 or more");

    public T Enum<T>() where T : struct, Enum
    {
        string text = Text();
        foreach (T value in System.Enum.GetValues<T>())
            if (JsonText.Of(value) == text) return value;
        throw Wrong($"is '{text}', expected one of {string.Join(", ", System.Enum.GetValues<T>().Select(JsonText.Of))}");
    }

    /// <summary>An array of finite numbers of the given length.</summary>
    public double[] Vector(int length)
    {
        IReadOnlyList<JsonNode> items = Items();
        if (items.Count != length) throw Wrong($"has {items.Count} numbers, expected {length}");
        return [.. items.Select(item => item.Number())];
    }

    /// <summary>A symmetric matrix of finite numbers.</summary>
    public double[,] Symmetric(int size)
    {
        IReadOnlyList<JsonNode> rows = Items();
        if (rows.Count != size) throw Wrong($"has {rows.Count} rows, expected {size}");
        var matrix = new double[size, size];
        for (int j = 0; j < size; j++)
        {
            double[] row = rows[j].Vector(size);
            for (int k = 0; k < size; k++) matrix[j, k] = row[k];
            for (int k = 0; k < j; k++)
                if (matrix[j, k] != matrix[k, j])
                    throw Wrong(string.Create(CultureInfo.InvariantCulture,
                        $"is not symmetric: row {j + 1}, column {k + 1} is {matrix[j, k]:R}, row {k + 1}, column {j + 1} is "
                        + $"{matrix[k, j]:R}"));
        }
        return matrix;
    }

    private string Kind => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String =>
            $"the string '{(element.GetString()!.Length <= 40 ? element.GetString() : element.GetString()![..40] + "...")}'",
        JsonValueKind.Null => "null",
        _ => element.GetRawText() is { Length: <= 40 } raw ? raw : element.GetRawText()[..40] + "...",
    };

    private string Join(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
