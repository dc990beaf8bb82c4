using Imputation.Em;

namespace Imputation.Tests.Shared;

/// <summary>One number as parameters.</summary>
internal sealed record Point(double X);

/// <summary>The mean of a unit normal sample of which some values are missing: EM's rate is exactly the missing share.</summary>
internal sealed class MissingMean(double[] observed, int missingCount, double start) : IEmModel<Point>, IEmCoordinates<Point>
{
    public double Maximum { get; } = observed.Average();

    public double Rate => (double)missingCount / (observed.Length + missingCount);

    public int StepCount;

    /// <summary>Called at each step, with the number of steps so far.</summary>
    public Action<int>? OnStep { get; init; }

    public Point Initialize(EmStart at) => new(at.Index == 0 ? start : start + new Random((int)at.Seed + at.Index).NextDouble());

    public EmStep<Point> Step(Point current, CancellationToken cancellation)
    {
        int count = Interlocked.Increment(ref StepCount);
        OnStep?.Invoke(count);
        cancellation.ThrowIfCancellationRequested();
        double objective = LogLikelihood(current);
        return new EmStep<Point>(new Point((observed.Sum() + missingCount * current.X) / (observed.Length + missingCount)), objective,
            objective);
    }

    public double LogLikelihood(Point at) => observed.Sum(y => -0.5 * (Math.Log(2 * Math.PI) + (y - at.X) * (y - at.X)));

    public double Distance(Point from, Point to) => Math.Abs(to.X - from.X);

    public int CoordinateCount => 1;

    public void Write(Point origin, Point point, Span<double> coordinates) => coordinates[0] = point.X - origin.X;

    public Point? Read(Point origin, ReadOnlySpan<double> coordinates) => double.IsFinite(coordinates[0])
        ? new Point(origin.X + coordinates[0]) : null;
}

/// <summary>The means of two unit normal components of equal weight.</summary>
internal sealed record TwoMeans(double A, double B);

/// <summary>A mixture of two normals with unknown means. Naming the components the other way round gives the same likelihood,
/// so there are two equal maxima, and where both means equal the overall mean EM stands still on a saddle between them.</summary>
internal sealed class TwoMeansMixture(double[] data, TwoMeans start) : IEmModel<TwoMeans>, IEmCoordinates<TwoMeans>
{
    public TwoMeans Initialize(EmStart at)
    {
        if (at.Index == 0) return start;
        var random = new Random(HashCode(at));
        return new TwoMeans(data[random.Next(data.Length)] + random.NextDouble(), data[random.Next(data.Length)] - random.NextDouble());

        static int HashCode(EmStart at) => (int)(at.Seed * 1_000_003 % int.MaxValue) + at.Index;
    }

    public EmStep<TwoMeans> Step(TwoMeans current, CancellationToken cancellation)
    {
        double sumA = 0, sumB = 0, weightA = 0, weightB = 0, objective = 0;
        foreach (double y in data)
        {
            double a = 0.5 * Density(y - current.A), b = 0.5 * Density(y - current.B), total = a + b;
            objective += Math.Log(total);
            weightA += a / total;
            weightB += b / total;
            sumA += a / total * y;
            sumB += b / total * y;
        }
        return new EmStep<TwoMeans>(new TwoMeans(sumA / weightA, sumB / weightB), objective, objective);
    }

    public double Distance(TwoMeans from, TwoMeans to) => Math.Max(Math.Abs(to.A - from.A), Math.Abs(to.B - from.B));

    public int CoordinateCount => 2;

    public void Write(TwoMeans origin, TwoMeans point, Span<double> coordinates) => (coordinates[0], coordinates[1]) = (point.A - origin.A,
        point.B - origin.B);

    public TwoMeans? Read(TwoMeans origin, ReadOnlySpan<double> coordinates) =>
        double.IsFinite(coordinates[0]) && double.IsFinite(coordinates[1]) ? new TwoMeans(origin.A + coordinates[0],
            origin.B + coordinates[1]) : null;

    private static double Density(double z) => Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);
}

/// <summary>The naive normal model behind the driver's contract, its M-step whole or broken.</summary>
internal sealed class NaiveNormalModel(double[,] data, bool forgetsConditionalCovariance = false) : IEmModel<NaiveParameters>
{
    public NaiveParameters Initialize(EmStart start) => NaiveNormal.Start(data);

    public EmStep<NaiveParameters> Step(NaiveParameters current, CancellationToken cancellation)
    {
        double objective = NaiveNormal.LogLikelihood(data, current);
        NaiveParameters next = NaiveNormal.EmStep(data, current);
        // the classic mistake: filled means taken for data
        if (forgetsConditionalCovariance) next = NaiveNormal.EmStep(Completed(current), current);
        return new EmStep<NaiveParameters>(next, objective, objective);
    }

    public double Distance(NaiveParameters from, NaiveParameters to) => NaiveNormal.Distance(from, to);

    private double[,] Completed(NaiveParameters at)
    {
        var completed = (double[,])data.Clone();
        for (int row = 0; row < data.GetLength(0); row++)
        {
            double[] mean = NaiveNormal.Conditional(data, row, at).Mean;
            for (int j = 0, k = 0; j < data.GetLength(1); j++)
                if (double.IsNaN(data[row, j])) completed[row, j] = mean[k++];
        }
        return completed;
    }
}

/// <summary>A model whose steps are changed before the driver sees them; its coordinates are hidden.</summary>
internal sealed class ChangedSteps<T>(IEmModel<T> model, Func<int, EmStep<T>, EmStep<T>> change) : IEmModel<T> where T : class
{
    private int _steps;

    public T Initialize(EmStart start) => model.Initialize(start);

    public EmStep<T> Step(T current, CancellationToken cancellation) => change(++_steps, model.Step(current, cancellation));

    public double Distance(T from, T to) => model.Distance(from, to);
}
