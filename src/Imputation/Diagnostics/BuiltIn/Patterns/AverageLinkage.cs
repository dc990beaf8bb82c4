
namespace Imputation.Diagnostics.BuiltIn.Patterns;

/// <summary>Agglomerative clustering by average linkage: again and again the two groups whose members are nearest on average are joined
/// (Sokal and Michener 1958).</summary>
internal static class AverageLinkage
{
    /// <summary>Joins all leaves into one tree; time grows with the cube of their number.</summary>
    /// <param name="distances">Symmetric.</param>
    /// <returns>The merges, lowest first, and the leaves in an order in which no two branches of the tree cross.</returns>
    public static (DendrogramMerge[] Merges, int[] Order) Of(double[,] distances)
    {
        int count = distances.GetLength(0);
        var between = (double[,])distances.Clone();
        int[] node = [.. Enumerable.Range(0, count)];
        List<int>?[] members = [.. Enumerable.Range(0, count).Select(i => new List<int> { i })];
        var merges = new List<DendrogramMerge>();
        double height = double.NegativeInfinity;
        for (int step = 0; step < count - 1; step++)
        {
            (int first, int second) = (-1, -1);
            for (int a = 0; a < count; a++)
            {
                if (members[a] is null) continue;
                for (int b = a + 1; b < count; b++)
                    if (members[b] is not null && (first < 0 || between[a, b] < between[first, second])) (first, second) = (a, b);
            }
            height = Math.Max(height, between[first, second]); // rounding aside it never falls
            merges.Add(new DendrogramMerge(node[first], node[second], height));
            double m = members[first]!.Count, o = members[second]!.Count;
            for (int c = 0; c < count; c++) between[first, c] = between[c, first] =
                (m * between[first, c] + o * between[second, c]) / (m + o);
            members[first]!.AddRange(members[second]!);
            members[second] = null;
            node[first] = count + step;
        }
        return ([.. merges], count == 0 ? [] : [.. members.First(m => m is not null)!]);
    }
}
