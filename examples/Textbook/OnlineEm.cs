namespace Textbook;

/// <summary>A mixture of two normal distributions on a stream: every observation is seen once (Cappé and Moulines 2009).</summary>
/// <remarks>The expected sufficient statistics s move towards those of each observation by a step n^−0.6, and the parameters are their
/// M-step. With the step 1/n the early, wrong responsibilities weigh as much as all others: from a poor start they are still seen after a
/// pass. The last value still jumps by what few observations say; the mean
/// over the second half of the pass (Polyak and Ruppert) is as precise as batch EM. There is no objective that a step could lower, so the
/// driver has no part in this.</remarks>
public sealed class OnlineEm(double exponent)
{
    private readonly double[] _weight = [0.5, 0.5], _first = [0.25, 0.5], _second = [0.625, 1];

    private double[] _mean = [0.5, 1], _variance = [1, 1]; // a poor guess

    private long _count;

    /// <summary>Weight of the first component, both means, both variances.</summary>
    public double[] Parameters => [_weight[0], .. _mean, .. _variance];

    public void Observe(double x)
    {
        double[] density = new double[2];
        for (int k = 0; k < 2; k++)
            density[k] = _weight[k] * Math.Exp(-0.5 * (x - _mean[k]) * (x - _mean[k]) / _variance[k]) / Math.Sqrt(_variance[k]);
        double step = Math.Pow(++_count + 1, -exponent);
        for (int k = 0; k < 2; k++)
        {
            double share = density[k] / density.Sum();
            _weight[k] += step * (share - _weight[k]);
            _first[k] += step * (share * x - _first[k]);
            _second[k] += step * (share * x * x - _second[k]);
        }
        if (_count < 20) return; // before that a variance could be next to nothing
        _mean = [.. Enumerable.Range(0, 2).Select(k => _first[k] / _weight[k])];
        _variance = [.. Enumerable.Range(0, 2).Select(k => _second[k] / _weight[k] - _mean[k] * _mean[k])];
    }

    /// <summary>The truth of <see cref="Stream"/>, in the order of <see cref="Parameters"/>.</summary>
    public static double[] Truth => [0.35, -1, 2, 0.64, 1.44];

    /// <summary>Observations from two normal distributions.</summary>
    public static IEnumerable<double> Stream(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            double z = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            yield return random.NextDouble() < 0.35 ? -1 + 0.8 * z : 2 + 1.2 * z;
        }
    }

    /// <summary>One pass: the mean of the parameters over its second half, and the last.</summary>
    public static (double[] Averaged, double[] Last) Pass(double exponent, int count = 20_000, int seed = 1)
    {
        var online = new OnlineEm(exponent);
        var sum = new double[5];
        int seen = 0;
        foreach (double x in Stream(count, seed))
        {
            online.Observe(x);
            if (++seen * 2 <= count) continue;
            for (int j = 0; j < 5; j++) sum[j] += online.Parameters[j];
        }
        return (Array.ConvertAll(sum, s => s / (count - count / 2)), online.Parameters);
    }

    public static void Show()
    {
        static string Text(double[] p) => string.Join("  ", p.Select(v => $"{v,7:F3}"));
        Console.WriteLine($"truth                      {Text(Truth)}   (weight, means, variances)");
        foreach (double exponent in new[] { 0.6, 1.0 })
        {
            (double[] averaged, double[] last) = Pass(exponent);
            Console.WriteLine($"step n^-{exponent:F1}, last           {Text(last)}");
            Console.WriteLine($"step n^-{exponent:F1}, second half    {Text(averaged)}");
        }
    }
}
