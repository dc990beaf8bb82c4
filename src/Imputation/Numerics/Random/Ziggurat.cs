using System.Runtime.InteropServices;
using MathNet.Numerics;

namespace Imputation.Numerics.Random;

/// <summary>The standard normal density cut into layers of equal area.</summary>
/// <remarks>Marsaglia and Tsang (2000), "The ziggurat method for generating random variables", with 256 layers and the layer's number taken
/// from other bits than the place in it (Doornik 2005).</remarks>
internal static class Ziggurat
{
    /// <summary>Number of layers.</summary>
    public const int Layers = 256;

    /// <summary>Where the tail begins, for 256 layers.</summary>
    private const double Tail = 3.6541528853610088;

    private static readonly double[] s_edges = MakeEdges();
    private static readonly double[] s_heights = [.. s_edges.Select(x => Math.Exp(-0.5 * x * x))];
    private static readonly double[] s_scales = [.. s_edges.Select(x => x / (1L << 52))];

    /// <summary>The right edge of each layer, from the lowest; and 0.</summary>
    public static ref double Edges => ref MemoryMarshal.GetArrayDataReference(s_edges);

    /// <summary>The edges over 2⁵².</summary>
    public static ref double Scales => ref MemoryMarshal.GetArrayDataReference(s_scales);

    /// <summary>What becomes of a number that fell beyond what a layer has in common with the one above.</summary>
    public static double Outside(ref RandomStream stream, double x, int layer)
    {
        while (true)
        {
            if (layer == 0)
            {
                double beyond, y;
                do
                {
                    beyond = -Math.Log(stream.Uniform()) / Tail;
                    y = -Math.Log(stream.Uniform());
                }
                while (2 * y < beyond * beyond);
                return x < 0 ? -(Tail + beyond) : Tail + beyond;
            }
            double height = s_heights[layer] + stream.Uniform() * (s_heights[layer + 1] - s_heights[layer]);
            if (height < Math.Exp(-0.5 * x * x)) return x;
            ulong bits = stream.Bits();
            layer = (int)(bits & (Layers - 1));
            x = ((long)bits >> 11) * s_scales[layer];
            if (Math.Abs(x) < s_edges[layer + 1]) return x;
        }
    }

    private static double[] MakeEdges()
    {
        double atTail = Math.Exp(-0.5 * Tail * Tail), area = Tail * atTail
            + Math.Sqrt(Math.PI / 2) * SpecialFunctions.Erfc(Tail / Math.Sqrt(2));
        var edges = new double[Layers + 1];
        edges[0] = area / atTail; // of the lowest, as if it were a box
        edges[1] = Tail;
        for (int i = 1; i < Layers - 1; i++)
            edges[i + 1] = Math.Sqrt(-2 * Math.Log(area / edges[i] + Math.Exp(-0.5 * edges[i] * edges[i])));
        return edges;
    }
}
