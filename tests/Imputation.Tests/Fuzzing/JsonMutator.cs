using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Imputation.Tests.Fuzzing;

/// <summary>Damage of JSON: most of it is still JSON, with values that its reader does not expect.</summary>
internal static class JsonMutator
{
    private static readonly string[] s_oddValues =
    [
        "null", "true", "\"NaN\"", "\"\"", "\"x\"", "[]", "{}", "0", "-0.0", "-1", "1e999", "-1e999", "1e308", "-1e308", "5e-324", "1e-300",
        "0.5", "2147483648", "9223372036854775808", "1e18", "[[1]]", "[null]", "{\"a\":1}", "\"\\u0000\"", "\"\\u001b[31m\"",
            "\"LONE-SURROGATE\"",
        "\"a\"", "\"b\"", "12345678901234567890123456789",
    ];

    /// <summary>The document damaged in up to three of its values, and sometimes as a text.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="document">A whole document.</param>
    /// <param name="favoured">Paths of values that are damaged as often as all others together.</param>
    /// <param name="more">Damage that only this kind of document has; null for none.</param>
    public static byte[] Damaged(Random random, byte[] document, string favoured, Action<Random, JsonNode>? more = null)
    {
        JsonNode root = JsonNode.Parse(document)!;
        for (int n = random.Next(0, 4); n > 0; n--) Mutate(random, root, favoured, more);
        string text = root.ToJsonString();
        if (random.Next(8) == 0) text = WithMemberTwice(random, text);
        if (random.Next(40) == 0) text = new string('[', random.Next(1, 5000)) + text;
        text = text.Replace("LONE-SURROGATE", "\\ud800", StringComparison.Ordinal); // which no writer of JSON would write
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(text));
        if (random.Next(3) == 0)
            for (int n = random.Next(1, 4); n > 0; n--) ByteMutator.Mutate(random, bytes);
        return [.. bytes];
    }

    private static void Mutate(Random random, JsonNode root, string favoured, Action<Random, JsonNode>? more)
    {
        JsonNode[] nodes = [.. Below(root).Where(node => node.Parent is not null)];
        if (nodes.Length == 0) return;
        JsonNode[] chosenFrom = random.Next(2) == 0 ? [.. nodes.Where(node => Regex.IsMatch(node.GetPath(), favoured))] : nodes;
        if (chosenFrom.Length == 0) chosenFrom = nodes;
        JsonNode chosen = chosenFrom[random.Next(chosenFrom.Length)];
        JsonNode odd = JsonNode.Parse(s_oddValues[random.Next(s_oddValues.Length)]) ?? JsonValue.Create("null");
        switch (random.Next(7))
        {
            case 0 or 1:
                Replace(chosen, odd);
                break;
            case 2: // swapped with, or a copy of, another value
                Replace(chosen, nodes[random.Next(nodes.Length)].DeepClone());
                break;
            case 3:
                if (chosen.Parent is JsonArray array) array.RemoveAt(chosen.GetElementIndex());
                else ((JsonObject)chosen.Parent!).Remove(chosen.GetPropertyName());
                break;
            case 4:
                if (chosen is JsonArray longer) longer.Add(longer.Count > 0 ? longer[0]?.DeepClone() : odd);
                else if (chosen is JsonObject members) members["mean"] = odd;
                else Replace(chosen, new JsonArray(chosen.DeepClone()));
                break;
            case 5: // a number times a power of ten, or turned round
                if (chosen is JsonValue value && value.TryGetValue(out double number))
                    Replace(chosen, JsonValue.Create(Finite(number * ((double[])[-1, 0, 1e-12, 1e12, 1e200, 1 + 1e-9])[random.Next(6)])));
                break;
            default:
                more?.Invoke(random, root);
                break;
        }
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : double.MaxValue;

    private static void Replace(JsonNode node, JsonNode other)
    {
        if (other.Parent is not null) other = other.DeepClone();
        if (node.Parent is JsonArray array) array[node.GetElementIndex()] = other;
        else ((JsonObject)node.Parent!)[node.GetPropertyName()] = other;
    }

    private static IEnumerable<JsonNode> Below(JsonNode node)
    {
        yield return node;
        IEnumerable<JsonNode?> children = node switch
        {
            JsonArray array => array,
            JsonObject members => members.Select(member => member.Value),
            _ => [],
        };
        foreach (JsonNode? child in children)
            if (child is not null)
                foreach (JsonNode below in Below(child)) yield return below;
    }

    private static string WithMemberTwice(Random random, string text)
    {
        MatchCollection members = Regex.Matches(text, "\"[a-zA-Z]+\":");
        if (members.Count == 0) return text;
        Match member = members[random.Next(members.Count)];
        return text.Insert(member.Index, $"{member.Value}{s_oddValues[random.Next(s_oddValues.Length)]},");
    }
}
